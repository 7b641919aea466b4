"""Mail: one SMTP client, and messages that give nothing away and start no loops."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_RULES
from email.utils import format_datetime, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from contact.gateways.deadline import OutOfTime, within
from contact.gateways.failures import MayHaveHappened, OutsideFailure, Refused, TryLater
from contact.gateways.wording import Letter

SOCKET_LIMIT_S = 5.0
TOTAL_LIMIT_S = 15.0


class MailGateway(Protocol):
    """What the service asks of a mail server."""

    def send(self, message: EmailMessage) -> None:
        """Hand over one message. Raises TryLater, MayHaveHappened or Refused."""


def compose(
    words: Letter, *, mail_id: UUID, sender: str, recipient: str, now: datetime, paper: bytes | None = None
) -> EmailMessage:
    """A message whose identifier is our mail's, so that a second sending is recognised as the same (RFC 5322).

    `Auto-Submitted` (RFC 3834) keeps answering machines, ours among them, from answering it. `paper`: a PDF, attached
    under the name that every copy has. Raises ValueError for addresses that are none.
    """
    name, address = parseaddr(sender)
    if "@" not in address or "@" not in recipient or any(sign in recipient for sign in "\r\n,;<> "):
        raise ValueError("not a mail address")
    message = EmailMessage(policy=SMTP_RULES)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = words.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail_id}@{address.rsplit('@', 1)[1]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(words.text)  # drops every Content-… header set before it
    message["Content-Language"] = words.language
    if paper is not None:
        message.add_attachment(paper, maintype="application", subtype="pdf", filename="copy.pdf")
    return message


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """The real client. `url` is smtp://, smtp+starttls:// or smtps://, with user and password where needed."""

    url: str
    total_limit_s: float = TOTAL_LIMIT_S

    def send(self, message: EmailMessage) -> None:
        """Hand over one message within the time limit."""
        try:
            within(self.total_limit_s, "mail", lambda: self._deliver(message))
        except OutOfTime:
            raise MayHaveHappened("mail", "out-of-time") from None

    def _deliver(self, message: EmailMessage) -> None:
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise _failure(error, TryLater) from None
        try:
            server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise _failure(error, MayHaveHappened) from None
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, implicit = parts.hostname or "localhost", parts.scheme == "smtps"
        trust = ssl.create_default_context()
        server: smtplib.SMTP
        if implicit:
            server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SOCKET_LIMIT_S, context=trust)
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=SOCKET_LIMIT_S)
            server.ehlo_or_helo_if_needed()
            if parts.scheme == "smtp+starttls" or server.has_extn("starttls"):
                server.starttls(context=trust)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


def _failure(error: Exception, unclear: type[OutsideFailure]) -> OutsideFailure:
    """4xx may be tried again, 5xx never; without a code it is as unclear as the moment it happened in."""
    code = _code_of(error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Refused("mail", "not-supported")
    if code is None or code < 400:
        return unclear("mail", type(error).__name__.lower())
    return TryLater("mail", str(code)) if code < 500 else Refused("mail", str(code))


def _code_of(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=None)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
