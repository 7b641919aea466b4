"""How a link for photos may reach the person: by the channel they write in, or only as they called safe."""

import pytest

from contact.store.contacts import Contact
from contact.web.shared.evidence.listing import how_to_ask

CASES = [
    ("chat", {"how": "online"}, "it appears in the chat"),
    ("sms", {"how": "text"}, "it leaves with it, as a text"),
    ("web", {"how": "online"}, "the person asked that nothing is sent"),
    ("web", {"how": "text"}, "It is not texted"),
    ("chat", {"how": "none"}, "asked not to be contacted"),
    ("sms", {"how": "none"}, "asked not to be contacted"),
]


@pytest.mark.parametrize(("channel", "safe", "words"), CASES)
def test_a_link_goes_as_the_reply_does_or_as_the_person_called_safe(
    channel: str, safe: dict[str, str], words: str
) -> None:
    assert words in how_to_ask(Contact(channel=channel, sensitive=False, safe_contact=safe))


def test_a_sensitive_matter_gives_the_link_in_the_reply_alone() -> None:
    assert "only in your reply" in how_to_ask(Contact(channel="chat", sensitive=True, safe_contact={"how": "online"}))
