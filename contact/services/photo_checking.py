"""The photo for a certificate is measured and cut by the worker: a part of the examination of its file."""

from __future__ import annotations

import json
from dataclasses import dataclass

from contact.domain.evidence import Kind
from contact.domain.licensing.photo import Fault, Measures, can_be_cut, cut_of, faults_of
from contact.gateways.evidence import pictures


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with it, and the picture an officer is shown: cut to 35 by 45 where its shape allows."""

    faults: tuple[Fault, ...]
    shown: bytes


def check(data: bytes, kind: Kind) -> Checked:
    """Measure it in a process of its own, then cut it in another. Raises pictures.NoPicture."""
    whole, measured = pictures.made_anew(data, kind, wanted=(pictures.PREVIEW, pictures.MEASURES))
    found = Measures(**json.loads(measured))
    if not can_be_cut(found.width, found.height):
        return Checked(faults_of(found), whole)
    cut = cut_of(found.width, found.height)
    box = (cut.left / found.width, cut.top / found.height, cut.right / found.width, cut.bottom / found.height)
    (shown,) = pictures.made_anew(data, kind, wanted=(pictures.cut_to(box),))
    return Checked(faults_of(found), shown)
