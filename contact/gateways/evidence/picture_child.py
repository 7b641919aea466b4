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

from PIL import Image, ImageOps

MEMORY = 1_800_000_000
SECONDS = 40
MOST_PIXELS = 220_000_000  # the largest telephone sensors; their JPEGs are decoded at a fraction of that
MOST_DECODED = 70_000_000
PREVIEW = 2048
FORMATS = {"jpeg": ["JPEG", "MPO"], "png": ["PNG"], "gif": ["GIF"], "webp": ["WEBP"], "heic": ["HEIF"]}


def limit() -> None:
    """Take memory and time away before anything is read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def picture(data: bytes, kind: str, *, most: int | None) -> bytes:
    """A JPEG of the first frame, upright, on white, at most `most` pixels wide or high, without any metadata."""
    with Image.open(io.BytesIO(data), formats=FORMATS[kind]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        if most is not None:
            opened.draft("RGB", (most, most))
        if opened.width * opened.height > MOST_DECODED:
            raise ValueError("too many pixels")
        opened.load()
        upright = ImageOps.exif_transpose(opened)
    if most is not None:
        upright.thumbnail((most, most), Image.Resampling.LANCZOS)
    flat = Image.new("RGB", upright.size, "white")
    clear = upright.convert("RGBA") if upright.has_transparency_data else None
    flat.paste(clear or upright.convert("RGB"), mask=clear)
    made = io.BytesIO()
    flat.save(made, "JPEG", quality=85 if most else 92, optimize=False)
    return made.getvalue()


def main() -> int:
    """`kind` and what is wanted (`preview`, `whole`, or both with a comma) stand on the command line."""
    kind, wanted = sys.argv[1], sys.argv[2].split(",")
    if kind == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
        pillow_heif.options.DISABLE_SECURITY_LIMITS = False
    data = sys.stdin.buffer.read()
    limit()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    made = [picture(data, kind, most=PREVIEW if each == "preview" else None) for each in wanted]
    head = json.dumps([len(each) for each in made]).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(head)) + head + b"".join(made))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Exception, MemoryError):
        sys.exit(3)
