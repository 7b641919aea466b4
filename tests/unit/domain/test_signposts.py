"""Every signpost leads somewhere, in both languages, and somebody answers for the list."""

from __future__ import annotations

from contact.domain import signposts


def test_every_signpost_leads_somewhere_in_both_languages() -> None:
    posts = signposts.list_all()
    assert len({post.id for post in posts}) == len(posts)
    assert posts[-1].id == "anything_else"
    for post in posts:
        assert post.number or post.url, post.id
        assert not post.url or post.url.startswith("https://")
        assert all(post.what[language] and post.words[language] for language in ("en", "cy")), post.id
        assert "/" not in post.link


def test_fraud_is_told_to_ring_the_bank_first() -> None:
    (fraud,) = [post for post in signposts.list_all() if post.id == "fraud"]
    assert "159" in fraud.words["en"]
    assert fraud.words["en"].index("159") < fraud.words["en"].index("Scotland")


def test_the_list_has_an_owner() -> None:
    (review,) = signposts.reviews()
    assert review.owner
    assert review.source
