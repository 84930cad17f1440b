"""Ladders: how many spans stand on each rung of 0.1 s. Nearest-rank percentiles of the published step, exact, by whole numbers.

Nearest rank commutes with rounding down (architecture section 4, rule 5), so a ladder gives the percentile that the spans
themselves give, rounded down to the rung, and ladders of days, regions, months or engines merge by adding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.engines.engine import Relation
from tocsin.measuring.journey import Journey
from tocsin.measuring.tally import Breakdown, LookedUp, breakdown_of, group_by, kept, with_lookups
from tocsin.vocabulary.errors import BadDeclaration

# The annex publishes Round Trip Time to a tenth of a second. Whoever wants more digits asks the journeys.
RUNG_US = 100_000

# Rungs that are looked at together before they are one by one: 6.4 s, a handful of steps for most Service Requests (decision 14).
RUNGS_A_STEP = 64

# Median, p90, p95, p99 and the largest: nearest rank at 1000 of 1000 is the last place.
PUBLISHED_PER_MILLE = (500, 900, 950, 990, 1000)


@dataclass(frozen=True)
class Percentiles:
    """Percentiles of one breakdown by per-mille; in rungs out of a ladder, in microseconds out of the journeys."""

    breakdown: Breakdown
    spans: int
    at: Mapping[int, int]


@dataclass(frozen=True)
class Ladder:
    """The spans of a journey counted on rungs, per split, over a period. `counts` is which happenings stand on it.

    Without the day, unlike a tally: no percentile is published by day, and days merged make a national month's ladder a fraction as long.
    """

    journey: Journey
    splits: tuple[str, ...]
    counts: str

    @classmethod
    def of(cls, journey: Journey, splits: Sequence[str] | None = None, counts: str | None = None) -> "Ladder":
        """The journey's own ladder; other splits, or another rule (failed answers stand on a ladder of their own), if asked."""
        if journey.span is None:
            raise BadDeclaration(f"journey {journey.name}: a ladder was asked of it but it declares no span.")
        return cls(journey, tuple(journey.splits if splits is None else splits), counts or journey.span_counts)

    @property
    def name(self) -> str:
        """The relation under which the stored ladder is read."""
        return f"{self.journey.name}_ladder"

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        known = dict(self.journey.columns)
        return (*((split, known[split]) for split in self.splits), ("rung", "BIGINT"), ("spans", "BIGINT"))

    def relation(self, paths: Sequence[str]) -> Relation:
        return Relation(self.name, self.columns, tuple(paths))

    def sql(self) -> str:
        """Kernel SQL over the journey: splits, rung, and how many spans stand there."""
        return ladder_sql(self.journey, self.splits, self.counts)

    def percentiles_sql(
        self, by: Sequence[str] = (), lookups: Sequence[LookedUp] = (), per_mille: Sequence[int] = PUBLISHED_PER_MILLE
    ) -> str:
        """Kernel SQL over the stored ladder: `by`, how many spans, and the rung of each percentile.

        What is looked up by a column that is asked by too is looked up for each percentile, not for each rung: a process by its SRV.
        """
        last = [lookup for lookup in lookups if lookup.column in by and lookup.by in by]
        first = [lookup for lookup in lookups if lookup.column in by and lookup not in last]
        own = [column for column in by if column not in {lookup.column for lookup in last}]
        ranked = percentile_sql(with_lookups(self.name, [name for name, _ in self.columns], first), own, per_mille)
        if not last:
            return ranked
        told = ["spans", *(f"p{mille}" for mille in per_mille)]
        return f"SELECT {', '.join((*by, *told))}\nFROM {with_lookups('ranked', (*own, *told), last, of=ranked)}"


def ladder_sql(journey: Journey, splits: Sequence[str], counts: str | None = None) -> str:
    """Kernel SQL over the journey: splits, rung (the span in whole steps of 0.1 s, rounded down), spans."""
    keys = "".join(f"{split}, " for split in splits)
    rung = f"whole_div({journey.span}, {RUNG_US})"
    return (
        f"SELECT {keys}{rung} AS rung, {_standing(journey)} AS spans\nFROM {journey.name}\n"
        f"WHERE {_stands(journey, counts)}\nGROUP BY {keys}{rung}"
    )


