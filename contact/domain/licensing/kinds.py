"""What is applied for, under which law, and when a force collects the fee: the fixed codes of firearms licensing."""

from enum import StrEnum


class Kind(StrEnum):
    """What an application asks for."""

    GRANT = "grant"
    RENEWAL = "renewal"
    VARIATION = "variation"
    REPLACEMENT = "replacement"
    CHANGE = "change"  # of name or address
    VISITOR_PERMIT = "visitor_permit"
    TRANSFER_NOTICE = "transfer_notice"  # a gun sold, given or disposed of
    SURRENDER = "surrender"
    DEALER = "dealer"


class Licence(StrEnum):
    """What is licensed. COTERMINOUS is a firearm and a shotgun certificate with one expiry."""

    FIREARM = "firearm"
    SHOTGUN = "shotgun"
    COTERMINOUS = "coterminous"
    AIR_WEAPON = "air_weapon"  # Scotland alone
    VISITOR_FIREARM = "visitor_firearm"
    VISITOR_SHOTGUN = "visitor_shotgun"
    VISITOR_BOTH = "visitor_both"
    DEALER = "dealer"
    NONE = "none"  # a notice about guns, which licenses nothing


class Nation(StrEnum):
    """Whose firearms law holds; the codes of `forces.nation`. Whether a force is Welsh stands in `forces.welsh`."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class CollectAt(StrEnum):
    """When a force asks for the fee, which in law falls due on grant (practice 28)."""

    SUBMISSION = "submission"
    REQUEST = "request"
    DECISION = "decision"


class PaymentStanding(StrEnum):
    """How an application stands with its fee; money taken before the grant is owed back until then."""

    NOT_DUE = "not_due"
    DUE = "due"
    PAID = "paid"
    OWED_BACK = "owed_back"
    REFUNDED = "refunded"
