"""Service Requests drawn as a small table of what happened, and the happenings that the journey makes of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from journey_rows import accepted, add_accepted, drawn, instant_of
from tocsin.engines import Engine
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.feed import identifier_key
from tocsin.feeds.party_list import PARTY_LIST
from tocsin.journeys.service_requests import SERVICE_REQUESTS, dated_relations
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.picks import hold_picks
from tocsin.vocabulary.calendar import Period

AUGUST = Period(2021, 8)
S, HOUR, DAY = 1_000_000, 3_600_000_000, 86_400_000_000

# Words of the column `what`: time-point and message class.
WHAT = {
    "received": ("RX_DSP", "request"),
    "acknowledged": ("ACK_TX", "ack"),
    "pre-command": ("TX_USER", "precommand"),
    "handed over": ("TX_CSP", "request"),
    "returned": ("RX_DSP_UP", "response"),
    "answered": ("TX_USER", "response"),
    "rejected": ("TX_USER", "reject"),
    "local command": ("TX_USER", "local"),
    "reported": ("TX_USER", "fd_outcome"),
    "told failed": ("TX_USER", "failure_alert"),
    "scheduled": ("TX_USER", "scheduled"),
    "taken by user": ("USER_ACK", "ack"),
}
# Short names of columns in a drawn table.
SHORT = {"at": "observed_at", "cv": "command_variant", "code": "response_code", "result": "device_result", "for": "execution_at"}


class Requests:
    """What the journey gives: happenings by request name and flow."""

    def __init__(self, rows: Sequence[dict[str, Any]]):
        self.rows = rows

    def __call__(self, request: str, flow: str | None = None) -> dict[str, Any]:
        """The one happening of a request, or the one of a flow where it is two."""
        found = [row for row in self.rows if row["request_key"] == identifier_key(request) and flow in (None, row["flow"])]
        assert len(found) == 1, f"{request} {flow}: expected one happening, found {[(row['flow'], row['outcome']) for row in found]}"
        return found[0]

    def tell(self, request: str, *names: str) -> tuple[Any, ...]:
        """Some attributes of the one happening of a request."""
        return tuple(self(request)[name] for name in names)

    def __len__(self) -> int:
        return len(self.rows)


def trail_rows(table: str, delivery_no: int = 1) -> list[dict[str, Any]]:
    """Accepted rows of a drawn table; request and what are needed, srv is 4.1.1 and the device d unless drawn ("-" is no device)."""
    rows = []
    for cells in drawn(table):
        row = {SHORT.get(name, name): cell for name, cell in cells.items()}
        point, kind = WHAT[row.pop("what")]
        full = {"request_id": row.pop("request"), "time_point": point, "message_class": kind, "srv": "4.1.1", "device_id": "d", **row}
        rows.append({name: cell for name, cell in full.items() if cell != "-"})
    return accepted(AUDIT_TRAIL, rows, delivery_no)


def happenings(engine: Engine, *tables: str, inventory: str = "", parties: str = "", **asked: Any) -> Requests:
    """The journey's rows for drawn tables: each table of the trail is a delivery of its own. `asked` is as in happenings_of."""
    trail = [row for number, table in enumerate(tables, start=1) for row in trail_rows(table, number)]
    return happenings_of(engine, trail, inventory, parties, **asked)


def happenings_of(
    engine: Engine,
    trail: Sequence[dict[str, Any]],
    inventory: str = "",
    parties: str = "",
    *,
    as_at: str = "2021-10-01T00:00:00Z",
    period: Period = AUGUST,
    bucket: int = 0,
    buckets: int = 1,
) -> Requests:
    """The journey's rows for accepted rows of the trail."""
    with engine.session() as session:
        add_accepted(session, AUDIT_TRAIL, trail)
        add_accepted(session, DEVICE_INVENTORY, accepted(DEVICE_INVENTORY, drawn(inventory) if inventory else []))
        add_accepted(session, PARTY_LIST, accepted(PARTY_LIST, drawn(parties) if parties else []))
        for relation, rows in dated_relations(date(2021, 8, 1)):
            session.add_rows(relation, rows)
        asked = in_bucket(period.start_at, period.end_at, instant_of(as_at), bucket, buckets)
        hold_picks(session, SERVICE_REQUESTS.picks, asked)
        found = session.rows(SERVICE_REQUESTS.sql, asked)
    names = [name for name, _ in SERVICE_REQUESTS.columns]
    return Requests([dict(zip(names, row, strict=True)) for row in found])
