"""The worker process: every queue with its own number of jobs at once, one thread for each, signed off at shutdown."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

import procrastinate
from sqlalchemy.exc import DBAPIError

from contact.domain.access import SYSTEM
from contact.domain.jobs import Queue
from contact.gateways.mail import SmtpMail
from contact.gateways.rasa import NoChatbot, RasaClient
from contact.gateways.stripe import StripeProvider
from contact.gateways.twilio import TwilioClient
from contact.jobs.registry import Tools, equip, load_all
from contact.jobs.sign_chain_heads import sign_chain_heads
from contact.settings import Settings
from contact.store.engine import make_engine, make_sessions
from contact.store.outbox import jobs

log = logging.getLogger("contact.worker")

CONCURRENCY = {
    Queue.URGENT: 4,
    Queue.SMS: 4,
    Queue.BOT: 8,
    Queue.MAIL: 4,
    Queue.MEDIA: 2,
    Queue.CLOCK: 2,
    Queue.MONEY: 3,
}
"""Queues do not wait for each other: twelve hung bot turns held a text for 5.5 s when they did (engineering 13)."""
_HEARTBEAT_S = 5.0
_STALLED_S = 20.0
_SHUTDOWN_S = 8.0


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; then finish what is in hand, for eight seconds at most, and sign the chains."""
    engine = make_engine(settings.database_worker_url, pool_size=8)
    equip(
        Tools(
            settings=settings,
            sessions=make_sessions(engine, SYSTEM),
            mail=SmtpMail(settings.smtp_url),
            chatbot=RasaClient(settings.rasa_url) if settings.chatbot and settings.rasa_url else NoChatbot(),
            telephony=TwilioClient.from_settings(settings),
            payments=StripeProvider.from_settings(settings),
            worker=f"worker-{socket.gethostname()}-{os.getpid()}",
        )
    )
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # three lines a job otherwise
    load_all()
    try:
        asyncio.run(_work(settings.database_worker_url))
    finally:
        try:
            sign_chain_heads()
        except (DBAPIError, OSError):
            log.exception("the chains could not be signed at shutdown")
        engine.dispose()


async def _work(database_worker_url: str) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(sum(CONCURRENCY.values()), thread_name_prefix="job"))
    connector = procrastinate.PsycopgConnector(
        conninfo=database_worker_url,
        min_size=len(CONCURRENCY) + 1,
        max_size=len(CONCURRENCY) + 4,
        # Taking a job up and finishing it waits for no disk: what a crash forgets of that runs again, as any job may.
        kwargs={"options": "-c synchronous_commit=off"},
    )
    with jobs.replace_connector(connector):
        async with jobs.open_async():
            workers = [
                asyncio.create_task(
                    jobs.run_worker_async(
                        queues=[queue.value],
                        name=f"worker-{queue.value}",
                        concurrency=concurrency,
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=_SHUTDOWN_S,
                        delete_jobs="successful",
                        update_heartbeat_interval=_HEARTBEAT_S,
                        stalled_worker_timeout=_STALLED_S,
                        fetch_job_polling_interval=5.0,
                    )
                )
                for queue, concurrency in CONCURRENCY.items()
            ]
            for stop in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(stop, lambda: [worker.cancel() for worker in workers])
            log.info("working on %s", ", ".join(queue.value for queue in CONCURRENCY))
            _done, pending = await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
            for worker in pending:
                worker.cancel()
            for failure in await asyncio.gather(*workers, return_exceptions=True):
                if isinstance(failure, Exception):
                    raise failure
