"""Every event that may be written down, with its exact fields: ids, codes, counts and times, never words."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from contact.domain.errors import UndeclaredEvent
from contact.domain.event_names import Event

__all__ = ["FIELDS", "READ_EVENTS", "VERSION", "Event", "Kind", "checked"]

VERSION = 1
"""The serialisation version that each event names (engineering 3); raise it when a field's meaning changes."""


class Kind(StrEnum):
    """What a field of an event may hold. There is no kind for free text, on purpose (practice 16)."""

    ID = "id"  # a UUID, or an integer key of our own
    CODE = "code"  # one word from a fixed list: a-z 0-9 _ . : -
    CODES = "codes"  # a list of such words
    NUMBER = "number"
    YES_NO = "yes_no"
    TIME = "time"  # UTC
    DIGEST = "digest"  # hexadecimal


_ID, _CODE, _CODES, _NUMBER, _YES_NO, _TIME, _DIGEST = Kind
_ENTRY = {"entry_id": _ID}
_MAIL = {"mail_id": _ID, "template": _CODE, "attempts": _NUMBER}
_CALL = {"alarm_id": _ID, "alarm_call_id": _ID, "kind": _CODE, "position": _NUMBER}
_FILE = {"evidence_id": _ID, "kind": _CODE, "size": _NUMBER}
_TEXT = {"text_id": _ID, "attempts": _NUMBER}
_PAYMENT = {"payment_id": _ID, "pence": _NUMBER}
_REVIEW = {"review_id": _ID, "certificate_id": _ID, "application_id": _ID}
_GRADED = {"category": _CODE, "grade": _CODE}

