"""The words of the money pages, by code."""

from __future__ import annotations

from contact.domain.ledger import Entry
from contact.domain.payments import DisputeState, ExceptionKind, PaymentState, RefundReason, RefundState, WhyNoRefund
from contact.services.payments.cases import Done
from contact.services.payments.verdicts import Verdict

STATES = {
    PaymentState.CREATED: "Being opened",
    PaymentState.OPEN: "Waiting for the payer",
    PaymentState.PROCESSING: "On its way",
    PaymentState.PAID: "Paid",
    PaymentState.QUERIED: "Another sum than was asked for",
    PaymentState.RETURNED: "Another sum came, and goes back",
    PaymentState.FAILED: "Did not go through",
    PaymentState.EXPIRED: "Never paid",
    PaymentState.CANCELLED: "Called off",
}
DISPUTES = {
    DisputeState.NONE: "",
    DisputeState.OPEN: "The payer's bank wants it back",
    DisputeState.WON: "Dispute decided for us",
    DisputeState.LOST: "Dispute decided for the payer",
}
REFUNDS = {
    RefundState.ASKED: "Waits for a second person",
    RefundState.APPROVED: "About to be sent",
    RefundState.SENT: "On its way",
    RefundState.SETTLED: "Paid back",
    RefundState.FAILED: "Failed: the money is still here",
    RefundState.DECLINED: "Declined",
}
REASONS = {
    RefundReason.REFUSED: "The application was refused",
    RefundReason.WITHDRAWN: "The application was withdrawn",
    RefundReason.DUPLICATE: "Paid twice",
    RefundReason.OVERCHARGED: "Too much was asked for",
    RefundReason.GRANT_TO_RENEWAL: "A grant was paid for, and it is a renewal",
    RefundReason.OTHER: "Another reason",
}
NO_REFUND = {
    WhyNoRefund.NOT_PAID: "Nothing was paid that could go back",
    WhyNoRefund.NOTHING: "Enter how much goes back, in pounds, like 79 or 24.50",
    WhyNoRefund.TOO_MUCH: "That is more than is left. At most {left} can go back",
    WhyNoRefund.DISPUTED: "The payer's bank is taking it back already: it would be paid back twice",
}
CASES = {
    ExceptionKind.AMOUNT_DIFFERS: "Another sum came than was asked for",
    ExceptionKind.UNMATCHED: "Money, or a word about it, for a payment that we do not know",
    ExceptionKind.PAID_TWICE: "Paid twice",
    ExceptionKind.REFUND_FAILED: "A refund failed, and the money is still here",
    ExceptionKind.REFUND_UNKNOWN: "Money went back that nobody here asked to send",
    ExceptionKind.DISPUTE: "The payer's bank wants it back",
    ExceptionKind.NOT_AT_PROVIDER: "Our books say paid, the payment company's do not",
    ExceptionKind.PAYOUT_DIFFERS: "A payout is not the sum of what it should hold",
    ExceptionKind.LEDGER_DIFFERS: "The books of a payment do not say what the payment does",
    ExceptionKind.OTHER_WAY_BACK: "A fee paid another way is to be paid back by hand",
}
DONE = {
    Done.EXPLAINED: "Looked into: the books are right",
    Done.PAID_BACK: "Paid back",
    Done.CORRECTED_AT_PROVIDER: "Put right with the payment company",
    Done.WRITTEN_OFF: "Written off",
    Done.ACCEPTED: "Taken as the fee",
    Done.SENT_BACK: "Sent back",
    Done.ATTACHED: "Put to another application",
}
_DONE_ABOUT_UNASKED = {
    Done.PAID_BACK: "It was the payer's: a refund like any other",
    Done.CORRECTED_AT_PROVIDER: "The payment company has put it back",
    Done.WRITTEN_OFF: "It should not have left: written off, and the fee stays paid",
}


def done_about(kind: ExceptionKind, done: Done) -> str:
    """What was done about a case, in the words of its kind."""
    special = _DONE_ABOUT_UNASKED if kind is ExceptionKind.REFUND_UNKNOWN else {}
    return special.get(done, DONE[done])


ENTRIES = {
    Entry.MONEY_IN: "Paid; held for the applicant until the grant",
    Entry.MONEY_QUERIED: "Another sum came; nobody knows yet for what",
    Entry.QUERY_PLACED: "A person said whose it is",
    Entry.SECOND_BACK: "Paid on a second page, and sent back to the payer",
    Entry.EARNED: "Granted: the fee is the force's",
    Entry.REFUND_SENT: "Sent back",
    Entry.REFUND_SENT_EARNED: "Sent back, of a fee that was the force's",
    Entry.REFUND_SETTLED: "Reached the payer",
    Entry.REFUND_FAILED: "Did not reach the payer",
    Entry.REFUND_FAILED_EARNED: "Did not reach the payer",
    Entry.REFUND_RETURNED: "Came back from the payer's bank",
    Entry.REFUND_UNKNOWN: "Went back, and nobody here asked for it",
    Entry.UNKNOWN_PLACED: "It was the payer's",
    Entry.UNKNOWN_PLACED_EARNED: "It was the payer's, of a fee that was the force's",
    Entry.UNKNOWN_LOST: "It should not have left: a loss",
    Entry.UNKNOWN_RETURNED: "The payment company put it back",
    Entry.DISPUTE_OPENED: "Taken by the payer's bank for now",
    Entry.DISPUTE_WON: "Given back by the payer's bank",
    Entry.DISPUTE_LOST: "Kept by the payer's bank: a loss",
    Entry.DISPUTE_LOST_HELD: "Kept by the payer's bank: the payer has it back",
    Entry.PAID_OUT: "Paid out to the force's bank",
    Entry.TAKEN_BACK: "Taken from the force's bank: more went back than came in",
    Entry.CHARGED: "Kept by the payment company",
}

VERDICTS = {
    Verdict.ACCEPT: "Take it as the fee. What is above the fee goes back",
    Verdict.REFUND: "Send all of it back. The fee stays due",
    Verdict.ATTACH: "It is the fee of another application",
    Verdict.BY_HAND: "It was paid back on the payment company's own pages",
}
