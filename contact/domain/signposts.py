"""Where to go with what cannot be reported here yet: other bodies and numbers, as data with an owner (practice 7)."""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from contact.domain.screen import DataReview


@dataclass(frozen=True)
class Signpost:
    """One matter and its door. `what` and `words` by language; `url` and `number` may be empty, never both."""

    id: str
    what: dict[str, str]
    words: dict[str, str]
    url: str
    number: str

    @property
    def link(self) -> str:
        """The address as people read it."""
        return self.url.removeprefix("https://").removeprefix("www.")


def list_all() -> tuple[Signpost, ...]:
    """Every signpost, in the order they are shown; the last is for anything else."""
    return _loaded()[0]


def reviews() -> tuple[DataReview, ...]:
    """Answer who has reviewed them, for `contact screen check` and go-live (engineering 35)."""
    return (_loaded()[1],)


@lru_cache(maxsize=1)
def _loaded() -> tuple[tuple[Signpost, ...], DataReview]:
    data = json.loads(files("contact.domain").joinpath("data/signposts.json").read_text("utf-8"))
    posts = tuple(
        Signpost(each["id"], each["what"], each["words"], each.get("url", ""), each.get("number", ""))
        for each in data["signposts"]
    )
    return posts, DataReview("signposts", data["source"], data["owner"], data["reviewer"], data["reviewed_on"])
