"""Names of the work done outside a request, and the queue each waits in (engineering 13)."""

from enum import StrEnum


class Queue(StrEnum):
    """One worker pool each, so that slow work of one kind never holds up another."""

    URGENT = "urgent"
    SMS = "sms"
    BOT = "bot"
    MAIL = "mail"
    MEDIA = "media"
    CLOCK = "clock"
    MONEY = "money"


class JobName(StrEnum):
    """Each takes ids and codes only, and may run twice without being felt twice."""

    ASK_REFEREES = "ask_referees"  # contact_id
    CHATBOT_HEARTBEAT = "chatbot_heartbeat"
    CLOSE_PAYMENT_PAGE = "close_payment_page"  # payment_id
    DELIVER_MAIL = "deliver_mail"  # mail_id
    END_LEASES = "end_leases"
    ERASE_CONTACT = "erase_contact"  # contact_id, reason, decided_by_id
    EXAMINE_EVIDENCE = "examine_evidence"  # evidence_id
    EXPIRE_DRAFTS = "expire_drafts"
    EXPIRE_SESSIONS = "expire_sessions"
    FEE_WENT_BACK = "fee_went_back"  # case_id
    FETCH_TEXT_MEDIA = "fetch_text_media"  # event_id, contact_id
    FOLLOW_MONEY = "follow_money"  # payment_id
    FOLLOW_VERDICT = "follow_verdict"  # payment_id
    FORGET_TRACKER = "forget_tracker"  # contact_id
    HAND_OVER_SILENT = "hand_over_silent"
    LOOK_AT_PAYMENTS = "look_at_payments"
    MATCH_CERTIFICATES = "match_certificates"  # contact_id, application_id or none
    NOTE_BREACHES = "note_breaches"
    PREFILL_RENEWAL = "prefill_renewal"  # draft_id, certificate_id
    RECONCILE_PAYMENTS = "reconcile_payments"
    REMIND_OF_VISITS = "remind_of_visits"
    RESCUE_STALLED_JOBS = "rescue_stalled_jobs"
    SEND_REFUND = "send_refund"  # refund_id
    RUN_RENEWAL_CLOCK = "run_renewal_clock"
    SEND_RENEWAL_CODE = "send_renewal_code"  # attempt_id, certificate_id, way
    SEND_TEXT = "send_text"  # text_id
    SEND_REFEREE_CODE = "send_referee_code"  # referee_id, number
    SIGN_CHAIN_HEADS = "sign_chain_heads"
    SWEEP_EVIDENCE = "sweep_evidence"
    TAKE_BOT_TURN = "take_bot_turn"  # contact_id
    TAKE_PROVIDER_EVENT = "take_provider_event"  # provider, event_id
    TAKE_TEXT_IN = "take_text_in"  # event_id
    TAKE_TEXT_STATUS = "take_text_status"  # event_id
    TEXT_FEE_DUE = "text_fee_due"  # contact_id, message_id
    WAKE_SNOOZED = "wake_snoozed"
    WORKER_HEARTBEAT = "worker_heartbeat"

    @property
    def queue(self) -> Queue:
        """The queue this job waits in."""
        return QUEUE_OF[self]


QUEUE_OF: dict[JobName, Queue] = {
    JobName.ASK_REFEREES: Queue.MAIL,
    JobName.CHATBOT_HEARTBEAT: Queue.CLOCK,
    JobName.CLOSE_PAYMENT_PAGE: Queue.MONEY,
    JobName.DELIVER_MAIL: Queue.MAIL,
    JobName.END_LEASES: Queue.URGENT,
    JobName.ERASE_CONTACT: Queue.CLOCK,
    JobName.EXAMINE_EVIDENCE: Queue.MEDIA,
    JobName.EXPIRE_DRAFTS: Queue.CLOCK,
    JobName.EXPIRE_SESSIONS: Queue.CLOCK,
    JobName.FEE_WENT_BACK: Queue.MONEY,
    JobName.FETCH_TEXT_MEDIA: Queue.MEDIA,
    JobName.FOLLOW_MONEY: Queue.MONEY,
    JobName.FOLLOW_VERDICT: Queue.MONEY,
    JobName.FORGET_TRACKER: Queue.CLOCK,
    JobName.HAND_OVER_SILENT: Queue.URGENT,
    JobName.LOOK_AT_PAYMENTS: Queue.MONEY,
    JobName.MATCH_CERTIFICATES: Queue.URGENT,
    JobName.NOTE_BREACHES: Queue.CLOCK,
    JobName.RECONCILE_PAYMENTS: Queue.MONEY,
    JobName.PREFILL_RENEWAL: Queue.URGENT,
    JobName.REMIND_OF_VISITS: Queue.CLOCK,
    JobName.RESCUE_STALLED_JOBS: Queue.CLOCK,
    JobName.SEND_REFUND: Queue.MONEY,
    JobName.RUN_RENEWAL_CLOCK: Queue.CLOCK,
    JobName.SEND_RENEWAL_CODE: Queue.SMS,
    JobName.SEND_TEXT: Queue.SMS,
    JobName.SEND_REFEREE_CODE: Queue.SMS,
    JobName.SIGN_CHAIN_HEADS: Queue.CLOCK,
    JobName.SWEEP_EVIDENCE: Queue.CLOCK,
    JobName.TAKE_BOT_TURN: Queue.BOT,
    JobName.TAKE_PROVIDER_EVENT: Queue.MONEY,
    JobName.TAKE_TEXT_IN: Queue.URGENT,
    JobName.TAKE_TEXT_STATUS: Queue.SMS,
    JobName.TEXT_FEE_DUE: Queue.SMS,
    JobName.WAKE_SNOOZED: Queue.CLOCK,
    JobName.WORKER_HEARTBEAT: Queue.CLOCK,
}
