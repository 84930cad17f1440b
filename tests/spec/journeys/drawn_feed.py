"""A drawn table of one feed, its deliveries, and what a journey makes of them: for journeys that ask whose their rows are."""

from typing import Any

from journey_rows import accepted, add_accepted, drawn, relation
from tocsin.engines import Engine, Relation
from tocsin.feeds.feed import Feed, Kind
from tocsin.measuring.journey import DELIVERIES, Journey, superseded_rows
from tocsin.vocabulary.calendar import Period

AUGUST = Period.parse("2021-08")
# delivery_no to sender, where a table does not say: each the whole month, as final.
SENDERS = {1: "DSP", 2: "DSP", 3: "CSPN"}


def ask(
    engine: Engine, journey: Journey, feed: Feed, table: str, *, as_at: int | None = None, period: Period = AUGUST
) -> list[dict[str, Any]]:
    """Happenings of a month, in the order of their delivery and line. `file` is the delivery; a stamp is "08-10 09:00:00" of 2021."""
    stamps = {column.name for column in feed.columns if column.kind is Kind.INSTANT}
    rows: list[dict[str, Any]] = []
    for cells in drawn("\n".join(f"| {line} |" for line in table.strip().splitlines())):
        row: dict[str, Any] = {name: f"2021-{cell.replace(' ', 'T')}Z" if name in stamps else cell for name, cell in cells.items()}
        row["delivery_no"] = int(row.pop("file", "1"))
        rows.append(row)
    with engine.session() as session:
        add_accepted(session, feed, accepted(feed, rows))
        if superseded_rows(feed.name) in journey.reads:
            session.add_rows(Relation(superseded_rows(feed.name), relation(feed).columns), [])
        covers = (period.start_at, period.end_at)
        session.add_rows(DELIVERIES, [(number, sender, *covers, "final", number) for number, sender in SENDERS.items()])
        for table_of, cells_of in journey.dated(period.first_on, None):
            session.add_rows(table_of, cells_of)
        known_at = period.end_at + 40 * 86_400_000_000 if as_at is None else as_at
        at = {"start_at": period.start_at, "end_at": period.end_at, "as_at": known_at}
        names = [name for name, _ in journey.columns]
        found = [dict(zip(names, row, strict=True)) for row in session.rows(journey.sql, at)]
    return sorted(found, key=lambda row: (row.get("delivery_no") or 0, row.get("line") or 0, row["began_at"]))
