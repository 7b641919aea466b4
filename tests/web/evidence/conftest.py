"""Fixtures: a report whose page of files is open, and a picture that is one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

import forms
from contact.domain.access import Role
from contact.gateways.evidence.vault import Vault
from contact.settings import Settings
from tests.support.cases import Cases, Person
from tests.support.clients import Clock, Staff, StrictClient, TestAgent
from tests.support.database import MigratedDatabase
from tests.support.evidence import Files as Sender
from tests.web.citizen.journeys import begin, boxes, way_on

FORM, GENTLE = "burglary", "domestic-abuse"
QUESTION = "evidenceFiles"


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG") -> bytes:
    """A small true picture."""
    held = io.BytesIO()
    Image.new("RGB", size, "teal").save(held, kind)
    return held.getvalue()


@dataclass
class Files:
    """A place for files as a browser with a script, or without one, uses it."""

    client: StrictClient
    page: str
    base: str

    @property
    def token(self) -> str:
        """The page's form token."""
        return self.client.token(self.page)

    def headers(self, **more: str) -> dict[str, str]:
        """What the script sends along."""
        return {"Accept": "application/json", "X-CSRFToken": self.token, **more}

    def begin(self, name: str = "gate.jpg", size: int = 100, **more: Any) -> TestResponse:  # noqa: ANN401 - Werkzeug's
        """Make room for a file."""
        said = {"name": name, "size": size}
        return self.client.post(f"{self.base}/begin", json=said, headers=self.headers(), **more)

    def piece(self, url: str, data: bytes, offset: int = 0, **more: str) -> TestResponse:
        """Send a piece."""
        headers = self.headers(
            **{"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream", **more}
        )
        return self.client.patch(url, data=data, headers=headers)

    def whole(self, data: bytes, name: str = "gate.jpg") -> TestResponse:
        """A file as the script sends it: begun, then one piece."""
        return self.piece(self.begin(name, len(data)).get_json()["url"], data)

    def plain(self, data: bytes, name: str = "gate.jpg", *, token: str | None = None) -> TestResponse:
        """A file by the plain form, its token first."""
        body = form_body([("csrf_token", None, (token or self.token).encode()), ("file", name, data)])
        return self.client.post(self.base, data=body, content_type="multipart/form-data; boundary=xyz", lax=False)

    def html(self) -> str:
        """The page as it stands."""
        return self.client.get(self.page).get_data(as_text=True)


def form_body(parts: list[tuple[str, str | None, bytes]]) -> bytes:
    """A form as a browser writes it: name, file name, content."""
    out = b""
    for name, file_name, content in parts:
        told = f'form-data; name="{name}"' + (f'; filename="{file_name}"' if file_name is not None else "")
        kind = "\r\nContent-Type: application/octet-stream" if file_name is not None else ""
        out += f"--xyz\r\nContent-Disposition: {told}{kind}\r\n\r\n".encode() + content + b"\r\n"
    return out + b"--xyz--\r\n"


def fill_to_files(client: StrictClient, draft: str, form_id: str) -> str:
    """Answer page after page until the page of files; answers its address."""
    form = forms.load_all()[form_id]
    address = f"{draft}/{form.first_page().id}"
    for _ in range(60):
        if "/danger" in address:
            address = way_on(client, address)
            continue
        page = form.page(urlsplit(address).path.rsplit("/", 1)[1])
        if any(each.id == QUESTION for each in page.questions):
            return address
        sent = {"go": "on"}
        for question in page.questions:
            sent |= boxes(question)
        answer = client.send(address, sent)
        assert answer.status_code == 303, f"{page.id}: {answer.get_data(as_text=True)[-3000:]}"
        address = answer.headers["Location"]
    raise AssertionError(f"no page of files: {address}")


def open_files(client: StrictClient, form_id: str = FORM) -> Files:
    """A draft whose page of files is open."""
    draft = begin(client, form_id, "?force=northshire")
    return Files(client, fill_to_files(client, draft, form_id), f"{draft}/files/{QUESTION}")


@pytest.fixture
def files(client: StrictClient) -> Files:
    """A draft of an ordinary form, its page of files open."""
    return open_files(client)


@pytest.fixture
def stranger(app: Flask, clock: Clock) -> StrictClient:
    """Another browser."""
    made = app.test_client()
    assert isinstance(made, StrictClient)
    return made


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    """Two forces of its own, and what a test needs to begin."""
    made = Cases(database)
    yield made
    made.dispose()


@pytest.fixture
def sender(cases: Cases, settings: Settings, clock: Clock) -> Sender:
    """Sends files behind the pages, into the application's own store, and examines them as the worker does."""
    return Sender(cases, Vault.from_settings(settings), clock.now)


@dataclass(frozen=True)
class Desk:
    """An agent at work: who they are, and their browser."""

    person: Person
    client: StrictClient


@pytest.fixture
def desk(app: Flask, clock: Clock, staff: Staff, cases: Cases) -> Callable[..., Desk]:
    """Makes a signed-in agent of Northshire's like: `desk(Role.SUPERVISOR)`."""

    def make(*roles: Role, force: str | None = None, name: str = "Ana Ruiz") -> Desk:
        person = cases.agent(*roles, force=force, name=name)
        client = app.test_client()
        assert isinstance(client, StrictClient)
        staff.sign_in(client, TestAgent(person.id, "", person.name))
        return Desk(person, client)

    return make
