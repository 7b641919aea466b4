"""Every staff page × every role × two forces: open exactly where the role's permissions say."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from contact.domain.access import Role, permissions_of
from contact.store.identifiers import new_id
from contact.web.shared.access import Access, access_of
from tests.support.clients import Staff, StrictClient

LANDINGS = {
    "/control-room/account",
    "/control-room/admin/agents",
    "/control-room/licensing/",
    "/control-room/licensing/money",
}
"""Where somebody goes who may not see the queue."""


def staff_routes(app: Flask) -> list[tuple[str, str, Access]]:
    """(method, address, access) of every page that wants a permission, made-up ids filled in."""
    found = []
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        if access is not None and access.permission is not None:
            built = addresses.build(rule.endpoint, {name: _made_up(rule, name) for name in rule.arguments})
            found.append(("POST" if "POST" in (rule.methods or ()) else "GET", built, access))
    return found


def _made_up(rule: Rule, name: str) -> object:
    """An id of nothing, or the first of the words that alone may stand there."""
    converter = rule._converters[name]
    return sorted(converter.items)[0] if isinstance(converter, AnyConverter) else new_id()


@pytest.mark.parametrize("force", ["northshire", "southshire"])
@pytest.mark.parametrize("role", list(Role))
def test_each_page_for_each_role(app: Flask, staff: Staff, role: Role, force: str) -> None:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    staff.sign_in(client, staff.make({force: {role}}))
    token = client.token("/control-room/account")
    wrong = []
    for method, address, access in staff_routes(app):
        if address.startswith("/control-room/account/sign-out"):
            continue
        if address == "/control-room/" and access.permission not in permissions_of(role):
            assert client.get(address).location in LANDINGS
            continue
        if address == "/control-room/events":  # a stream without end; its own tests open it
            continue
        data = {"csrf_token": token, "force": force} if method == "POST" else None
        status = client.open(address, method=method, data=data, lax=True).status_code
        allowed = access.permission in permissions_of(role)
        if (status == 403 and allowed) or (status != 403 and not allowed) or status >= 500:
            wrong.append(f"{method} {address}: {status}, {'allowed' if allowed else 'not allowed'}")
    assert not wrong


def test_nobody_signed_in_opens_nothing(app: Flask, client: StrictClient) -> None:
    token = client.token("/control-room/sign-in")
    for method, address, _ in staff_routes(app):
        data = {"csrf_token": token} if method == "POST" else None
        assert client.open(address, method=method, data=data).status_code in {302, 401}, address
