"""How a job becomes known to the worker: its name, its clock, its retries, and the tools it is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from procrastinate import RetryStrategy
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

import contact.jobs
from contact.domain.jobs import JobName
from contact.gateways.mail import MailGateway
from contact.gateways.payment_provider import PaymentProvider
from contact.gateways.rasa import Chatbot, NoChatbot
from contact.gateways.twilio import Telephony
from contact.settings import Settings
from contact.store.outbox import jobs

Job = Callable[..., None]

TRIES_WITHOUT_DATABASE = 6


def _system_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Tools:
    """What jobs work with. `sessions` speak for the system; `worker` names this process in its sign of life."""

    settings: Settings
    sessions: sessionmaker[Session]
    mail: MailGateway
    worker: str
    chatbot: Chatbot = field(default_factory=NoChatbot)
    telephony: Telephony | None = None
    payments: PaymentProvider | None = None
    clock: Callable[[], dt.datetime] = _system_clock


class TryAgain(Exception):
    """The job did what it could and is to be run again later; anything else that is raised is a defect."""


_given: list[Tools] = []


def equip(given: Tools) -> None:
    """Give the jobs of this process their tools."""
    _given[:] = [given]


def tools() -> Tools:
    """The tools of this process. Raises LookupError before `equip`."""
    if not _given:
        raise LookupError("the jobs of this process were not equipped")
    return _given[0]


def job(name: JobName, *, every: str | None = None, tries: int = 1, wait_s: int = 4) -> Callable[[Job], Job]:
    """Make a function the job of that name.

    `every` is a cron line (a sixth field counts seconds): such a job waits once at most, however late the worker is.
    `tries`: how often TryAgain is heeded, after `wait_s`, its square, its cube … seconds. A database that went away
    in the middle is no defect: a job without a clock of its own then runs again too, or its mail would never leave.
    """
    most = tries if every else max(tries, TRIES_WITHOUT_DATABASE)
    retry = RetryStrategy(max_attempts=most, exponential_wait=wait_s, retry_exceptions={TryAgain}) if most > 1 else None

    def register(function: Job) -> Job:
        def run(**ids: Any) -> None:  # noqa: ANN401 - whatever JSON the job was deferred with
            ids.pop("timestamp", None)
            try:
                function(**ids)
            except (OperationalError, InterfaceError) as away:
                raise TryAgain("the database was away") from away

        # No `lock`: a killed worker's job would keep it, and the job that rescues must never wait for one.
        once = name.value if every else None
        task = jobs.task(name=name.value, queue=name.queue.value, retry=retry or False, queueing_lock=once)(run)
        if every:
            jobs.periodic(cron=every)(task)  # type: ignore[arg-type]  # `run` takes the timestamp among its ids
        return function

    return register


def load_all() -> None:
    """Import every job module, so that each is registered."""
    for module in iter_modules(contact.jobs.__path__):
        import_module(f"contact.jobs.{module.name}")
