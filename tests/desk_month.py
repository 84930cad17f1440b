"""A made-up August 2021, small and varied: every outcome, several flows, parties with names that must not get out, incidents of every kind.

The same rows every time. Parties are called so that a clear name is found anywhere it should not be.
"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk_road import AUDIT_COLUMNS, INCIDENT_COLUMNS, PARTY_COLUMNS, Desk, new_desk, write_rows

MONTH = "2021-08"
AS_AT = "2021-09-20T09:00Z"
RECEIVED_AT = "2021-09-06T08:00Z"
S1SP_COLUMNS = ("Request", "Seen", "Point", "Class", "Service", "Code", "User", "Device", "Execution", "Schedule", "Planned")

PARTIES = {
    "90-B3-D5-1F-30-01-00-01": "Blenkinsop Power",
    "90-B3-D5-1F-30-01-00-02": "Blenkinsop Power",
    "90-B3-D5-1F-30-01-00-03": "Quillfeather Gas",
    "90-B3-D5-1F-30-01-00-04": "Ramsbottom & Daughters",
    "90-B3-D5-1F-30-01-00-05": "=HYPERLINK(Zwingli Energy)",
}
UNLISTED_USER = "90-B3-D5-1F-30-01-00-99"
# Pieces of the names and ids above: none of them may stand in anything published.
CLEAR_NAMES = ("Blenkinsop", "Quillfeather", "Ramsbottom", "Zwingli", "90-B3-D5-1F-30-01", "30-01-00-99")

DEVICES = [f"00-DB-12-34-56-78-90-{number:02X}" for number in range(12)]
DAYS = (5, 15, 25)
ENDS = ("met", "met", "met", "met", "met", "late", "device", "dcc", "reject", "none")


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def request_rows(draw: random.Random, number: int, at: datetime) -> list[tuple[object, ...]]:
    """One Service Request of the DSP's trail: on demand, in two steps, or answered inside the DCC."""
    srv = draw.choice(("4.1.1", "4.1.1", "2.2", "2.2", "1.5", "8.2", "3.5", "99.9"))
    # 3.5 is asked for by one party alone: what is told of it by party must be suppressed.
    user, device = "90-B3-D5-1F-30-01-00-03" if srv == "3.5" else draw.choice([*PARTIES, UNLISTED_USER]), draw.choice(DEVICES)
    region, provider = draw.choice((("North", "CSPN"), ("South", "CSPS"), ("", "")))
    end = draw.choice(ENDS)

    def row(after: float, point: str, kind: str, variant: object = "", *answer: str) -> tuple[object, ...]:
        seen, (code, result) = stamp(at + timedelta(seconds=after)), (*answer, "", "")[:2]
        return (f"{user}:{device}:{number}", seen, point, kind, srv, variant, code, result, user, device, region, provider)

    if srv == "8.2":
        return [row(0, "RX_DSP", "request", 8), row(draw.uniform(0.1, 3), "TX_USER", "response", "", "I0")]
    if srv == "1.5":
        first = [row(0, "RX_DSP", "request", 4), row(1, "TX_USER", "precommand")]
        if end == "none":
            return first
        start, asked = 8.0, [*first, row(8, "RX_DSP", "request", 5)]
    else:
        start, asked = 0.0, [row(0, "RX_DSP", "request", 1)]
    if end == "none":
        return asked
    if end == "reject":
        return [*asked, row(start + 0.2, "ACK_TX", "reject", "", "E1")]
    answered = start + (draw.uniform(31, 300) if end == "late" else draw.uniform(2, 29))
    code, result = {"device": ("I0", "failed"), "dcc": ("E20", "")}.get(end, ("I0", "ok"))
    legs = [row(start + 0.4, "TX_CSP", "request"), row(answered - 0.3, "RX_DSP_UP", "response")]
    return [*asked, *legs, row(answered, "TX_USER", "response", "", code, result)]


