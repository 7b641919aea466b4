"""A certificate and a gun move by their tables and in no other way (practice 29)."""

from __future__ import annotations

import itertools

import pytest

from contact.domain.errors import MoveNotAllowed
from contact.domain.licensing import certificate_states as certificates
from contact.domain.licensing import gun_states as guns
from contact.domain.licensing.certificate_states import IN_FORCE, CertificateEvent, CertificateState
from contact.domain.licensing.gun_states import NEEDS_CUSTODY, GunEvent, GunState

CERTIFICATE = """
                    extend        permit              expire  renew vary          reissue             revoke  part_revoke  restore surrender   death     cancel    transfer
live                extended_s28B temporary_permit_s7 expired live  live          live                revoked part_revoked -       surrendered cancelled cancelled transferred
extended_s28B       -             temporary_permit_s7 expired live  extended_s28B extended_s28B       revoked part_revoked -       surrendered cancelled cancelled transferred
temporary_permit_s7 -             temporary_permit_s7 expired live  -             temporary_permit_s7 revoked -            -       surrendered cancelled cancelled transferred
expired             extended_s28B temporary_permit_s7 -       live  -             -                   -       -            -       -           -         -         -
revoked             -             -                   -       -     -             -                   -       -            live    -           -         -         -
part_revoked        extended_s28B temporary_permit_s7 expired live  part_revoked  part_revoked        revoked part_revoked live    surrendered cancelled cancelled transferred
surrendered         -             -                   -       -     -             -                   -       -            -       -           -         -         -
cancelled           -             -                   -       -     -             -                   -       -            -       -           -         -         -
transferred         -             -                   -       -     -             -                   -       -            -       -           -         -         -
"""  # noqa: E501 - a table is read across

GUN = """
            acquire lapse  sell lose steal  find    destroy   deactivate  seize   remove  return
authorised  held    lapsed -    -    -      -       -         -           -       -       -
lapsed      -       -      -    -    -      -       -         -           -       -       -
held        -       -      sold lost stolen -       destroyed deactivated removed removed -
removed     -       -      sold lost stolen -       destroyed deactivated removed removed held
lost        -       -      -    -    -      removed -         -           -       -       -
stolen      -       -      -    -    -      removed -         -           -       -       -
sold        -       -      -    -    -      -       -         -           -       -       -
destroyed   -       -      -    -    -      -       -         -           -       -       -
deactivated -       -      -    -    -      -       -         -           -       -       -
"""


def _read(table: str) -> dict[tuple[str, str], str]:
    head, *lines = table.strip("\n").splitlines()
    rows = [line.split() for line in lines]
    return {(row[0], event): to for row in rows for event, to in zip(head.split(), row[1:], strict=True)}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(CertificateState, CertificateEvent)))
def test_every_move_of_a_certificate(state: CertificateState, event: CertificateEvent) -> None:
    wanted = _read(CERTIFICATE)[state.value, event.value]
    if wanted == "-":
        with pytest.raises(MoveNotAllowed):
            certificates.next_state(state, event)
    else:
        assert certificates.next_state(state, event) == wanted


@pytest.mark.parametrize(("state", "event"), list(itertools.product(GunState, GunEvent)))
def test_every_move_of_a_gun(state: GunState, event: GunEvent) -> None:
    wanted = _read(GUN)[state.value, event.value]
    if wanted == "-":
        with pytest.raises(MoveNotAllowed):
            guns.next_state(state, event)
    else:
        assert guns.next_state(state, event) == wanted


def test_a_gun_taken_away_is_always_with_somebody_named() -> None:
    assert {event for (_, event), to in guns.MOVES.items() if to is GunState.REMOVED} == set(NEEDS_CUSTODY)


def test_only_a_certificate_in_force_can_be_revoked() -> None:
    """What is over cannot be taken away, and whatever carries guns can."""
    assert {state for state, event in certificates.MOVES if event is CertificateEvent.REVOKE} == set(IN_FORCE)
