"""domain.md 15.10, to be read beside the sheet: rows, journey, tally, figure, on both engines."""

import pytest
from drawn_hubs import ask, updates

from tocsin.areas.no_wan_matches import NO_WAN_MATCHES_AREA
from tocsin.engines import Engine, Relation
from tocsin.journeys.hub_installs import HUB_INSTALLS
from tocsin.journeys.no_wan_matches import NO_WAN_MATCHES
from tocsin.measuring.figures import Making, indicator_figures
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Tally, counters, tally_sql

# Which of the ten hubs, and of the two without an 8.14.2, stands in which list.
INCIDENTS, CSP_RECORDS = (1, 2, 3, 4, 5, 6, 7, 11), (1, 2, 3, 4, 5, 6, 8, 12)


def test_15_10_reconciliation(either_engine: Engine) -> None:
    trail = updates("hub | srv | observed_at\n" + "\n".join(f"H{hub} | 8.14.2 | 2021-08-10" for hub in range(1, 11)))
    rows = [f"I{hub} | raised | 2021-08-10 | H{hub}" for hub in INCIDENTS] + [
        f"I{hub} | received | 2021-08-11 | H{hub}" for hub in CSP_RECORDS
    ]
    found = ask(either_engine, NO_WAN_MATCHES, trail, "incident_id | list_kind | submitted_at | comms_hub_id\n" + "\n".join(rows))
    tally = Tally(NO_WAN_MATCHES, tuple(counter for one in NO_WAN_MATCHES_AREA.indicators for counter in counters(one)))
    with either_engine.session() as session:
        session.add_rows(Relation(NO_WAN_MATCHES.name, NO_WAN_MATCHES.columns), [tuple(row.values()) for row in found])
        session.add_rows(tally.relation(()), session.rows(tally_sql(NO_WAN_MATCHES, tally.counters)))
        sums = tally.read(("cohort",), session.rows(tally.sums_sql(("cohort",))))
    making = Making(NO_WAN_MATCHES_AREA.name, NO_WAN_MATCHES, Presence(31, 31))
    counted = {one.indicator: one.counted for one in indicator_figures(making, NO_WAN_MATCHES_AREA.indicators, sums) if one.breakdown}
    buckets = {name.removeprefix("bucket_"): told for name, told in counted.items() if name.startswith("bucket_") and told}
    assert buckets == {"m3": 6, "m2a": 1, "m2b": 1, "u1": 2, "u4": 1, "u3": 1}
    assert sum(buckets[name] for name in ("m3", "m2a", "m2b", "u1")) == counted["updates"] == 10
    assert (counted["leftovers"], counted["incidents_raised"], counted["csp_records"]) == (2, 8, 8)


@pytest.mark.parametrize(("as_at", "state"), [("2021-04-01T12:00:00Z", "pending_90"), ("2021-04-02T12:00:00Z", "left")])
def test_15_10_age(either_engine: Engine, as_at: str, state: str) -> None:
    trail = updates("hub | srv | observed_at\nH1 | 8.14.2 | 2021-01-01")
    (row,) = ask(either_engine, HUB_INSTALLS, trail, month="2021-01", as_at=as_at)
    assert (row["state"], row["trail_state"]) == (state, state)
