"""The codes that the dialogue shares with the service: categories by precedence, grades by urgency, kinds of facts."""

from components.labels import ENTITIES

# Taxonomy, "when several fit": the first of these wins. "The most serious of the rest" follows the service's own order.
PRECEDENCE = (
    "terrorism",
    "child_protection",
    "sexual_offence",
    "domestic_abuse",
    "exploitation",
    "missing_person",
    "welfare_concern",
    "hate_crime",
    "harassment_stalking",
    "robbery",
    "assault",
    "weapons",
    "burglary",
    "road_traffic",
    "criminal_damage",
    "vehicle_crime",
    "drugs",
    "fraud_cyber",
    "theft",
    "animal_wildlife",
    "antisocial_behaviour",
    "suspicious_activity",
    "firearms_licensing",
    "case_update",
    "complaint_feedback",
    "information_request",
    "property_lost_found",
    "not_police",
    "general_enquiry",
)
CATEGORIES = frozenset(PRECEDENCE)
GRADES = ("enquiry", "standard", "priority", "emergency")
FACT_KINDS = frozenset({*ENTITIES, "safe_contact", "name"})

# No interrogation in these: one kind sentence, how to stay safe, how to be reached, then a person. The service hands
# over the same ones whatever the bot says.
SENSITIVE_CATEGORIES = frozenset(
    {
        "child_protection",
        "domestic_abuse",
        "exploitation",
        "harassment_stalking",
        "hate_crime",
        "sexual_offence",
        "welfare_concern",
    }
)
SENSITIVE_FLAGS = frozenset({"suicide_risk", "domestic_abuse", "sexual", "exploitation", "hate", "honour_based"})

# People ask here rather than report: an approved answer may be all they need.
SERVICE_CATEGORIES = frozenset(
    {
        "property_lost_found",
        "firearms_licensing",
        "case_update",
        "complaint_feedback",
        "information_request",
        "not_police",
        "general_enquiry",
    }
)

LABELS = {
    "burglary": "Burglary",
    "robbery": "Robbery",
    "theft": "Theft",
    "vehicle_crime": "Vehicle crime",
    "criminal_damage": "Criminal damage",
    "assault": "Assault",
    "domestic_abuse": "Domestic abuse",
    "sexual_offence": "Sexual offence",
    "harassment_stalking": "Harassment or stalking",
    "hate_crime": "Hate crime",
    "child_protection": "Child protection",
    "exploitation": "Exploitation",
    "terrorism": "Terrorism",
    "fraud_cyber": "Fraud or cyber crime",
    "drugs": "Drugs",
    "weapons": "Weapons",
    "suspicious_activity": "Suspicious activity",
    "road_traffic": "Road traffic",
    "antisocial_behaviour": "Antisocial behaviour",
    "missing_person": "Missing person",
    "welfare_concern": "Worry for someone's safety",
    "animal_wildlife": "Animals and wildlife",
    "property_lost_found": "Lost or found property",
    "firearms_licensing": "Firearms licensing",
    "case_update": "Update on a report",
    "complaint_feedback": "Complaint or thanks",
    "information_request": "Request for information",
    "not_police": "Not a police matter",
    "general_enquiry": "General enquiry",
}

# The online form that fits a category, offered once and never when it is urgent. Categories not here have none of
# their own, or are sensitive: there a person comes first.
FORM_OF = {
    "burglary": "burglary",
    "robbery": "robbery",
    "theft": "theft",
    "vehicle_crime": "vehicle-crime",
    "criminal_damage": "criminal-damage",
    "assault": "assault",
    "fraud_cyber": "fraud",
    "drugs": "information",
    "weapons": "weapons",
    "suspicious_activity": "suspicious-activity",
    "road_traffic": "road-traffic",
    "antisocial_behaviour": "antisocial-behaviour",
    "animal_wildlife": "animals",
    "property_lost_found": "property-lost-found",
    "case_update": "case-update",
    "complaint_feedback": "feedback",
}


def urgency(grade: str) -> int:
    """3 for an emergency down to 0 for an enquiry, and for what is no grade; only for comparing."""
    return GRADES.index(grade) if grade in GRADES else 0


def graver(one: str, other: str) -> str:
    """Answer the more urgent of two grades."""
    return one if urgency(one) >= urgency(other) else other
