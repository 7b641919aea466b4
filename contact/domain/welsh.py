"""Whether somebody writes Welsh, from a few words that stand in most sentences: only so that we answer in it."""

import re

_SAID = """
    ac bydd byddaf cafodd cefais cymraeg ddim ddoe diolch dwi dyma ein eisiau eich fy fyddai fel
    ffoniwch gwelais gyda heddiw heddlu heddwas helpwch helpu hwn iawn mae maen mewn mi neithiwr nghar
    nhw nid nghartref nhŷ ond oedd oes os pwy roedd rydw rydym rwy rwyf rhywbeth rhywun sydd siarad sut
    torri wedi wnaeth wrth yma ydw ydy yng yn ysgrifennu
"""
_WORDS = frozenset(_SAID.split())
"""Not one is an English word of the same spelling, or a name that stands beside another of them by chance."""
_ALONE = frozenset({"cymraeg", "heddlu", "helpwch"})
_SHARE = 0.25
_WORD = re.compile(r"[^\W\d_]+")


def is_welsh(text: str) -> bool:
    """Answer whether a text is Welsh: two such words, and a quarter of all; in a text of a word or two one will do."""
    words = [word.casefold() for word in _WORD.findall(text)]
    hits = {word for word in words if word in _WORDS}
    if len(words) <= 2:
        return bool(hits & _ALONE)
    return len(hits) >= 2 and sum(word in hits for word in words) / len(words) >= _SHARE
