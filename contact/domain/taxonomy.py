"""The fixed codes of triage: one category, one grade, any number of flags, with labels in plain English."""

from collections.abc import Iterable
from enum import StrEnum


class Category(StrEnum):
    """The main reason for contact; exactly one each. Order is the order of the taxonomy's own table."""

    BURGLARY = "burglary"
    ROBBERY = "robbery"
    THEFT = "theft"
    VEHICLE_CRIME = "vehicle_crime"
    CRIMINAL_DAMAGE = "criminal_damage"
    ASSAULT = "assault"
    DOMESTIC_ABUSE = "domestic_abuse"
    SEXUAL_OFFENCE = "sexual_offence"
    HARASSMENT_STALKING = "harassment_stalking"
    HATE_CRIME = "hate_crime"
    CHILD_PROTECTION = "child_protection"
    EXPLOITATION = "exploitation"
    TERRORISM = "terrorism"
    FRAUD_CYBER = "fraud_cyber"
    DRUGS = "drugs"
    WEAPONS = "weapons"
    SUSPICIOUS_ACTIVITY = "suspicious_activity"
    ROAD_TRAFFIC = "road_traffic"
    ANTISOCIAL_BEHAVIOUR = "antisocial_behaviour"
    MISSING_PERSON = "missing_person"
    WELFARE_CONCERN = "welfare_concern"
    ANIMAL_WILDLIFE = "animal_wildlife"
    PROPERTY_LOST_FOUND = "property_lost_found"
    FIREARMS_LICENSING = "firearms_licensing"
    CASE_UPDATE = "case_update"
    COMPLAINT_FEEDBACK = "complaint_feedback"
    INFORMATION_REQUEST = "information_request"
    NOT_POLICE = "not_police"
    GENERAL_ENQUIRY = "general_enquiry"

    @property
    def label(self) -> str:
        """What people see, in English."""
        return _CATEGORY_LABELS[self]


class Grade(StrEnum):
    """How soon a person answers; exactly one each."""

    EMERGENCY = "emergency"
    PRIORITY = "priority"
    STANDARD = "standard"
    ENQUIRY = "enquiry"

    @property
    def label(self) -> str:
        """What people see, in English."""
        return self.value.capitalize()

    @property
    def urgency(self) -> int:
        """3 for an emergency down to 0 for an enquiry; only for comparing."""
        return _URGENCY[self]


class FlagKind(StrEnum):
    """A warning is shown before all else; a vulnerability says who needs more care."""

    VULNERABILITY = "vulnerability"
    WARNING = "warning"


class Flag(StrEnum):
    """What else a handler must know. The machine proposes; only a person confirms."""

    CHILD = "child"
    ELDERLY = "elderly"
    DISABILITY = "disability"
    MENTAL_HEALTH = "mental_health"
    SUICIDE_RISK = "suicide_risk"
    DOMESTIC_ABUSE = "domestic_abuse"
    REPEAT_VICTIM = "repeat_victim"
    HATE = "hate"
    SEXUAL = "sexual"
    EXPLOITATION = "exploitation"
    LANGUAGE_BARRIER = "language_barrier"
    PREGNANT = "pregnant"
    HOMELESS = "homeless"
    INTOXICATED = "intoxicated"
    COMMUNICATION_NEED = "communication_need"
    ADULT_AT_RISK = "adult_at_risk"
    REPEAT_CALLER = "repeat_caller"
    HONOUR_BASED = "honour_based"
    FIREARMS_ACCESS = "firearms_access"
    WEAPON = "weapon"
    STRANGULATION = "strangulation"
    VIOLENCE_TO_STAFF = "violence_to_staff"
    POLICE_SUSPECT = "police_suspect"
    NO_SAFE_CONTACT = "no_safe_contact"
    DANGEROUS_DOG = "dangerous_dog"

    @property
    def kind(self) -> FlagKind:
        """Whether it warns about danger or tells of a vulnerability."""
        return FlagKind.WARNING if self in WARNINGS else FlagKind.VULNERABILITY

    @property
    def label(self) -> str:
        """What people see, in English."""
        return _FLAG_LABELS[self]


class Response(StrEnum):
    """What the force then does: a third field, set by a person, never by the machine."""

    DEPLOY_NOW = "deploy_now"
    DEPLOY = "deploy"
    APPOINTMENT = "appointment"
    RESOLVE_REMOTELY = "resolve_remotely"
    PASS_ON = "pass_on"  # noqa: S105 - not a password
    NO_POLICE_ACTION = "no_police_action"

    @property
    def label(self) -> str:
        """What people see, in English."""
        return _RESPONSE_LABELS[self]