def s1sp_rows(draw: random.Random, day: datetime) -> list[tuple[object, ...]]:
    """Runs of a DCC schedule, answered or not, and requests held by the DSP until their execution time."""
    rows: list[tuple[object, ...]] = []
    users = list(PARTIES)
    for number in range(8):
        user, device = users[number % 5], DEVICES[number]
        planned = day + timedelta(hours=number)
        answered = planned + timedelta(minutes=draw.randrange(1, 2000))
        if number % 4 == 3:
            sent = planned + timedelta(seconds=1)
            rows.append(("", stamp(sent), "TX_CSP", "request", "4.8.1", "", user, device, "", f"S{number}", stamp(planned)))
        else:
            rows.append(("", stamp(answered), "TX_USER", "scheduled", "4.8.1", "I0", user, device, "", f"S{number}", stamp(planned)))
        name, execution = f"{user}:{device}:F{day.day}{number}", day + timedelta(hours=20)
        rows.append((name, stamp(day), "RX_DSP", "request", "4.2", "", user, device, stamp(execution), "", ""))
        if number % 3:
            done = execution + timedelta(hours=draw.randrange(1, 30))
            rows.append((name, stamp(done), "TX_USER", "response", "4.2", "I0", user, device, "", "", ""))
    return rows


def incident_rows(draw: random.Random) -> list[tuple[object, ...]]:
    """Forty Incidents of every category and three Resolver Groups, one of them with signs that figure names must escape."""
    rows: list[tuple[object, ...]] = []
    start = datetime(2021, 8, 1, tzinfo=UTC)
    for number in range(40):
        incident, group = f"INC{number:03d}", ("DSP", "CSPN", "A/B=C 'x'")[number % 3]
        category, at = 1 + number % 5, start + timedelta(hours=16 * number)

        def change(
            after: timedelta, status: str, reason: str = "", category: object = "", *, of: tuple[str, datetime, str] = (incident, at, group)
        ) -> None:
            rows.append((of[0], stamp(of[1] + after), status, reason, category, of[2], "user" if of[0] == "INC007" else ""))

        change(timedelta(), "new", category=category)
        change(timedelta(minutes=draw.randrange(1, 200)), "assigned")
        if number % 4 == 0:
            change(timedelta(hours=4), "pending", draw.choice(("waiting_on_user", "waiting_on_supplier")))
            change(timedelta(hours=30), "in_progress", category=3 if number % 8 == 0 else "")
        if number % 7 != 6:
            change(timedelta(hours=31 + draw.randrange(1, 200)), "resolved")
    return rows


def write_month(incoming: Path) -> list[Path]:
    """The received files of the month, in the order in which they come."""
    draw, files, number = random.Random(8), [], 0
    files.append(write_rows(incoming / "PARTIES_202108.csv", PARTY_COLUMNS, *((user, party, "IS") for user, party in PARTIES.items())))
    inventory = [(device, ("ESME", "GSME")[n % 2], ("north", "south")[n % 2], "") for n, device in enumerate(DEVICES[:9])]
    files.append(write_rows(incoming / "INVENTORY_202108.csv", ("device", "type", "region", "provider"), *inventory))
    for day in DAYS:
        midnight, rows = datetime(2021, 8, day, tzinfo=UTC), []
        for _ in range(70):
            number += 1
            rows += request_rows(draw, number, midnight + timedelta(seconds=draw.randrange(80_000)))
        files.append(write_rows(incoming / f"DSP_SAT_202108{day:02d}_final.csv", AUDIT_COLUMNS, *rows))
        files.append(write_rows(incoming / f"S1SP_SAT_202108{day:02d}.csv", S1SP_COLUMNS, *s1sp_rows(draw, midnight)))
    files.append(write_rows(incoming / "REMEDY_LOG_202108_final.csv", INCIDENT_COLUMNS, *incident_rows(draw)))
    return files


def closed_month(root: Path, settings: str = "") -> Desk:
    """A workspace with the month taken in and closed."""
    desk = new_desk(root, settings)
    taken = desk.take_in(*write_month(desk.incoming), received_at=RECEIVED_AT)
    assert {row["result"] for row in taken} == {"accepted"}
    desk.close(MONTH, AS_AT)
    return desk
