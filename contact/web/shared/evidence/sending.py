"""Bytes of a file on their way to an agent's browser: any range of them, under headers that let nothing run."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, request

from contact.services.evidence_viewing import Content

# A document opened from here by its address is a dead sheet: no script, no frame, no form, no origin of ours.
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def send_bytes(content: Content, *, as_copy: bool) -> Response:
    """The whole, or the one range that was asked for; 416 for a range that is not there.

    The line of custody is committed already. `as_copy` saves it under a neutral name; else it is shown where it stands.
    """
    start, stop, status = 0, content.size, 200
    asked = request.range
    if asked is not None and not as_copy:
        found = asked.range_for_length(content.size) if len(asked.ranges) == 1 else None
        if found is None:
            return _headed(Response(status=416, headers={"Content-Range": f"bytes */{content.size}"}), content, as_copy)
        start, stop, status = *found, 206
    answer = Response(_pieces(content, start, stop), status=status, mimetype=None, direct_passthrough=False)
    if status == 206:
        answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{content.size}"
    answer.headers["Content-Length"] = str(stop - start)
    return _headed(answer, content, as_copy)


def _pieces(content: Content, start: int, stop: int) -> Iterator[bytes]:
    if request.method == "HEAD" or stop <= start:
        return iter(())
    return content.read(start, stop - start)


def _headed(answer: Response, content: Content, as_copy: bool) -> Response:
    headers = answer.headers
    headers["Content-Type"] = content.media_type
    headers["Content-Security-Policy"] = _POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = "no-store"
    headers["Accept-Ranges"] = "none" if as_copy else "bytes"
    headers["Content-Disposition"] = f'{"attachment" if as_copy else "inline"}; filename="{content.name}"'
    return answer
