"""Fixtures: `database`, `fresh_database`, `web_session`, `worker_session`; a server starts only when asked for."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

from contact.domain.access import SYSTEM
from contact.store.engine import make_engine, make_sessions
from tests.support.database import HOME_VARIABLE, Cluster, MigratedDatabase, new_home, running_cluster
from tests.support.rasa_standin import RasaStandIn, rasa_stand_in


def pytest_configure(config: pytest.Config) -> None:
    """The whole run, pytest-xdist's workers included, shares one home for its server.

    How long an example takes says how busy the machine is, so that Hypothesis measures none. The collector comes more
    seldom than Python's seven hundred new objects would have it: a page that is parsed makes many times as many.
    """
    gc.set_threshold(20_000, 20, 20)
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")
    if not hasattr(config, "workerinput"):
        os.environ[HOME_VARIABLE] = str(new_home())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(HOME_VARIABLE, ""), ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The run's server; use `database` unless the test needs databases of its own."""
    with running_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def database(cluster: Cluster) -> Iterator[MigratedDatabase]:
    """A migrated database, shared by the tests of one process: commit only rows with new ids."""
    with cluster.clone() as made:
        yield made


@pytest.fixture
def fresh_database(cluster: Cluster) -> Iterator[MigratedDatabase]:
    """A migrated database for one test alone."""
    with cluster.clone("fresh") as made:
        yield made


@pytest.fixture
def rasa() -> Iterator[RasaStandIn]:
    """A Rasa of the test's own."""
    with rasa_stand_in() as made:
        yield made


@pytest.fixture
def web_session(database: MigratedDatabase) -> Iterator[Session]:
    """A session as contact_web with no actor yet (`act_as` gives one); what the test leaves open is rolled back."""
    engine = make_engine(database.web_url)
    with make_sessions(engine)() as session:
        yield session
        session.rollback()
    engine.dispose()


@pytest.fixture
def worker_session(database: MigratedDatabase) -> Iterator[Session]:
    """A session as contact_worker, speaking for the system; what the test leaves open is rolled back."""
    engine = make_engine(database.worker_url)
    with make_sessions(engine, SYSTEM)() as session:
        yield session
        session.rollback()
    engine.dispose()
