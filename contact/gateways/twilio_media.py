"""Files that came with a text: fetched with our credentials, from Twilio's hosts alone, and up to a limit."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import requests

from contact.gateways.deadline import OutOfTime, within
from contact.gateways.failures import Refused, TryLater
from contact.settings import Settings

MOST_BYTES = 20_000_000
"""Four times what Twilio lets through, and little enough to hold in memory."""
CONNECT_LIMIT_S, TOTAL_LIMIT_S = 3.0, 30.0
_MOST_STEPS = 4
_CHUNK = 65_536
_HOME = ".twilio.com"
"""Who gets our credentials."""
_SHELVES = (".twilio.com", ".twiliocdn.com")
"""Where Twilio keeps what it was sent, and sends us on to; a link elsewhere is not followed."""
_PLAIN = re.compile(r"https://([a-z0-9.-]+)(?::443)?(?:[/?][!-\[\]-~]*)?")


class MediaLine:
    """`api_url`: the stand-in's address, which then is the only one that is called."""

    def __init__(self, *, account_sid: str, auth_token: str, api_url: str | None) -> None:
        self._account = (account_sid, auth_token)
        self._only = urlsplit(api_url) if api_url else None

    @classmethod
    def from_settings(cls, settings: Settings) -> MediaLine:
        """The account of the settings, at Twilio or at the demonstration's stand-in."""
        return cls(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token,
            api_url=settings.twilio_api_url,
        )

    def fetch(self, url: str) -> bytes:
        """The file at an address of Twilio's. Raises Refused (`media-host`, `media-size`, an HTTP status), TryLater."""
        return _within(lambda: self._follow(url))

    def _follow(self, url: str) -> bytes:
        for _ in range(_MOST_STEPS):
            if not self._may_call(url):
                raise Refused("twilio", "media-host")
            with requests.get(
                url,
                auth=self._account if self._gets_credentials(url) else None,
                allow_redirects=False,
                stream=True,
                timeout=(CONNECT_LIMIT_S, TOTAL_LIMIT_S),
            ) as answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                if answer.status_code == 429 or answer.status_code >= 500 or answer.status_code == 404:
                    raise TryLater("twilio", f"media-{answer.status_code}")  # 404: it may not be on its shelf yet
                if answer.status_code != 200:
                    raise Refused("twilio", f"media-{answer.status_code}")
                return _read(answer)
        raise Refused("twilio", "media-steps")

    def _may_call(self, url: str) -> bool:
        if self._only is not None:
            return url.startswith(f"{self._only.scheme}://{self._only.netloc}/") and "\\" not in url
        return _host(url).endswith(_SHELVES)

    def _gets_credentials(self, url: str) -> bool:
        return self._only is not None or _host(url).endswith(_HOME)


def _host(url: str) -> str:
    """The host of a plain https address, empty for any other.

    Two readers of an address may differ about a name before the host or a backslash (`https://elsewhere\\@ours/`), and
    the one that calls is not the one that checks: such an address is none.
    """
    found = _PLAIN.fullmatch(url)
    return found[1] if found else ""


def _read(answer: requests.Response) -> bytes:
    whole = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        whole += chunk
        if len(whole) > MOST_BYTES:
            raise Refused("twilio", "media-size")
    return bytes(whole)


def _within(call: Callable[[], bytes]) -> bytes:
    try:
        return within(TOTAL_LIMIT_S, "twilio-media", call)
    except OutOfTime:
        raise TryLater("twilio", "media-out-of-time") from None
    except requests.RequestException as error:
        raise TryLater("twilio", type(error).__name__.lower()) from None