class Desk(StrEnum):
    """Whose work a contact is; each desk sees its own alone (practice 29)."""

    CONTROL_ROOM = "control_room"
    LICENSING = "licensing"


class Channel(StrEnum):
    """How a contact arrived."""

    WEB = "web"
    CHAT = "chat"
    SMS = "sms"
    TELEPHONE = "telephone"
    COUNTER = "counter"
    LETTER = "letter"
    EMAIL = "email"


WARNINGS = frozenset(
    {
        Flag.FIREARMS_ACCESS,
        Flag.WEAPON,
        Flag.STRANGULATION,
        Flag.VIOLENCE_TO_STAFF,
        Flag.POLICE_SUSPECT,
        Flag.NO_SAFE_CONTACT,
        Flag.DANGEROUS_DOG,
    }
)

SERVICES = frozenset(
    {
        Category.FIREARMS_LICENSING,
        Category.CASE_UPDATE,
        Category.COMPLAINT_FEEDBACK,
        Category.INFORMATION_REQUEST,
        Category.NOT_POLICE,
        Category.GENERAL_ENQUIRY,
        Category.PROPERTY_LOST_FOUND,
    }
)
"""Requests and advice rather than matters to record: they may be graded `enquiry`."""

SENSITIVE = frozenset(
    {
        Category.CHILD_PROTECTION,
        Category.DOMESTIC_ABUSE,
        Category.EXPLOITATION,
        Category.HARASSMENT_STALKING,
        Category.HATE_CRIME,
        Category.SEXUAL_OFFENCE,
        Category.WELFARE_CONCERN,
    }
)
"""Matters whose forms are sensitive: nothing automatic after the first words, and a person at once (practice 4, 13)."""
SENSITIVE_FLAGS = frozenset(
    {
        Flag.DOMESTIC_ABUSE,
        Flag.EXPLOITATION,
        Flag.HATE,
        Flag.HONOUR_BASED,
        Flag.SEXUAL,
        Flag.SUICIDE_RISK,
    }
)
"""What makes a conversation sensitive beside its matter; the chatbot's own list is the same."""


def is_sensitive(category: Category, flags: Iterable[Flag]) -> bool:
    """Whether what was said in a conversation makes it sensitive: its matter, or what was heard beside the matter."""
    return category in SENSITIVE or not SENSITIVE_FLAGS.isdisjoint(flags)


_URGENCY = {Grade.EMERGENCY: 3, Grade.PRIORITY: 2, Grade.STANDARD: 1, Grade.ENQUIRY: 0}

# The first twelve are the taxonomy's own order; "the most serious of the rest" is ours, and a handler can change it.
_PRECEDENCE = (
    Category.TERRORISM,
    Category.CHILD_PROTECTION,
    Category.SEXUAL_OFFENCE,
    Category.DOMESTIC_ABUSE,
    Category.EXPLOITATION,
    Category.MISSING_PERSON,
    Category.WELFARE_CONCERN,
    Category.HATE_CRIME,
    Category.HARASSMENT_STALKING,
    Category.ROBBERY,
    Category.ASSAULT,
    Category.WEAPONS,
    Category.BURGLARY,
    Category.ROAD_TRAFFIC,
    Category.CRIMINAL_DAMAGE,
    Category.VEHICLE_CRIME,
    Category.DRUGS,
    Category.FRAUD_CYBER,
    Category.THEFT,
    Category.ANIMAL_WILDLIFE,
    Category.ANTISOCIAL_BEHAVIOUR,
    Category.SUSPICIOUS_ACTIVITY,
    Category.FIREARMS_LICENSING,
    Category.CASE_UPDATE,
    Category.COMPLAINT_FEEDBACK,
    Category.INFORMATION_REQUEST,
    Category.PROPERTY_LOST_FOUND,
    Category.NOT_POLICE,
    Category.GENERAL_ENQUIRY,
)


def first_category(categories: Iterable[Category], *, life_at_risk: bool = False) -> Category:
    """Answer the category that wins when several fit; `GENERAL_ENQUIRY` for none.

    Source: taxonomy, "when several fit". A welfare concern stands above hate crime only where life is at risk;
    otherwise it is one of "the rest" and comes after crimes against a person (weapons) and before property.
    """

    def place(category: Category) -> tuple[int, int]:
        if category is Category.WELFARE_CONCERN and not life_at_risk:
            return (_PRECEDENCE.index(Category.WEAPONS), 1)
        return (_PRECEDENCE.index(category), 0)

    return min(categories, key=place, default=Category.GENERAL_ENQUIRY)


