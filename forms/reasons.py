"""The closed list of reasons a form may give to triage, with their words for the handler (English only: staff text)."""

from __future__ import annotations

from forms.text import T

REASONS: dict[str, T] = {
    "form_chosen": T("The person chose this form"),
    "in_danger_now": T("The person says someone is not safe now"),
    "happening_now": T("The person says it is still going on"),
    "hurt_needs_help": T("The person says someone is hurt and needs medical help"),
    "hurt_no_help_needed": T("The person says someone is hurt"),
    "force_used": T("Force was used, or there was a threat of force"),
    "weapon_seen": T("A weapon was used, shown or spoken of"),
    "firearm_access": T("The person says someone involved has a gun or can get one"),
    "suspect_still_near": T("The person says the suspect is still there or near"),
    "suspect_known": T("The person knows who did it"),
    "suspect_partner_or_family": T("The suspect is a partner, an ex-partner or family"),
    "suspect_works_for_police": T("The suspect works for the police, or may do"),
    "suspect_in_position_of_trust": T("The suspect looks after, teaches or manages others"),
    "hate_perceived": T("The person thinks it was because of who they are"),
    "under_18": T("A person under 18 is involved"),
    "needs_support": T("The person has a need that makes this harder for them"),
    "needs_interpreter": T("The person needs another language"),
    "targeted_before": T("It has happened to the person before"),
    "lives_in_fear": T("The person is afraid it will happen again soon"),
    "evidence_soon_lost": T("Evidence may soon be lost"),
    "bank_details_taken": T("Bank cards or bank details were taken"),
    "within_7_days": T("A sexual offence within the last 7 days, or at a time not known"),
    "stopped_to_be_contacted": T("The person stopped and asked someone to contact them"),
    "asks_call_within_hour": T("The person asks for a call within the hour"),
    "no_safe_contact": T("The person asks not to be contacted"),
    "victim_does_not_know": T("Someone else is reporting, and the victim may not know"),
    "on_public_transport": T("On a train, tram or station: British Transport Police"),
    "choked_or_strangled": T("Pressure was put on someone's neck, or their breathing was stopped"),
    "gun_taken": T("A gun, ammunition or explosives were taken"),
    "danger_taken": T("Medicine, poison or acid was taken"),
    "told_before": T("The police were told about this before"),
    "vehicle_may_be_found": T("A vehicle was taken in the last two days: cameras may find it"),
    "images_shared": T("Intimate pictures were taken or shared"),
    "abuse_worse": T("The person says the abuse is getting worse or more frequent"),
    "afraid_of_visa": T("The person is afraid for their visa or their right to stay"),
    "asks_what_police_know": T("The person asks what the police know about somebody"),
    "child_at_risk": T("A child may be hurt or is not safe"),
    "children_in_home": T("Children live with it or see it"),
    "control": T("Someone controls what the person does, whom they see or their money"),
    "cuckooing": T("Someone has taken over a person's home"),
    "documents_held": T("Someone keeps a person's passport or papers"),
    "drink_or_drugs": T("Someone drinks too much or takes drugs"),
    "gun_holder_worry": T("Somebody is worried about a person who has guns"),
    "gun_unsafe": T("A gun is carried about, or not locked away"),
    "harmful_images_online": T("Sexual pictures of a child, or contact online by an adult"),
    "honour_or_forced_marriage": T("Honour-based abuse, forced marriage or FGM, or a fear of it"),
    "leaving_partner": T("The person is leaving a partner, or left not long ago"),
    "may_be_taken_away": T("Somebody may soon be taken away or out of the country"),
    "must_keep_working": T("A person cannot leave their work, or is not paid for it"),
    "order_broken": T("An order of the court or a condition of bail was broken"),
    "pregnant_or_baby": T("Someone is pregnant or has a baby"),
    "sexual_harm": T("The person speaks of sexual harm"),
    "stalked": T("Someone follows, watches or keeps contacting the person"),
    "suicide_risk": T("Someone has spoken of ending their life, or feels they cannot go on"),
    "threat_to_kill": T("Someone said they would kill"),
}


def reason_text(code: str, language: str = "en") -> str:
    """The words for a reason; KeyError for one that is not on the list."""
    return REASONS[code].in_(language)
