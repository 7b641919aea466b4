"""The papers without which no force goes live: pages for the public, and drafts filled from settings (practice 23)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from sqlalchemy.orm import Session

from contact.domain import evidence, retention
from contact.domain.access import Actor, Permission, may
from contact.domain.clocks import LONDON
from contact.domain.errors import Forbidden
from contact.domain.go_live import NEEDED_ON_PAGES, PageFact
from contact.gateways.papers import document
from contact.gateways.papers.document import Paper, Text
from contact.services import drafts
from contact.settings import Settings
from contact.store import forces, go_live
from contact.store.forces import ForceView

PUBLIC = (Text.PRIVACY, Text.COOKIES, Text.ACCESSIBILITY)
"""What anybody may read, in both languages."""
DRAFTS = (Text.DPIA, Text.EQUALITY, Text.TRANSPARENCY, *PUBLIC)
"""What an administrator of a force prints, fills in and has approved."""
IN_BOTH_LANGUAGES = PUBLIC
_LOCALE = {"en": "en_GB", "cy": "cy"}
_ASK_US = {"en": "ask us on 101", "cy": "gofynnwch i ni ar 101"}
_COMMISSIONERS = {
    "metropolitan": ("The Commissioner of Police of the Metropolis", "Comisiynydd Heddlu’r Metropolis"),
    "city-of-london": ("The Commissioner of Police for the City of London", "Comisiynydd Heddlu Dinas Llundain"),
}


def public_page(
    session: Session,
    name: Text,
    *,
    force_id: str | None,
    settings: Settings,
    visit: Mapping[str, int],
    language: str,
) -> Paper:
    """A page for the public, as this force or, with None, as the national front says it.

    `visit` holds `idle_hours` and `session_hours`. Once the force is live no place is left open: a fact that it never
    gave is to be asked for on 101.
    """
    force = forces.get(session, force_id=force_id) if force_id else None
    return document.write(name, language=language, facts=_facts(session, force, settings, visit, language))


def draft(
    session: Session,
    name: Text,
    *,
    actor: Actor,
    force_id: str,
    settings: Settings,
    visit: Mapping[str, int],
    language: str = "en",
) -> Paper:
    """A draft, with a marked place wherever the force must say something. Raises NotFound, Forbidden."""
    force = _administered(session, actor, force_id)
    return _draft(session, name, force, settings, visit, language)


def all_drafts(
    session: Session, *, force_id: str, settings: Settings, visit: Mapping[str, int], now: dt.datetime
) -> list[tuple[Paper, dict[str, str]]]:
    """Every draft in its languages, with what it says of itself, for the command. Raises NotFound."""
    force = forces.get(session, force_id=force_id)
    made = [
        _draft(session, name, force, settings, visit, language)
        for name in DRAFTS
        for language in (("en", "cy") if name in IN_BOTH_LANGUAGES else ("en",))
    ]
    return [(each, made_from(each, force=force, settings=settings, now=now)) for each in made]


def own_facts(session: Session, *, actor: Actor, force_id: str) -> dict[PageFact, str]:
    """What the force has said of itself so far. Raises NotFound, Forbidden."""
    _administered(session, actor, force_id)
    return {PageFact(key): words for key, words in _said(session, force_id).items()}


def still_needed(said: Mapping[PageFact, str]) -> tuple[PageFact, ...]:
    """What no page is complete without."""
    return tuple(each for each in NEEDED_ON_PAGES if not said.get(each))


def made_from(paper: Paper, *, force: ForceView, settings: Settings, now: dt.datetime) -> dict[str, str]:
    """What a draft says of itself, below its title."""
    day = format_date(now.astimezone(LONDON), "d MMMM y", locale="en_GB")
    return {
        "Force": force.name,
        "State": "Draft, filled in by the program. Not approved by the force.",
        "Version of the words": f"{paper.version}, written on {_written_on(paper.name, 'en')}",
        "Read by": paper.reviewer or "nobody yet: unreviewed",
        "Made on": day,
        "Made from": f"the settings of {urlsplit(settings.public_url).netloc}, and what {force.name} has entered",
        "Places for the force to fill in": str(len(paper.gaps)),
    }


def _draft(
    session: Session, name: Text, force: ForceView, settings: Settings, visit: Mapping[str, int], language: str
) -> Paper:
    """Never as live: a place that is not filled in stays marked."""
    facts = _facts(session, force, settings, visit, language)
    return document.write(name, language=language, facts={**facts, "instead": None, "live": False})


def _administered(session: Session, actor: Actor, force_id: str) -> ForceView:
    force = forces.get(session, force_id=force_id)
    if not may(actor, Permission.ADMINISTER_FORCE, force_id):
        raise Forbidden(permission=Permission.ADMINISTER_FORCE.value, force_id=force_id)
    return force


def _said(session: Session, force_id: str | None) -> dict[str, str]:
    found = go_live.page_facts(session, force_id=force_id) if force_id else {}
    return {each.value: found.get(each.value, "") for each in PageFact}


def _facts(
    session: Session, force: ForceView | None, settings: Settings, visit: Mapping[str, int], language: str
) -> dict[str, Any]:
    live = force is not None and force.live and not settings.demo
    name = force.name_in(language) if force else ""
    reviewed = document.reviewed_on(Text.ACCESSIBILITY)
    return {
        "force": name,
        "chief": _chief(force, language) if force else "",
        "nation": force.nation if force else "",
        "live": live,
        "instead": _ASK_US[language] if live else None,
        "own": _said(session, force.id if force else None),
        "notice": go_live.privacy_notice(session, force_id=force.id) if force and live else None,
        "query": f"?force={force.id}" if force and force.id != settings.force_id else "",
        "prepared": _written_on(Text.ACCESSIBILITY, language),
        "reviewed": format_date(reviewed, "d MMMM y", locale=_LOCALE[language]) if reviewed else "",
        "years": {each.name: each.years for each in retention.groups()},
        "retention_rows": [
            (each.what, f"{each.years} years", ", ".join(each.categories).replace("_", " "))
            for each in retention.groups()
        ],
        "draft_days": drafts.KEPT_FOR.days,
        "application_draft_days": drafts.APPLICATION_KEPT_FOR.days,
        "file_megabytes": evidence.MAX_BYTES // 1_000_000,
        "file_count": evidence.MAX_FILES,
        **visit,
        **_processing(settings),
    }


def _processing(settings: Settings) -> dict[str, Any]:
    """How this installation works, from its settings; no name of an account and no secret."""
    store = urlsplit(settings.evidence_store)
    return {
        "demo": settings.demo,
        "address": settings.public_url,
        "secure": settings.secure_cookies,
        "one_force": settings.force_id is not None,
        "scanned": settings.clamd_address is not None,
        "store": f"an S3-compatible service, bucket {store.netloc}" if not settings.evidence_in_folder else "a folder",
        "in_folder": settings.evidence_in_folder,
        "mail": _mail(settings.smtp_url),
        "mail_from": settings.mail_from,
        "calls": "a stand-in, not Twilio" if settings.twilio_api_url else "Twilio",
        "tiles": urlsplit(settings.map_tiles_url).netloc if settings.map_tiles_url else "",
        "chatbot": settings.chatbot,
        "exit": urlsplit(settings.exit_url).netloc,
    }


def _mail(smtp_url: str) -> str:
    parts = urlsplit(smtp_url)
    kind = {"smtps": "over TLS", "smtp+starttls": "over STARTTLS"}.get(parts.scheme, "without encryption")
    where = "this machine" if parts.hostname in {"127.0.0.1", "::1", "localhost"} else str(parts.hostname)
    return f"an SMTP server at {where}, {kind}"


def _chief(force: ForceView, language: str) -> str:
    if force.id in _COMMISSIONERS:
        return _COMMISSIONERS[force.id][0 if language == "en" else 1]
    name = force.name_in(language)
    return f"The Chief Constable of {name}" if language == "en" else f"Prif Gwnstabl {name}"


def _written_on(name: Text, language: str) -> str:
    return format_date(document.prepared_on(name), "d MMMM y", locale=_LOCALE[language])
