"""A picture made anew, in a process of its own with little memory and time; nothing it does can harm the worker.

Started by `pictures`: the file comes by standard input, JSON and the pictures leave by standard output. Imports nothing
of ours, so that it starts fast and holds no secret.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import sys
import warnings

from PIL import Image, ImageFilter, ImageOps, ImageStat

MEMORY = 1_800_000_000
SECONDS = 40
MOST_PIXELS = 220_000_000  # the largest telephone sensors; their JPEGs are decoded at a fraction of that
MOST_DECODED = 70_000_000
PREVIEW = 2048
MEASURED = 771  # sharpness is told at one size, or a large blurred picture would seem the sharper one
LAPLACIAN = (0, 1, 0, 1, -4, 1, 0, 1, 0)
ORIENTATION = 0x0112
FORMATS = {"jpeg": ["JPEG", "MPO"], "png": ["PNG"], "gif": ["GIF"], "webp": ["WEBP"], "heic": ["HEIF"]}


def limit() -> None:
    """Take memory and time away before anything is read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def upright(data: bytes, kind: str, *, most: int | None) -> tuple[Image.Image, tuple[int, int]]:
    """The first frame, upright, on white, at most `most` pixels wide or high; and how many it has as it was sent."""
    with Image.open(io.BytesIO(data), formats=FORMATS[kind]) as opened:
        sent = opened.size
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        if most is not None:
            opened.draft("RGB", (most, most))
        if opened.width * opened.height > MOST_DECODED:
            raise ValueError("too many pixels")
        opened.load()
        lies = opened.getexif().get(ORIENTATION) in (5, 6, 7, 8)
        stood = ImageOps.exif_transpose(opened)
    if most is not None:
        stood.thumbnail((most, most), Image.Resampling.LANCZOS)
    flat = Image.new("RGB", stood.size, "white")
    clear = stood.convert("RGBA") if stood.has_transparency_data else None
    flat.paste(clear or stood.convert("RGB"), mask=clear)
    return flat, (sent[1], sent[0]) if lies else sent


def jpeg(flat: Image.Image, *, quality: int) -> bytes:
    """Without any metadata."""
    made = io.BytesIO()
    flat.save(made, "JPEG", quality=quality, optimize=False)
    return made.getvalue()


def part(data: bytes, kind: str, box: list[float]) -> bytes:
    """A preview of a part alone; `box` in shares of the upright picture."""
    flat, _ = upright(data, kind, most=2 * PREVIEW)
    wide, high = flat.size
    kept = flat.crop((round(box[0] * wide), round(box[1] * high), round(box[2] * wide), round(box[3] * high)))
    kept.thumbnail((PREVIEW, PREVIEW), Image.Resampling.LANCZOS)
    return jpeg(kept, quality=85)


def measures(data: bytes, kind: str) -> bytes:
    """Size, light, spread and sharpness (the variance of a Laplacian, without the rim that has no neighbours)."""
    flat, (wide, high) = upright(data, kind, most=MEASURED)
    grey = flat.convert("L")
    light = ImageStat.Stat(grey)
    edges = grey.filter(ImageFilter.Kernel((3, 3), LAPLACIAN, scale=1, offset=128))
    rimless = edges.crop((1, 1, max(2, edges.width - 1), max(2, edges.height - 1)))
    found = {"width": wide, "height": high, "mean": light.mean[0], "spread": light.stddev[0]}
    return json.dumps(found | {"sharpness": ImageStat.Stat(rimless).var[0]}).encode()


def made_of(data: bytes, kind: str, wanted: str) -> bytes:
    """One of what is wanted: `preview`, `whole`, `measures`, or `cut:` with four shares."""
    if wanted == "measures":
        return measures(data, kind)
    if wanted.startswith("cut:"):
        return part(data, kind, [float(each) for each in wanted.split(":")[1:]])
    if wanted == "preview":
        return jpeg(upright(data, kind, most=PREVIEW)[0], quality=85)
    return jpeg(upright(data, kind, most=None)[0], quality=92)


def main() -> int:
    """`kind` and what is wanted (with commas between; see `made_of`) stand on the command line."""
    kind, wanted = sys.argv[1], sys.argv[2].split(",")
    if kind == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
        pillow_heif.options.DISABLE_SECURITY_LIMITS = False
    data = sys.stdin.buffer.read()
    limit()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    made = [made_of(data, kind, each) for each in wanted]
    head = json.dumps([len(each) for each in made]).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(head)) + head + b"".join(made))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Exception, MemoryError):
        sys.exit(3)