FIELDS: dict[Event, dict[str, Kind]] = {
    Event.ACCESS_GRANTED: {"to_agent_id": _ID, "reason": _CODE},
    Event.ACCESS_STOPPED: {},
    Event.ACCESS_WORDS_SHOWN: {},
    Event.ACCOUNT_LOCKED: {"locked_agent_id": _ID, "until": _TIME, "attempts": _NUMBER},
    Event.ACCOUNT_UNLOCKED: {"unlocked_agent_id": _ID},
    Event.AGENT_CREATED: {"new_agent_id": _ID, "roles": _CODES},
    Event.AGENT_DISABLED: {"subject_agent_id": _ID, "reason": _CODE},
    Event.AGENT_ENABLED: {"subject_agent_id": _ID, "reason": _CODE},
    Event.ALARM_ACCEPTED: {"alarm_id": _ID, "alarm_call_id": _ID, "by": _CODE, "after_seconds": _NUMBER},
    Event.ALARM_CALL_ANSWERED: _CALL,
    Event.ALARM_CALL_FAILED: {**_CALL, "error": _CODE},
    Event.ALARM_CALL_PLACED: _CALL,
    Event.ALARM_CLEARED: {"alarm_id": _ID, "reason": _CODE},
    Event.ALARM_RAISED: {"alarm_id": _ID, "kind": _CODE},
    Event.ANSWERED: {**_ENTRY, "late": _YES_NO},
    Event.APPLICANT_TOLD: {"message_id": _ID, "how": _CODE},
    Event.APPLICATION_BEGUN: {"kind": _CODE, "licence": _CODE, "in_time": _YES_NO},
    Event.APPLICATION_DECIDED: {"decision_id": _ID, "outcome": _CODE},
    Event.APPLICATION_ENTERED: {"received_at": _TIME},
    Event.APPLICATION_MOVED: {"event": _CODE, "was": _CODE, "state": _CODE},
    Event.APPLICATION_RECOMMENDED: {"decision_id": _ID, "outcome": _CODE},
    Event.APPLICATION_RETURNED: {"missing": _CODES},
    Event.APPLICATION_SENT_BACK: {"decision_id": _ID},
    Event.APPLICATION_TAKEN: {"from_agent_id": _ID},
    Event.BOOKS_EXPORTED: {"since": _TIME, "until": _TIME, "lines": _NUMBER},
    Event.BOT_ASKED_BACK: {},
    Event.BOT_TURN: {"message_id": _ID, "outcome": _CODE, "took_ms": _NUMBER, "version": _CODE},
    Event.CERTIFICATE_GRANTED: {"certificate_id": _ID, "kind": _CODE, "renewed": _YES_NO},
    Event.CERTIFICATE_LINKED: {"certificate_id": _ID, "by_hand": _YES_NO},
    Event.CERTIFICATE_MOVED: {"certificate_id": _ID, "move": _CODE, "was": _CODE, "state": _CODE},
    Event.CERTIFICATE_NOTICE_MADE: {"certificate_id": _ID, "kind": _CODE},
    Event.CERTIFICATE_OPENED: {"certificate_id": _ID, "justification": _CODE},
    Event.CERTIFICATE_UNLINKED: {"certificate_id": _ID, "by_hand": _YES_NO},
    Event.CERTIFICATES_IMPORTED: {"added": _NUMBER, "changed": _NUMBER, "guns": _NUMBER, "flagged": _NUMBER},
    Event.CERTIFICATES_SEARCHED: {"results": _NUMBER},
    Event.CHECK_RECORDED: {"check": _CODE, "was": _CODE, "state": _CODE},
    Event.CLAIMED: {**_ENTRY, "how": _CODE, "lease_kind": _CODE, "lease_ends_at": _TIME, **_GRADED},
    Event.CLAIM_REFUSED: {"why": _CODE, "holder_id": _ID},
    Event.CLOCK_BREACHED: {**_ENTRY, "clock": _CODE, "due_at": _TIME},
    Event.CLOCKS_SET: {**_ENTRY, "look_by": _TIME, "answer_by": _TIME, "policy": _CODE, "reasons": _CODES},
    Event.CLOSED: {**_ENTRY, "reason": _CODE, "incident_log_id": _ID},
    Event.CODE_CHECKED: {"kind": _CODE},
    Event.CODE_REFUSED: {"kind": _CODE, "tries": _NUMBER, "closed_until": _TIME},
    Event.CONTACT_RECEIVED: {
        "channel": _CODE,
        "form_id": _CODE,
        "sensitive": _YES_NO,
        "restricted": _YES_NO,
        "anonymous": _YES_NO,
        "language": _CODE,
        "safe_contact": _CODE,
        "located_by": _CODE,
        **_GRADED,
    },
    Event.CONVERSATION_BEGUN: {"channel": _CODE, "bot": _YES_NO},
    Event.CORRECTIONS_EXPORTED: {"examples": _NUMBER, "since": _TIME},
    Event.CRIME_NOT_RECORDED: {"crime_id": _ID, "reason": _CODE},
    Event.CRIME_RECORDED: {"crime_id": _ID, "recorded_at": _TIME, "late": _YES_NO},
    Event.DECIDED: {"decision_id": _ID, "response": _CODE, "agrees": _YES_NO, "regraded": _YES_NO, **_GRADED},
    Event.DECISION_REFUSED: {"why": _CODE},
    Event.DISTRESS_BREAK: {"until": _TIME},
    Event.DRAFT_DELETED: {"draft_id": _ID, "reason": _CODE},
    Event.DRAFT_RESUMED: {"draft_id": _ID, "form_id": _CODE},
    Event.DRAFT_STARTED: {"draft_id": _ID, "form_id": _CODE, "form_sha256": _DIGEST},
    Event.ERASED: {"reason": _CODE, "retention_group": _CODE, "decided_by_id": _ID, "rows": _NUMBER},
    Event.EVIDENCE_ATTACHED: {**_FILE, "state": _CODE, "scan": _CODE, "original": _CODE, "received_at": _TIME},
    Event.EVIDENCE_EXAMINED: {
        **_FILE,
        "state": _CODE,
        "scan": _CODE,
        "refused": _CODE,
        "also": _CODE,
        "digest": _DIGEST,
    },
    Event.EVIDENCE_LEFT_BEHIND: {"evidence_id": _ID, "state": _CODE, "refused": _CODE},
    Event.EVIDENCE_MARKED: {"evidence_id": _ID, "mark": _CODE, "reason": _CODE},
    Event.EVIDENCE_OPENED: {
        "evidence_id": _ID,
        "what": _CODE,
        "justification": _CODE,
        "copied": _YES_NO,
        "sealed": _YES_NO,
        "scan": _CODE,
    },
    Event.EVIDENCE_RECEIVED: _FILE,
    Event.EVIDENCE_REMOVED: {"evidence_id": _ID, "reason": _CODE},
    Event.EVIDENCE_STRIPPED: {**_FILE, "digest": _DIGEST},
    Event.FEE_ASKED: {"pence": _NUMBER},
    Event.FEE_EARNED: _PAYMENT,
    Event.FEE_PAID_OTHERWISE: {"how": _CODE, "pence": _NUMBER},
    Event.FIREARM_MOVED: {
        "certificate_id": _ID,
        "firearm_id": _ID,
        "move": _CODE,
        "was": _CODE,
        "state": _CODE,
        "custody": _CODE,
    },
    Event.GMC_CHECKED: {"request_id": _ID, "standing": _CODE},
    Event.GO_LIVE_APPROVED: {},
    Event.GO_LIVE_CHANGED: {"live": _YES_NO, "missing": _CODES},
    Event.GO_LIVE_PREPARED: {"what": _CODE},
    Event.HANDED_OVER: {"why": _CODE, "by": _CODE},
    Event.HELD_FROM_DISPOSAL: {"held": _YES_NO, "reason": _CODE},
    Event.HOLDERS_EXPORTED: {"export_id": _ID, "what": _CODE, "certificates": _NUMBER, "left_out": _NUMBER},
    Event.HOLDERS_EXPORT_ASKED: {"export_id": _ID, "what": _CODE},
    Event.HOLDERS_EXPORT_DECIDED: {"export_id": _ID, "state": _CODE},
    Event.HOURS_CHANGED: {"from_at": _TIME, "policy": _CODE},
    Event.INCIDENT_LOGGED: {"incident_log_id": _ID, "logged_at": _TIME},
    Event.INVITED: {"invitation_id": _ID, "invited_agent_id": _ID, "kind": _CODE, "expires_at": _TIME},
    Event.KEPT: {**_ENTRY, "lease_ends_at": _TIME, "taken_back": _YES_NO},
    Event.LEASE_ENDED: {**_ENTRY, "holder_id": _ID, "lease_kind": _CODE, "lease_ended_at": _TIME, "grade": _CODE},
    Event.LETTER_ADDRESSED: {"letter_id": _ID},
    Event.LETTER_MOVED: {"letter_id": _ID, "state": _CODE, "way": _CODE},
    Event.LETTER_OPENED: {"letter_id": _ID, "kind": _CODE, "justification": _CODE},
    Event.LETTER_WRITTEN: {"letter_id": _ID, "kind": _CODE, "way": _CODE, "certificate_id": _ID},
    Event.LICENCE_FEE_SET: {
        "fee_id": _ID,
        "deed": _CODE,
        "licence": _CODE,
        "kind": _CODE,
        "pence": _NUMBER,
    },
    Event.LICENSING_REVIEW_DECIDED: _REVIEW | {"decision": _CODE, "late": _YES_NO},
    Event.LICENSING_REVIEW_OPENED: _REVIEW | {"matched_by": _CODES, "due_at": _TIME},
    Event.LICENSING_SETTINGS_CHANGED: {"what": _CODES},
    Event.LOOKED: {**_ENTRY, "late": _YES_NO},
    Event.MAIL_FAILED: {**_MAIL, "error": _CODE, "final": _YES_NO},
    Event.MAIL_SENT: _MAIL,
    Event.MESSAGE_READ: {"message_id": _ID, "by": _CODE},
    Event.MESSAGE_RECEIVED: {"message_id": _ID, "channel": _CODE, "reopened": _YES_NO},
    Event.MUTUAL_AID_ENDED: {"grant_id": _ID, "to_agent_id": _ID, "reason": _CODE},
    Event.MUTUAL_AID_GRANTED: {"grant_id": _ID, "to_agent_id": _ID, "starts_at": _TIME, "ends_at": _TIME},
    Event.NOTE_ADDED: {"message_id": _ID},
    Event.OPENED: {"kind": _CODE, "justification": _CODE, "restricted": _YES_NO},
    Event.OPENING_REFUSED: {"kind": _CODE, "why": _CODE, "asked_id": _ID},
    Event.OPTED_IN: {},
    Event.OPTED_OUT: {"by": _CODE},
    Event.PASSWORD_SET: {"subject_agent_id": _ID, "how": _CODE},
    Event.PAYMENT_BEGUN: _PAYMENT,
    Event.PAYMENT_CASE_OPENED: {**_PAYMENT, "kind": _CODE},
    Event.PAYMENT_CASE_SETTLED: {**_PAYMENT, "kind": _CODE, "done": _CODE},
    Event.PAYMENT_DISPUTED: {**_PAYMENT, "state": _CODE},
    Event.PAYMENT_MOVED: {"payment_id": _ID, "event": _CODE, "was": _CODE, "state": _CODE},
    Event.PRACTICE_ANSWERED: {"request_id": _ID, "given": _CODE},
    Event.PRACTICE_ASKED: {"request_id": _ID, "expires_at": _TIME},
    Event.PRACTICE_CONCERNED: {"request_id": _ID, "advise_999": _YES_NO},
    Event.PROPOSED: {
        "proposal_id": _ID,
        "version": _CODE,
        "advise_999": _YES_NO,
        "flags": _CODES,
        "reasons": _CODES,
        "confidence": _NUMBER,
        **_GRADED,
    },
    Event.RECOVERY_CODES_MADE: {"subject_agent_id": _ID, "count": _NUMBER},
    Event.RECOVERY_CODE_USED: {"subject_agent_id": _ID, "left": _NUMBER},
    Event.REFEREE_ANSWERED: {"referee_id": _ID, "state": _CODE},
    Event.REFEREE_ASKED: {"referee_id": _ID, "expires_at": _TIME},
    Event.REFEREE_CODE_MADE: {"referee_id": _ID},
    Event.REFEREE_CODE_TRIED: {"referee_id": _ID, "right": _YES_NO},
    Event.REFEREE_CONCERNED: {"referee_id": _ID, "advise_999": _YES_NO},
    Event.REFEREE_SPOKEN_TO: {"referee_id": _ID},
    Event.REFUND_ASKED: {**_PAYMENT, "refund_id": _ID, "reason": _CODE, "state": _CODE},
    Event.REFUND_MOVED: {"payment_id": _ID, "refund_id": _ID, "event": _CODE, "was": _CODE, "state": _CODE},
    Event.RELEASED: {**_ENTRY, "reason": _CODE, "incident_log_id": _ID},
    Event.REOPENED: {**_ENTRY, "by": _CODE, "message_id": _ID},
    Event.REPLIED: {"message_id": _ID, "channel": _CODE, "first": _YES_NO},
    Event.RESET_SENT: {"invitation_id": _ID, "subject_agent_id": _ID, "expires_at": _TIME},
    Event.RESTRICTED: {"restricted": _YES_NO, "reason": _CODE},
    Event.ROLES_CHANGED: {"subject_agent_id": _ID, "added": _CODES, "removed": _CODES},
    Event.SCREENED: {"message_id": _ID, "advise_999": _YES_NO, "reasons": _CODES, "version": _CODE, "grade": _CODE},
    Event.SEARCHED: {"by": _CODES, "results": _NUMBER},
    Event.SEARCH_RESULT_OPENED: {"by": _CODES, "restricted": _YES_NO},
    Event.SECOND_FACTOR_SET: {"subject_agent_id": _ID, "kind": _CODE},
    Event.SIGNED_IN: {"second_factor": _CODE, "roles": _CODES},
    Event.SIGNED_OUT: {"how": _CODE},
    Event.SIGNED_OUT_EVERYWHERE: {"subject_agent_id": _ID, "sessions": _NUMBER},
    Event.SIGNPOST_SHOWN: {"signpost_id": _CODE},
    Event.SIGN_IN_FAILED: {"subject_agent_id": _ID, "why": _CODE, "attempts": _NUMBER},
    Event.SNOOZED: {**_ENTRY, "until": _TIME, "reason": _CODE, "incident_log_id": _ID},
    Event.STEPPED_UP: {"for": _CODE},
    Event.SUBMITTED: {"submission_id": _ID, "draft_id": _ID, "form_id": _CODE, "form_sha256": _DIGEST},
    Event.TEXT_FAILED: {**_TEXT, "error": _CODE, "final": _YES_NO},
    Event.TEXT_MOVED: {**_TEXT, "state": _CODE},
    Event.TEXT_SENT: {**_TEXT, "may_be_duplicate": _YES_NO},
    Event.TEXT_WRITTEN: {
        "text_id": _ID,
        "message_id": _ID,
        "state": _CODE,
        "segments": _NUMBER,
        "urgent": _YES_NO,
        "not_before": _TIME,
    },
    Event.TRANSFER_ACCEPTED: {"transfer_id": _ID, "from_force_id": _CODE, "to_force_id": _CODE},
    Event.TRANSFER_ASKED: {"transfer_id": _ID, "from_force_id": _CODE, "to_force_id": _CODE, "reason": _CODE},
    Event.TRANSFER_REFUSED: {"transfer_id": _ID, "from_force_id": _CODE, "to_force_id": _CODE, "reason": _CODE},
    Event.UPLOAD_LINK_MADE: {"upload_link_id": _ID, "expires_at": _TIME},
    Event.UPLOAD_LINK_OPENED: {"upload_link_id": _ID},
    Event.VISIT_MOVED: {"visit_id": _ID, "state": _CODE, "slots": _NUMBER, "starts_at": _TIME},
    Event.WEB_LINK_OPENED: {"web_link_id": _ID},
    Event.WEB_LINK_SENT: {"web_link_id": _ID, "expires_at": _TIME},
    Event.WITHDRAWAL_ASKED: {"message_id": _ID},
    Event.WOKEN: {**_ENTRY, "by": _CODE},
}

