"""Web sites of a force's own and of a stranger's, each at an origin of its own, that put the chat on their pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Kent</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>A force’s own page</h1><p>Its own words.</p><p><a href="/">A link of its own</a></p></main>
<script src="{address}/widget.js" data-force="{force}"{more} async></script>
<noscript><p><a href="{address}/chat?force={force}">Chat with us</a></p></noscript></body></html>"""


@dataclass(frozen=True)
class Sites:
    """`own` may show Kent's chat, `stranger` may not. A page's path is `/?address of ours|force|first words`."""

    own: str
    stranger: str

    def page(self, site: str, address: str, force: str = "kent", words: str = "") -> str:
        """The address of a page there that loads our script, with `words` for the box."""
        return f"{site}/?{address}|{force}|{quote(words)}"


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        address, force, words = (*self.path.partition("?")[2].replace("%7C", "|").split("|"), "", "")[:3]
        more = f' data-words="{escape(unquote(words))}"' if words else ""
        body = PAGE.format(address=address, force=force or "kent", more=more).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def running_sites() -> Iterator[Sites]:
    """Two sites, named `localhost` so that they are other sites than the service at 127.0.0.1."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _Site) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Sites(*(f"http://localhost:{server.server_port}" for server in servers))
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