def percentile_sql(source: str, by: Sequence[str] = (), per_mille: Sequence[int] = PUBLISHED_PER_MILLE) -> str:
    """Kernel SQL over a ladder (a relation, or a FROM item of its columns): `by`, spans, and a rung for each per-mille.

    The rank is (per_mille * spans + 999) whole_div 1000; the percentile is the lowest rung at which the running count reaches it. To run
    over every rung is to put every rung in order: so it is run over steps of many rungs first, then over the rungs of those steps alone
    that some rank lies on.
    """
    keys = "".join(f"{column}, " for column in by)
    parts = f"PARTITION BY {', '.join(by)} " if by else ""
    whole = f"OVER (PARTITION BY {', '.join(by)})" if by else "OVER ()"
    up_to = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
    step = f"whole_div(rungs.rung, {RUNGS_A_STEP})"
    lies = " OR ".join(f"({rank} > so_far - on_step AND {rank} <= so_far)" for rank in map(_rank, per_mille))
    same = " AND ".join((*(f"wanted.{column} = rungs.{column}" for column in by), f"wanted.step = {step}"))
    of_rungs = "".join(f"rungs.{column} AS {column}, " for column in by)
    return (
        f"WITH rungs AS (SELECT {keys}rung, whole_sum(spans) AS on_rung FROM {source} GROUP BY {keys}rung),\n"
        f"steps AS (SELECT {keys}{step} AS step, whole_sum(on_rung) AS on_step FROM rungs GROUP BY {keys}{step}),\n"
        f"climbed AS (SELECT {keys}step, on_step, whole_sum(on_step) OVER ({parts}ORDER BY step {up_to}) AS so_far, "
        f"whole_sum(on_step) {whole} AS of_all FROM steps),\n"
        f"wanted AS (SELECT {keys}step, so_far - on_step AS below, of_all FROM climbed WHERE {lies}),\n"
        f"near AS (SELECT {of_rungs}wanted.step AS step, rungs.rung AS rung, on_rung, below, of_all FROM rungs JOIN wanted ON {same}),\n"
        f"reached AS (SELECT {keys}rung, below + whole_sum(on_rung) OVER (PARTITION BY {keys}step ORDER BY rung {up_to}) AS so_far, "
        "of_all FROM near)\n"
        f"SELECT {keys}max(of_all) AS spans, {_ranked('rung', 'so_far', per_mille)}\nFROM reached{group_by(by)}"
    )


def exact_percentiles_sql(journey: Journey, by: Sequence[str] = (), per_mille: Sequence[int] = PUBLISHED_PER_MILLE) -> str:
    """Kernel SQL over the journey itself: `by`, spans, and each percentile to the microsecond.

    Every span is held in memory at once, which the ladder spares: of a nation's month ask the ladder, or split by day and ask a day.
    Of a journey whose rows stand for several, a row's span is that of each.
    """
    keys = "".join(f"{column}, " for column in by)
    if journey.stands_for is not None:
        spans = f"SELECT {keys}{journey.span} AS rung, {journey.stands_for} AS spans FROM {journey.name} WHERE {_stands(journey, None)}"
        return percentile_sql(f"({spans}) AS timed", by, per_mille)
    ranked = ", ".join(f"nearest_rank({journey.span}, {mille}) AS p{mille}" for mille in per_mille)
    return f"SELECT {keys}nullif(count(*), 0) AS spans, {ranked}\nFROM {journey.name} WHERE {_stands(journey, None)}{group_by(by)}"


def read_percentiles(by: Sequence[str], per_mille: Sequence[int], rows: Iterable[tuple[object, ...]]) -> list[Percentiles]:
    """The rows that `percentile_sql` or `exact_percentiles_sql` gave; an empty whole (spans unknown) is left out."""
    width = len(by)
    read = [
        Percentiles(
            breakdown_of(by, row),
            int(str(row[width])),
            {place: int(str(cell)) for place, cell in zip(per_mille, row[width + 1 :], strict=True)},
        )
        for row in rows
        if row[width] is not None
    ]
    return sorted(read, key=lambda line: line.breakdown)


def nearest_rank(values: Sequence[int], per_mille: int) -> int:
    """The nearest-rank percentile of whole numbers, by place and never by a fraction: the 0.55 trap of floats cannot bite.

    Raises ValueError without values, or for a per-mille outside 1 to 1000.
    """
    if not values or not 1 <= per_mille <= 1000:
        raise ValueError(f"nearest rank needs values and a per-mille of 1 to 1000; found {len(values)} values, per-mille {per_mille}")
    return sorted(values)[(per_mille * len(values) + 999) // 1000 - 1]


def _stands(journey: Journey, counts: str | None) -> str:
    return f"{kept(journey)} AND ({counts or journey.span_counts}) AND {journey.span} IS NOT NULL"


def _standing(journey: Journey) -> str:
    """How many happenings the rows of a group stand for."""
    return "count(*)" if journey.stands_for is None else f"whole_sum({journey.stands_for})"


def _ranked(value: str, place: str, per_mille: Sequence[int]) -> str:
    return ", ".join(f"min({value}) FILTER (WHERE {place} >= {_rank(mille)}) AS p{mille}" for mille in per_mille)


def _rank(per_mille: int) -> str:
    return f"whole_div({per_mille} * of_all + 999, 1000)"