READ_EVENTS = frozenset(
    {
        Event.BOOKS_EXPORTED,
        Event.CERTIFICATES_SEARCHED,
        Event.CERTIFICATE_OPENED,
        Event.LETTER_OPENED,
        Event.OPENED,
        Event.OPENING_REFUSED,
        Event.SEARCHED,
        Event.SEARCH_RESULT_OPENED,
        Event.MESSAGE_READ,
        Event.EVIDENCE_OPENED,
        Event.HOLDERS_EXPORTED,
    }
)
"""Committed before the answer, also when the request is refused (engineering 24)."""

_CODE_SHAPE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}\Z")
_DIGEST_SHAPE = re.compile(r"[0-9a-f]{16,128}\Z")


def checked(event: Event, data: Mapping[str, object]) -> dict[str, Any]:
    """Answer `data` ready for JSON with exactly the event's fields, absent ones as None.

    Raises UndeclaredEvent for a field the table does not have or a value of another kind, such as words with spaces.
    """
    fields = FIELDS[event]
    strange = sorted(set(data) - set(fields))
    if strange:
        raise UndeclaredEvent(name=event.value, fields=tuple(strange))
    answer: dict[str, Any] = {}
    wrong = []
    for name, kind in fields.items():
        try:
            answer[name] = _as_json(data.get(name), kind)
        except ValueError:
            wrong.append(name)
    if wrong:
        raise UndeclaredEvent(name=event.value, fields=tuple(wrong))
    return answer


def _as_json(value: object, kind: Kind) -> object:
    if isinstance(value, Enum):
        value = value.value
    if value is None:
        return None
    return _READERS[kind](value)


def _id(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return str(value if isinstance(value, UUID) else UUID(str(value)))


def _code(value: object) -> str:
    if isinstance(value, Enum):
        value = value.value
    if not isinstance(value, str) or not _CODE_SHAPE.match(value):
        raise ValueError
    return value


def _codes(value: object) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ValueError
    return [_code(one) for one in value]


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError
    return value


def _yes_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _time(value: object) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(value: object) -> str:
    text = value.hex() if isinstance(value, bytes) else value
    if not isinstance(text, str) or not _DIGEST_SHAPE.match(text):
        raise ValueError
    return text


_READERS = {
    Kind.ID: _id,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.TIME: _time,
    Kind.DIGEST: _digest,
}
