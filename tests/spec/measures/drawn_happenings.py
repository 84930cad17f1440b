"""Rows of a journey out of a drawn table, and a measure asked of them."""

import re
from decimal import Decimal

from journey_rows import drawn
from tocsin.engines import Engine, Relation
from tocsin.journeys import all_journeys
from tocsin.measuring.measure import Measure
from tocsin.measuring.tally import Sums, Tally, counters, tally_sql

UNITS = {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
# What a drawn table does not say.
OTHERWISE = {
    "alerts": {"kind": "device", "alert_code": "8F3F", "region": "north", "service_provider": "CSPN", "outcome": "delivered"},
    "service_requests": {"flow": "on_demand", "srv": "4.1.1", "region": "north", "service_provider": "CSPN", "outcome": "success"},
    "incident_clocks": {
        "clock": "resolution",
        "category": 3,
        "state": "resolved",
        "responsible_party": "dcc",
        "resolver_group": "DSP",
        "target_us": 259_200_000_000,
    },
}


def happenings(measure_of: str, table: str) -> list[tuple[object, ...]]:
    """Rows of a journey out of a drawn table: a span is drawn "30.000001 s", a hole as an empty cell, `times` repeats a row."""
    journey = all_journeys()[measure_of]
    rows = []
    for cells in drawn("\n".join(f"| {line} |" for line in table.strip().splitlines())):
        row: dict[str, object] = {name: None if kind == "BIGINT" else "" for name, kind in journey.columns}
        row |= {name: False for name, kind in journey.columns if kind == "BOOLEAN"}
        row |= {"day": 18_840, **OTHERWISE[measure_of]}
        for name, cell in cells.items():
            span = re.fullmatch(r"([-\d.]+) (us|ms|s|min|h|d)", cell)
            if name in ("", "times"):
                continue
            if span is not None:
                row[f"{name}_us"] = int(Decimal(span[1]) * UNITS[span[2]])
            else:
                assert name in row, f"{journey.name} has no attribute {name}"
                kind = dict(journey.columns)[name]
                row[name] = int(cell) if kind == "BIGINT" else cell == "yes" if kind == "BOOLEAN" else cell
        rows += [tuple(row[name] for name, _ in journey.columns)] * int(cells.get("times", "1"))
    return rows


def ask(engine: Engine, measure: Measure, table: str, by: tuple[str, ...] = ()) -> list[Sums]:
    journey = all_journeys()[measure.of]
    tally = Tally(journey, counters(measure))
    with engine.session() as session:
        session.add_rows(Relation(journey.name, journey.columns), happenings(measure.of, table))
        session.add_rows(tally.relation(()), session.rows(tally_sql(journey, tally.counters)))
        return tally.read(by, session.rows(tally.sums_sql(by)))
