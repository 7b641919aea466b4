"""The tables, a file per aggregate. Opened only by the store's query functions."""

from contact.store.models.agent import Agent, AgentForce, Invitation, MutualAidGrant, RecoveryCode, ReplyDraft
from contact.store.models.alarm import Alarm, AlarmCall, Heartbeat
from contact.store.models.application import Application, ApplicationCertificate, LicensingSettings
from contact.store.models.certificate import (
    Certificate,
    CertificateHistory,
    CertificateNotice,
    Firearm,
    LicensingLetter,
    LicensingReview,
    RenewalCode,
)
from contact.store.models.contact import Contact, ContactAccess, ContactKey, Reporter, Submission
from contact.store.models.conversation import ContactFact, Conversation
from contact.store.models.draft import Draft, FormVersion
from contact.store.models.equality import EqualityAnswers
from contact.store.models.event import ChainHead, Event
from contact.store.models.evidence import Evidence, EvidenceSegment, UploadLink
from contact.store.models.force import Force, ForceAlarmNumber, ForceGoLive
from contact.store.models.holder_export import HolderExport
from contact.store.models.licensing_work import ApplicationCheck, ApplicationDecision, Visit, VisitDraft, VisitReport
from contact.store.models.mail import Inbox, Mail
from contact.store.models.message import Message
from contact.store.models.outsider import MedicalConcern, MedicalRequest, Referee, RefereeConcern
from contact.store.models.payment import (
    LedgerLine,
    LedgerTransaction,
    LicenceFee,
    Payment,
    PaymentException,
    ProviderEventRow,
    ReckoningRow,
    Refund,
    SettlementPart,
    SettlementRow,
)
from contact.store.models.queue import QueueEntry, Transfer
from contact.store.models.source import Source
from contact.store.models.text import OptOut, SmsNumber, Text, WebLink
from contact.store.models.triage import Crime, Decision, IncidentLog, Proposal
from contact.store.models.web import Attempt, WebSession

__all__ = [
    "Agent",
    "AgentForce",
    "Alarm",
    "AlarmCall",
    "Application",
    "ApplicationCertificate",
    "ApplicationCheck",
    "ApplicationDecision",
    "Attempt",
    "Certificate",
    "CertificateHistory",
    "CertificateNotice",
    "ChainHead",
    "Contact",
    "ContactAccess",
    "ContactFact",
    "ContactKey",
    "Conversation",
    "Crime",
    "Decision",
    "Draft",
    "EqualityAnswers",
    "Event",
    "Evidence",
    "EvidenceSegment",
    "Firearm",
    "Force",
    "ForceAlarmNumber",
    "ForceGoLive",
    "FormVersion",
    "Heartbeat",
    "HolderExport",
    "Inbox",
    "IncidentLog",
    "Invitation",
    "LedgerLine",
    "LedgerTransaction",
    "LicenceFee",
    "LicensingLetter",
    "LicensingReview",
    "LicensingSettings",
    "Mail",
    "MedicalConcern",
    "MedicalRequest",
    "Message",
    "MutualAidGrant",
    "OptOut",
    "Payment",
    "PaymentException",
    "Proposal",
    "ProviderEventRow",
    "QueueEntry",
    "ReckoningRow",
    "RecoveryCode",
    "Referee",
    "RefereeConcern",
    "Refund",
    "RenewalCode",
    "ReplyDraft",
    "Reporter",
    "SettlementPart",
    "SettlementRow",
    "SmsNumber",
    "Source",
    "Submission",
    "Text",
    "Transfer",
    "UploadLink",
    "Visit",
    "VisitDraft",
    "VisitReport",
    "WebLink",
    "WebSession",
]
