"""Static files under an address that changes with their content, compressed beforehand, kept by browsers for good."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from contact.settings import Settings
from contact.web.shared.access import public

STATIC = Path(__file__).resolve().parents[2] / "static"
_WORTH_COMPRESSING = {".css", ".js", ".mjs", ".svg", ".json", ".txt", ".html"}


def init_static(app: Flask, settings: Settings) -> None:
    """Serve `/static/<digest>/…` before Flask; `url_for("static", filename=…)` builds the address.

    The digest covers the whole folder, so that files may name each other by relative address.
    """
    digest = folder_digest(STATIC)
    packed = _packed(STATIC, settings.home / "static" / digest)
    app.static_folder = str(STATIC)
    app.static_url_path = f"/static/{digest}"
    app.add_url_rule(f"/static/{digest}/<path:filename>", endpoint="static", view_func=public(_send(app)))
    # While a new version rolls out, a page of one process may be answered its styles by another.
    app.add_url_rule("/static/<digest>/<path:filename>", endpoint="static_other", view_func=public(_send_other(app)))
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        str(packed),
        prefix=f"/static/{digest}/",
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
        add_headers_function=_headers,
    )


def _send(app: Flask) -> Any:  # noqa: ANN401 - Flask's own view
    def send(filename: str) -> Any:  # noqa: ANN401 - Flask's own answer: only reached for a file that is not there
        return app.send_static_file(filename)

    return send


def _send_other(app: Flask) -> Any:  # noqa: ANN401 - Flask's own view
    def send_other(digest: str, filename: str) -> Any:  # noqa: ANN401 - Flask's own answer
        answer = app.send_static_file(filename)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    return send_other


def _headers(headers: Any, path: str, url: str) -> None:  # noqa: ANN401 - WhiteNoise has no types
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def folder_digest(folder: Path) -> str:
    """Twelve hexadecimal digits over every file's name and content."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _packed(source: Path, target: Path) -> Path:
    """A copy of the folder with .br and .gz beside each text file; made once, whoever comes first."""
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=target.parent, prefix=".making-"))
    shutil.copytree(source, making, dirs_exist_ok=True)
    for path in [path for path in making.rglob("*") if path.suffix in _WORTH_COMPRESSING]:
        content = path.read_bytes()
        path.with_name(path.name + ".br").write_bytes(brotli.compress(content, quality=11))
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
    making.chmod(0o755)
    try:
        os.rename(making, target)
    except OSError:  # another process was first
        shutil.rmtree(making, ignore_errors=True)
    return target
