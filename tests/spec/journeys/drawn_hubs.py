"""Drawn tables of Communications Hubs: status updates, signs of the WAN, the lists; and a journey of theirs asked of an engine."""

from collections.abc import Mapping, Sequence
from typing import Any

from journey_rows import accepted, add_accepted, drawn
from tocsin.engines import Engine
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.no_sm_wan_incidents import NO_SM_WAN_INCIDENTS
from tocsin.journeys.hub_facts import dated_relations
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.journey import Journey
from tocsin.measuring.picks import hold_picks
from tocsin.vocabulary.calendar import Period, parse_instant

INSTANTS = ("observed_at", "submitted_at", "closed_at", "listed_at", "valid_from")


def table(text: str) -> list[dict[str, str]]:
    """Rows of a drawn table; an instant is drawn "2021-08-03" (noon) or "2021-08-03T09:00:00Z"."""
    if not text.strip():
        return []
    rows = drawn("\n".join(f"| {line} |" for line in text.strip().splitlines()))
    return [{name: at(cell) if name in INSTANTS else cell for name, cell in row.items() if name} for row in rows]


def at(text: str) -> str:
    return text if "T" in text else f"{text}T12:00:00Z"


def updates(text: str) -> list[dict[str, str]]:
    """Columns hub, srv, observed_at, and answer: a code, "none" for one that never came; else I0."""
    found = []
    for number, row in enumerate(table(text)):
        request = {"request_id": row.get("request", f"R{number}"), "observed_at": row["observed_at"], "time_point": "RX_DSP"}
        request |= {"message_class": "request", "srv": row["srv"], "command_variant": "8"}
        request |= {"device_id": row["hub"]} if "hub" in row else {}
        request |= {"region": row["region"]} if "region" in row else {}
        answer = row.get("answer", "I0")
        if answer != "lost":
            found.append(request)
        if answer != "none":
            code = "I0" if answer == "lost" else answer
            found.append({**request, "time_point": "TX_USER", "message_class": "response", "response_code": code})
            # An answer inside the DCC names no device and need not tell its SRV.
            del found[-1]["command_variant"], found[-1]["srv"]
            found[-1].pop("device_id", None)
    return found


def responses(text: str) -> list[dict[str, str]]:
    """Columns device and observed_at: a response that came back from the WAN."""
    rows = table(text)
    same = {"time_point": "RX_DSP_UP", "message_class": "response", "srv": "4.1.1"}
    return [
        {"request_id": f"W{number}", "device_id": row["device"], "observed_at": row["observed_at"], **same}
        for number, row in enumerate(rows)
    ]


def ask(
    engine: Engine,
    journey: Journey,
    trail: Sequence[Mapping[str, Any]],
    lists: str = "",
    *,
    inventory: str = "",
    month: str = "2021-08",
    as_at: str = "2021-09-10T00:00:00Z",
) -> list[dict[str, Any]]:
    """The journey's rows of a month as known at an instant."""
    period = Period.parse(month)
    with engine.session() as session:
        add_accepted(session, AUDIT_TRAIL, accepted(AUDIT_TRAIL, trail))
        add_accepted(session, DEVICE_INVENTORY, accepted(DEVICE_INVENTORY, table(inventory)))
        add_accepted(session, NO_SM_WAN_INCIDENTS, accepted(NO_SM_WAN_INCIDENTS, table(lists)))
        for relation, rows in dated_relations(period.first_on):
            session.add_rows(relation, rows)
        at = in_bucket(period.start_at, period.end_at, parse_instant(as_at))
        hold_picks(session, journey.picks, at)
        found = session.rows(journey.sql, at)
    names = [attribute.name for attribute in journey.attributes]
    return [dict(zip(names, row, strict=True)) for row in found]
