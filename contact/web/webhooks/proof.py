"""A request that Twilio signed: proven over the public address and every field just as it came (scenario 5)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from flask import current_app, request

from contact.domain.access import Actor, ActorKind
from contact.domain.errors import Forbidden
from contact.gateways.twilio import signed_by_twilio
from contact.settings import Settings
from contact.web.shared.clean_request import clean
from contact.web.shared.request_actor import speak_for

_MOST_FIELDS = 1_000


def proven() -> dict[str, str]:
    """The fields of a request that Twilio signed, clean, from here on speaking for a webhook. Raises Forbidden.

    Signed is what was sent: the form is read as it came, before anything that no database could carry is taken out.
    """
    settings: Settings = current_app.config["CONTACT_SETTINGS"]
    query = request.query_string.decode("ascii", "replace")
    fields = _as_sent()
    genuine = signed_by_twilio(
        auth_token=settings.twilio_auth_token,
        public_url=settings.public_url,
        path_and_query=request.path + (f"?{query}" if query else ""),
        fields=fields,
        signature=request.headers.get("X-Twilio-Signature", ""),
    )
    if not genuine or _claims_another_host(settings.public_url):
        raise Forbidden(permission="twilio_signature")
    speak_for(Actor(kind=ActorKind.WEBHOOK))
    return {clean(name): clean(values[0]) for name, values in fields.items()}


def _claims_another_host(public_url: str) -> bool:
    """Whether somebody on the way says that the request went to another host than ours: then nobody sent it here."""
    ours = urlsplit(public_url)
    known = {ours.netloc.lower(), (ours.hostname or "").lower()}
    claimed = [each.strip().lower() for each in ",".join(request.headers.getlist("X-Forwarded-Host")).split(",")]
    return any(each and each not in known for each in claimed)


def _as_sent() -> Mapping[str, list[str]]:
    try:
        sent = parse_qsl(
            request.get_data(cache=True).decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise Forbidden(permission="twilio_signature") from None
    fields: dict[str, list[str]] = {}
    for name, value in sent:
        fields.setdefault(name, []).append(value)
    return fields
