"""What the payment provider tells: proven over the bytes as they came, kept once, answered at once; a job does it.

A word that was signed long ago, over other bytes, or by nobody is refused, and the provider tells it again.
"""

from __future__ import annotations

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from contact.domain.access import WEBHOOK
from contact.domain.errors import Forbidden
from contact.gateways.payment_provider import SignatureWrong
from contact.services.payments import provider_words
from contact.web.shared import clock, database
from contact.web.shared.access import webhook
from contact.web.shared.payments import payment_provider
from contact.web.shared.request_actor import speak_for
from contact.web.webhooks.blueprint import room


@room.post("/stripe")
@webhook
def stripe_told() -> ResponseReturnValue:
    """Keep one event; told again, it is neither kept nor worked on again."""
    provider = payment_provider(current_app)
    if provider is None:
        raise Forbidden(permission="stripe_signature")
    now = clock.utcnow()
    try:
        event = provider.verify_webhook(
            request.get_data(cache=True), request.headers.get("Stripe-Signature", ""), now=now
        )
    except SignatureWrong:
        raise Forbidden(permission="stripe_signature") from None
    speak_for(WEBHOOK)
    provider_words.keep(database.session()(), event, provider=provider.name, now=now)
    return Response(status=204, mimetype="text/plain")
