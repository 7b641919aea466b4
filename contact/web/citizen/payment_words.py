"""What is paid for, and why somebody cannot pay now, in plain words; never a gun (practice 27)."""

from __future__ import annotations

from collections.abc import Callable

from contact.domain.licensing.kinds import Kind, Licence
from contact.services.payments.checkout import WhyNot
from contact.web.shared.language import gettext

_LICENCES: dict[Licence, Callable[[], str]] = {
    Licence.FIREARM: lambda: gettext("Firearm certificate"),
    Licence.SHOTGUN: lambda: gettext("Shotgun certificate"),
    Licence.COTERMINOUS: lambda: gettext("Firearm and shotgun certificates"),
    Licence.AIR_WEAPON: lambda: gettext("Air weapon certificate"),
    Licence.VISITOR_FIREARM: lambda: gettext("Visitor permit"),
    Licence.VISITOR_SHOTGUN: lambda: gettext("Visitor permit"),
    Licence.VISITOR_BOTH: lambda: gettext("Visitor permit"),
    Licence.DEALER: lambda: gettext("Registration as a dealer"),
    Licence.NONE: lambda: gettext("Notice"),
}
_KINDS: dict[Kind, Callable[[], str]] = {
    Kind.GRANT: lambda: gettext("new"),
    Kind.RENEWAL: lambda: gettext("renewal"),
    Kind.VARIATION: lambda: gettext("variation"),
    Kind.REPLACEMENT: lambda: gettext("replacement"),
}
WHY_NOT: dict[WhyNot, Callable[[], str]] = {
    WhyNot.NOTHING_DUE: lambda: gettext("There is nothing to pay now."),
    WhyNot.PAID: lambda: gettext("This fee is paid."),
    WhyNot.PROCESSING: lambda: gettext("Your payment is on its way to us. Do not pay again."),
    WhyNot.QUERIED: lambda: gettext("A person is looking at your payment. Do not pay again."),
    WhyNot.NO_FIGURE: lambda: gettext("You cannot pay this fee online yet."),
    WhyNot.TRY_AGAIN: lambda: gettext("We could not open the payment page. Nothing was taken. Try again."),
}


def item(licence: Licence, kind: Kind) -> str:
    """Shotgun certificate: renewal."""
    named = _LICENCES[licence]()
    return f"{named}: {_KINDS[kind]()}" if kind in _KINDS else named


def other_way(of_force: str | None) -> str:
    """How else to pay, as the force says it; there always is another way."""
    return of_force or gettext("Call 101 and ask for firearms licensing. They tell you how to pay another way.")


def about_fee(*, granted: bool) -> list[str]:
    """When the fee is due and whose it is meanwhile; after the grant nothing is held any more (practice 28)."""
    if granted:
        return [gettext("Your application was granted, so the fee is due.")]
    return [
        gettext("The fee is due when a certificate is granted. Until then we hold it for you."),
        gettext("If we refuse your application, we pay it all back. You do not have to ask."),
    ]
