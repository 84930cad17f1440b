"""Tallies, ladders and percentiles by place: slow Python == DuckDB == Sail == real Spark on generated happenings."""

import random
from collections import Counter, defaultdict

import pytest

from tocsin.engines import Engine, Relation
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measures import all_measures
from tocsin.measuring.ladder import RUNG_US, Ladder, exact_percentiles_sql, nearest_rank, read_percentiles
from tocsin.measuring.tally import LookedUp, Tally, counters, tally_sql

OUTCOMES = ("success", "success", "success", "device_fail", "dcc_fail", "timeout", "user_reject", "open")
PER_MILLE = (1, 500, 550, 900, 950, 990, 1000)
HOME = LookedUp("home", "srv", "homes", "OTH")
HOMES = Relation("homes", (("srv", "VARCHAR"), ("home", "VARCHAR")))
HOME_OF = {"2.2": "PPM", "4.8.1": "MRD"}
LADDER = Ladder.of(SERVICE_REQUESTS)
MEASURES = [measure for measure in all_measures().values() if measure.of == SERVICE_REQUESTS.name]
TALLY = Tally(SERVICE_REQUESTS, tuple(counter for measure in MEASURES for counter in counters(measure)))


def generated(draw: random.Random, count: int) -> list[dict[str, object]]:
    rows = []
    for _ in range(count):
        row: dict[str, object] = {name: None for name, _ in SERVICE_REQUESTS.columns}
        row |= {split: draw.choice(["a", "B", "O-1"]) for split in SERVICE_REQUESTS.splits}
        row |= {"day": draw.randint(18_840, 18_843), "srv": draw.choice(["2.2", "4.8.1", "77.7"]), "outcome": draw.choice(OUTCOMES)}
        row |= {"flow": draw.choice(["on_demand", "critical", "future_dsp", "scheduled", "firmware"])}
        row |= {"round_trip_us": draw.choice([None, RUNG_US, RUNG_US - 1, 30_000_000, draw.randint(0, 60_000_000)])}
        row |= {"target_response_us": draw.choice([None, 30_000_000, 30_000_000]), "set_aside": draw.choice(["", "", "", "over_35_days"])}
        rows.append(row)
    return rows


def by_engine(engine: Engine, rows):
    with engine.session() as session:
        columns = SERVICE_REQUESTS.columns
        session.add_rows(Relation(SERVICE_REQUESTS.name, columns), [tuple(row[name] for name, _ in columns) for row in rows])
        session.add_rows(HOMES, sorted(HOME_OF.items()))
        session.add_rows(TALLY.relation(()), session.rows(tally_sql(SERVICE_REQUESTS, TALLY.counters)))
        session.add_rows(LADDER.relation(()), session.rows(LADDER.sql()))
        by = ("home", "region")
        sums = {line.breakdown: line.counters for line in TALLY.read(by, session.rows(TALLY.sums_sql(by, (HOME,))))}
        places = read_percentiles(by, PER_MILLE, session.rows(LADDER.percentiles_sql(by, (HOME,), PER_MILLE)))
        # A home is looked up by its SRV: before the places where SRVs of one home stand together, after them where they do not.
        homes = read_percentiles(("home", "srv"), PER_MILLE, session.rows(LADDER.percentiles_sql(("home", "srv"), (HOME,), PER_MILLE)))
        exact = read_percentiles(("srv",), PER_MILLE, session.rows(exact_percentiles_sql(SERVICE_REQUESTS, ("srv",), PER_MILLE)))
    return sums, *({line.breakdown: (line.spans, line.at) for line in found} for found in (places, homes, exact))


def by_twin(rows):
    sums, spans, by_srv = defaultdict(Counter), defaultdict(list), defaultdict(list)
    for row in rows:
        if row["set_aside"]:
            continue
        cell = (("home", HOME_OF.get(row["srv"], "OTH")), ("region", row["region"]))
        sums[cell] |= Counter()
        for name, flows in (("cpm_1", ("on_demand", "critical")), ("cpm_2", ("future_dsp", "scheduled"))):
            if row["flow"] in flows and row["target_response_us"] is not None:
                in_time = row["round_trip_us"] is not None and row["round_trip_us"] <= row["target_response_us"]
                sums[cell][f"{name}_waiting"] += row["outcome"] == "open"
                sums[cell][f"{name}_counted"] += row["outcome"] not in ("open", "user_reject")
                sums[cell][f"{name}_met"] += row["outcome"] in ("success", "device_fail") and in_time
        if row["outcome"] == "success" and row["round_trip_us"] is not None:
            spans[cell].append(row["round_trip_us"])
            by_srv[(("srv", row["srv"]),)].append(row["round_trip_us"])
    names = [counter.name for counter in TALLY.counters]
    places = {cell: (len(of), {mille: nearest_rank(of, mille) // RUNG_US for mille in PER_MILLE}) for cell, of in spans.items()}
    exact = {cell: (len(of), {mille: nearest_rank(of, mille) for mille in PER_MILLE}) for cell, of in by_srv.items()}
    homes = {
        (("home", HOME_OF.get(srv, "OTH")), ("srv", srv)): (spans, {mille: at // RUNG_US for mille, at in places.items()})
        for ((_, srv),), (spans, places) in exact.items()
    }
    return {cell: {name: counted[name] for name in names} for cell, counted in sums.items()}, places, homes, exact


@pytest.mark.parametrize(("seed", "count"), [(1, 1500), (2, 30)])
def test_either_engine(either_engine, seed, count):
    rows = generated(random.Random(seed), count)
    assert by_engine(either_engine, rows) == by_twin(rows)


def test_nothing_at_all(either_engine):
    assert by_engine(either_engine, []) == ({}, {}, {}, {})


@pytest.mark.cluster
def test_spark_standalone(spark_standalone):
    rows = generated(random.Random(3), 200)
    assert by_engine(spark_standalone, rows) == by_twin(rows)
