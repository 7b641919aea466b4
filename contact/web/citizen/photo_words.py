"""What is said to an applicant of the photo for a certificate, beside the file: what to do better, and what follows."""

from __future__ import annotations

from collections.abc import Sequence

from contact.domain.licensing.photo import Fault
from contact.web.shared.language import gettext


def photo_in_words(faults: Sequence[Fault]) -> str:
    """Each fault and its remedy; where there is none, what a machine cannot tell and a person will look at."""
    if not faults:
        return gettext("The size and the light are good. A person will look whether it shows your face.")
    told = [_fault(each) for each in faults]
    return " ".join(
        [*told, gettext("You can still send your application. It will come back if no better photo comes.")]
    )


def _fault(fault: Fault) -> str:
    return {
        Fault.NOT_A_PICTURE: gettext("This is not a photo. Remove it and add a picture."),
        Fault.TOO_SMALL: gettext("The photo is too small. Send it as the camera took it, not a small copy."),
        Fault.WRONG_SHAPE: gettext("The photo has the wrong shape. Take it upright, with your face in the middle."),
        Fault.TOO_DARK: gettext("The photo is too dark. Take it in daylight, facing the light."),
        Fault.TOO_LIGHT: gettext("The photo is too bright. Take it again with less light."),
        Fault.PLAIN: gettext("We can see nothing in the photo. Take it again."),
        Fault.NOT_SHARP: gettext("The photo is not sharp. Hold the camera still and take it again."),
    }[fault]