def graver(*grades: Grade) -> Grade:
    """Answer the most urgent of the grades given; raises ValueError for none."""
    return max(grades, key=lambda grade: grade.urgency)


def in_order(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Warnings first, then vulnerabilities, each in the taxonomy's order and once."""
    wanted = set(flags)
    ordered = [flag for flag in Flag if flag in wanted]
    return tuple(sorted(ordered, key=lambda flag: flag.kind is not FlagKind.WARNING))


_CATEGORY_LABELS = {
    Category.BURGLARY: "Burglary",
    Category.ROBBERY: "Robbery",
    Category.THEFT: "Theft",
    Category.VEHICLE_CRIME: "Vehicle crime",
    Category.CRIMINAL_DAMAGE: "Criminal damage",
    Category.ASSAULT: "Assault",
    Category.DOMESTIC_ABUSE: "Domestic abuse",
    Category.SEXUAL_OFFENCE: "Sexual offence",
    Category.HARASSMENT_STALKING: "Harassment or stalking",
    Category.HATE_CRIME: "Hate crime",
    Category.CHILD_PROTECTION: "Child protection",
    Category.EXPLOITATION: "Exploitation",
    Category.TERRORISM: "Terrorism",
    Category.FRAUD_CYBER: "Fraud or cyber crime",
    Category.DRUGS: "Drugs",
    Category.WEAPONS: "Weapons",
    Category.SUSPICIOUS_ACTIVITY: "Suspicious activity",
    Category.ROAD_TRAFFIC: "Road traffic",
    Category.ANTISOCIAL_BEHAVIOUR: "Antisocial behaviour",
    Category.MISSING_PERSON: "Missing person",
    Category.WELFARE_CONCERN: "Worry for someone's safety",
    Category.ANIMAL_WILDLIFE: "Animals and wildlife",
    Category.PROPERTY_LOST_FOUND: "Lost or found property",
    Category.FIREARMS_LICENSING: "Firearms licensing",
    Category.CASE_UPDATE: "Update on a report",
    Category.COMPLAINT_FEEDBACK: "Complaint or thanks",
    Category.INFORMATION_REQUEST: "Request for information",
    Category.NOT_POLICE: "Not a police matter",
    Category.GENERAL_ENQUIRY: "General enquiry",
}

_FLAG_LABELS = {
    Flag.CHILD: "Child",
    Flag.ELDERLY: "Older person",
    Flag.DISABILITY: "Disability",
    Flag.MENTAL_HEALTH: "Mental health",
    Flag.SUICIDE_RISK: "Risk of suicide",
    Flag.DOMESTIC_ABUSE: "Domestic abuse",
    Flag.REPEAT_VICTIM: "Repeat victim",
    Flag.HATE: "Hate",
    Flag.SEXUAL: "Sexual",
    Flag.EXPLOITATION: "Exploitation",
    Flag.LANGUAGE_BARRIER: "Language barrier",
    Flag.PREGNANT: "Pregnant",
    Flag.HOMELESS: "Homeless",
    Flag.INTOXICATED: "Drunk or on drugs",
    Flag.COMMUNICATION_NEED: "Communication need",
    Flag.ADULT_AT_RISK: "Adult at risk",
    Flag.REPEAT_CALLER: "Repeat caller",
    Flag.HONOUR_BASED: "Honour-based abuse",
    Flag.FIREARMS_ACCESS: "Access to guns",
    Flag.WEAPON: "Weapon",
    Flag.STRANGULATION: "Strangulation",
    Flag.VIOLENCE_TO_STAFF: "Violence to staff",
    Flag.POLICE_SUSPECT: "Suspect works for the police",
    Flag.NO_SAFE_CONTACT: "No safe way to make contact",
    Flag.DANGEROUS_DOG: "Dangerous dog",
}

_RESPONSE_LABELS = {
    Response.DEPLOY_NOW: "Send officers now",
    Response.DEPLOY: "Send officers",
    Response.APPOINTMENT: "Make an appointment",
    Response.RESOLVE_REMOTELY: "Resolve by phone or online",
    Response.PASS_ON: "Pass on to another body",
    Response.NO_POLICE_ACTION: "No police action",
}
