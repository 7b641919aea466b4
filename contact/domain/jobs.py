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


class JobName(StrEnum):
    """Each takes ids and codes only, and may run twice without being felt twice."""

    DELIVER_MAIL = "deliver_mail"  # mail_id
    END_LEASES = "end_leases"
    ERASE_CONTACT = "erase_contact"  # contact_id, reason, decided_by_id
    EXAMINE_EVIDENCE = "examine_evidence"  # evidence_id
    EXPIRE_DRAFTS = "expire_drafts"
    EXPIRE_SESSIONS = "expire_sessions"
    NOTE_BREACHES = "note_breaches"
    RESCUE_STALLED_JOBS = "rescue_stalled_jobs"
    SIGN_CHAIN_HEADS = "sign_chain_heads"
    SWEEP_EVIDENCE = "sweep_evidence"
    WAKE_SNOOZED = "wake_snoozed"
    WORKER_HEARTBEAT = "worker_heartbeat"

    @property
    def queue(self) -> Queue:
        """The queue this job waits in."""
        return QUEUE_OF[self]


QUEUE_OF: dict[JobName, Queue] = {
    JobName.DELIVER_MAIL: Queue.MAIL,
    JobName.END_LEASES: Queue.URGENT,
    JobName.ERASE_CONTACT: Queue.CLOCK,
    JobName.EXAMINE_EVIDENCE: Queue.MEDIA,
    JobName.EXPIRE_DRAFTS: Queue.CLOCK,
    JobName.EXPIRE_SESSIONS: Queue.CLOCK,
    JobName.NOTE_BREACHES: Queue.CLOCK,
    JobName.RESCUE_STALLED_JOBS: Queue.CLOCK,
    JobName.SIGN_CHAIN_HEADS: Queue.CLOCK,
    JobName.SWEEP_EVIDENCE: Queue.CLOCK,
    JobName.WAKE_SNOOZED: Queue.CLOCK,
    JobName.WORKER_HEARTBEAT: Queue.CLOCK,
}
