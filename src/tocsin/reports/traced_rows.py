"""The way from happenings of a run back to rows of deliveries: what a run rests on, its journeys, and the lines they were made of."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tocsin.deliveries.ledger import Basis, Delivery, Ledger
from tocsin.deliveries.store import Store
from tocsin.engines import Engine, Relation, Session
from tocsin.engines.parquet_cells import parquet_columns
from tocsin.feeds import all_feeds
from tocsin.journeys import journey_named, journey_names
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.journey import DELIVERIES, Journey
from tocsin.reports.closing import JourneyTable, table_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.looks import basis_then
from tocsin.vocabulary.errors import BadDeclaration

Ask = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class TracedRow:
    """One row of a delivery that a happening was made of."""

    delivery: Delivery
    line: int


@dataclass(frozen=True)
class TraceMeans:
    """Where the run's journeys and rows are."""

    engine: Engine
    store: Store
    reference: Path
    secret: bytes


def basis_of(run: FrozenRun, ledger: Ledger, working_day: int = 0) -> Basis:
    """What a figure rests on: the deliveries of the run, or those that stood on its Working Day, though others may stand by now."""
    if working_day:
        return basis_then(ledger, run.period, next(look.as_at for look in run.incidents.looks if look.working_day == working_day))
    wanted = {line.delivery_id for line in run.deliveries}
    found = tuple(delivery for delivery in ledger.deliveries() if delivery.delivery_id in wanted)
    return Basis(found, run.basis_digest, ledger.store)


def journeys_of(run: FrozenRun, journey: Journey, means: TraceMeans) -> Relation:
    """The run's journeys with the columns they have: a run of an earlier version asks for none that was added since.

    Raises BadDeclaration for a run made before there was such a journey.
    """
    line = next((line for line in run.journeys if line.name == journey.name), None)
    if line is None:
        raise BadDeclaration(f"{run.run_id} has no {journey.name}: it was closed by an earlier version. Close {run.period.label} again.")
    stored = JourneyTable(journey, table_of(means.store.root, journey.name, run.period), line.version, line.rows).relation
    if not stored.paths:
        return stored
    there = {name for name, _ in parquet_columns(Path(stored.paths[0]))}
    return replace(stored, columns=tuple(column for column in stored.columns if column[0] in there))


def add_rows(session: Session, journey: Journey, basis: Basis, run: FrozenRun, means: TraceMeans) -> Mapping[str, int]:
    """Give an engine what rows are looked for in; the parameters of the texts by which a journey finds them."""
    for feed, _ in journey.traced_to:
        session.add(basis.relation(all_feeds()[feed]))
    if journey.traced_by:
        names = [name for name, _ in DELIVERIES.columns]
        came = [delivery for feed, _ in journey.traced_to for delivery in basis.of(feed)]
        session.add_rows(DELIVERIES, [tuple(getattr(one, name) for name in names) for one in came])
        for relation, rows in journey.dated(run.period.first_on, means.reference):
            session.add_rows(relation, rows)
        for read in sorted(set(journey.reads) & set(journey_names())):
            session.add(journeys_of(run, journey_named(read), means))
    return in_bucket(run.period.start_at, run.period.end_at, run.as_at)


def rows_of(
    ask: Ask, happenings: str, journey: Journey, basis: Basis, most: int | None
) -> tuple[list[tuple[Delivery, int]], list[TracedRow]]:
    """How many rows of each delivery some happenings were made of, and `most` of the rows; `happenings` is what stands after FROM."""
    by_number = {delivery.delivery_no: delivery for delivery in basis.deliveries}
    per_delivery: list[tuple[Delivery, int]] = []
    rows: list[TracedRow] = []
    for feed, pairs in journey.traced_to:
        if not basis.of(feed):
            continue
        kinds = dict(journey.columns)
        keys = ", ".join(f"{never_empty(mine, kinds[mine])} AS key_{place}" for place, (mine, _) in enumerate(pairs))
        same = " AND ".join(f"{never_empty(f'told.{theirs}', kinds[mine])} = made.key_{n}" for n, (mine, theirs) in enumerate(pairs))
        made = f"SELECT DISTINCT {keys} FROM {happenings}"
        joined = f"FROM {journey.told(feed)} AS told JOIN ({made}) AS made ON {same}"
        left = None if most is None else max(0, most - len(rows))
        limit = "" if left is None else f" LIMIT {left}"
        found = ask(f"SELECT told.delivery_no, told.line {joined} ORDER BY told.delivery_no, told.line{limit}")
        if left is None:
            counts = sorted(Counter(number for number, _ in found).items())
        else:
            counts = ask(f"SELECT told.delivery_no, count(*) {joined} GROUP BY told.delivery_no ORDER BY told.delivery_no")
        per_delivery += [(by_number[number], count) for number, count in counts]
        rows += [TracedRow(by_number[number], line) for number, line in found]
    return per_delivery, rows


def never_empty(column: str, kind: str) -> str:
    """A column by which rows are joined: SQL's unknown equals nothing, not even itself."""
    return f"coalesce({column}, {0 if kind == 'BIGINT' else repr('')})"
