"""Three months at one desk, of which the second is worse: Meter Reads of one party in the north, and a process of one party alone.

Every request of a month begins on its fifth day. In August all are answered with success. In September and October half of what
Quillfeather Gas asks of meters in the north fails inside the DCC, and so does half of what is asked by SRV 3.5, twice as much as before.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk_month import PARTIES, stamp
from desk_road import AUDIT_COLUMNS, PARTY_COLUMNS, Desk, new_desk, write_rows

AUGUST, SEPTEMBER, OCTOBER = "2021-08", "2021-09", "2021-10"
AS_AT = {AUGUST: "2021-09-20T09:00Z", SEPTEMBER: "2021-10-20T09:00Z", OCTOBER: "2021-11-20T09:00Z"}
# One User of each of the four parties.
USERS = [user for user in PARTIES if not user.endswith("-02")]
QUILLFEATHER = "90-B3-D5-1F-30-01-00-03"
# Device type and region of each device.
PLACES = [(kind, region) for kind in ("ESME", "GSME") for region in ("north", "south")]
EACH = 30


def device(number: int) -> str:
    return f"00-DB-12-34-56-78-91-{number:02X}"


def requests_of(month: str) -> list[tuple[object, ...]]:
    """The DSP's rows of a month."""
    rows: list[tuple[object, ...]] = []
    start = datetime.fromisoformat(f"{month}-05").replace(tzinfo=UTC)
    is_worse = month != AUGUST

    def asked(user: str, place: int, srv: str, is_failed: bool) -> None:
        number = len(rows)
        at, region = start + timedelta(seconds=number), PLACES[place][1]
        # Request ids are of the whole audit trail: the same in the next month would be a late copy.
        name, told = (
            f"{user}:{device(place)}:{start.month}{number:06}",
            (user, device(place), region.title(), "CSPN" if region == "north" else "CSPS"),
        )
        answer = ("E20", "") if is_failed else ("I0", "ok")
        for after, point, message, variant, code, result in (
            (0, "RX_DSP", "request", 1, "", ""),
            (1, "TX_CSP", "request", "", "", ""),
            (5, "RX_DSP_UP", "response", "", "", ""),
            (6, "TX_USER", "response", "", *answer),
        ):
            rows.append((name, stamp(at + timedelta(seconds=after)), point, message, srv, variant, code, result, *told))

    for user in USERS:
        for place, (_, region) in enumerate(PLACES):
            for number in range(EACH):
                asked(user, place, "4.1.1", is_worse and user == QUILLFEATHER and region == "north" and number % 2 == 0)
    for number in range(2 * EACH if is_worse else EACH):
        asked(QUILLFEATHER, number % 4, "3.5", is_worse and number < EACH)
    return rows


def take_in(desk: Desk, month: str) -> None:
    """A month's files, received early in the next."""
    label, day = month.replace("-", ""), AS_AT[month][:8]
    files = [
        write_rows(desk.incoming / f"PARTIES_{label}.csv", PARTY_COLUMNS, *((user, party, "IS") for user, party in PARTIES.items())),
        write_rows(
            desk.incoming / f"INVENTORY_{label}.csv",
            ("device", "type", "region", "provider"),
            *((device(number), kind, region, "") for number, (kind, region) in enumerate(PLACES)),
        ),
        write_rows(desk.incoming / f"DSP_SAT_{label}05_final.csv", AUDIT_COLUMNS, *requests_of(month)),
    ]
    desk.take_in(*files, received_at=f"{day}08T08:00Z")


def three_months(root: Path) -> Desk:
    """A workspace with all three taken in; August is closed."""
    desk = new_desk(root)
    for month in AS_AT:
        take_in(desk, month)
    desk.close(AUGUST, AS_AT[AUGUST])
    return desk
