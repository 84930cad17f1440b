"""No party can be known by the cells of a divided change: an observer who reads all of them, and knows our rules, learns of none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.measuring.anonymity import is_telling
from tocsin.measuring.contribution import Counts, whole_of
from tocsin.measuring.tally import Breakdown
from tocsin.reports.change_parties import Limits, Volumes, without_parties

LIMITS = Limits(3, 80)
COLUMNS = ("srv", "party_code", "device_type", "region")
SRVS, PARTIES, DEVICES, REGIONS = ("1.1", "2.2"), ("P1", "P2", "P3", "P4", "U5"), ("ESME", "GSME"), ("north", "south")


def cell(*values: str) -> Breakdown:
    return tuple(zip(COLUMNS, values, strict=True))


def evenly(parties=PARTIES[:3], counted=10, devices=DEVICES, srv="1.1") -> dict[Breakdown, Counts]:
    return {cell(srv, party, device, region): Counts(counted, counted) for party in parties for device in devices for region in REGIONS}


def told(before, now, shown=frozenset(SRVS)):
    volumes = Volumes({key: counts.counted for key, counts in before.items()}, {key: counts.counted for key, counts in now.items()})
    return without_parties((before, now), volumes, shown, LIMITS)


def columns(cells) -> set[tuple[str, ...]]:
    return {tuple(column for column, _ in one) for one in cells}


def test_all_columns_where_every_cell_hides_its_parties():
    found = told(evenly(), evenly())
    assert (columns(found.now), found.rolled_up) == ({COLUMNS}, 0)


def test_by_party_where_one_party_carries_the_change_and_a_device_type_would_tell():
    now = {**evenly(), cell("1.1", "P1", "PPMID", "north"): Counts(1, 1)}
    for key in evenly():
        if ("party_code", "P2") in key:
            now[key] = Counts(10, 0)
    assert columns(told(evenly(), now).now) == {("srv", "party_code")}


def test_without_party_where_one_region_carries_it():
    now = {**evenly(), cell("1.1", "P1", "PPMID", "north"): Counts(1, 1)}
    for key in evenly():
        if ("region", "south") in key:
            now[key] = Counts(10, 0)
    assert columns(told(evenly(), now).now) == {("srv", "device_type", "region")}


@pytest.mark.parametrize("month", ["before", "now"])
@pytest.mark.parametrize("told_by", [evenly(PARTIES[:2]), {**evenly(), cell("1.1", "P1", "ESME", "north"): Counts(1000, 1000)}])
def test_what_would_tell_in_one_month_is_rolled_up_in_both(told_by, month):
    """Two parties, or one with more than four fifths: all parties of the Service Request Variant are rolled up, in both months."""
    found = told(*((told_by, evenly()) if month == "before" else (evenly(), told_by)))
    assert columns([*found.before, *found.now]) == {("srv", "device_type", "region")}
    assert found.rolled_up == 1


def test_what_a_run_suppresses_is_rolled_up_though_its_own_cells_would_tell_nobody():
    """A row may be kept back so that another cannot be worked out: only the figures tell that."""
    found = told({**evenly(), **evenly(srv="2.2")}, {**evenly(), **evenly(srv="2.2")}, shown=frozenset({"2.2"}))
    assert {dict(one)["srv"] for one in found.now if "party_code" in dict(one)} == {"2.2"}
    assert found.rolled_up == 1


def drawn() -> st.SearchStrategy[dict[Breakdown, Counts]]:
    key = st.tuples(*(st.sampled_from(values) for values in (SRVS, PARTIES, DEVICES, REGIONS))).map(lambda values: cell(*values))
    counts = st.integers(1, 30).flatmap(lambda counted: st.builds(Counts, st.just(counted), st.integers(0, counted)))
    return st.dictionaries(key, counts, max_size=40)


@given(drawn(), drawn(), st.sets(st.sampled_from(SRVS)))
def test_an_observer_learns_of_no_party(before, now, shown):
    """Every line that names a party stands among enough parties, with all of them named or none: no remainder is one party's."""
    found = told(before, now, frozenset(shown))
    for cells, known in ((before, found.before), (now, found.now)):
        assert whole_of(known) == whole_of(cells)
        for srv in SRVS:
            own = [one for one in known if ("srv", srv) in one]
            by_party = [one for one in own if "party_code" in dict(one)]
            # All of a Service Request Variant's lines name a party, or none does: nothing follows by taking the named from the whole.
            assert by_party in ([], own)
            assert not by_party or srv in shown
            groups: dict[Breakdown, dict[str, int]] = {}
            for one in by_party:
                rest = tuple(pair for pair in one if pair[0] != "party_code")
                groups.setdefault(rest, {})[dict(one)["party_code"]] = known[one].counted
            assert not [group for group in groups.values() if is_telling(group, LIMITS.fewest_parties, LIMITS.dominance_percent)]


@given(drawn(), drawn())
def test_cells_are_told_alike_in_both_months(before, now):
    """Told by party in one month and without in the other, a cell would be new here and gone there, and no change be divided rightly."""
    found = told(before, now)
    for srv in SRVS:
        ways = {
            columns(one for one in of if ("srv", srv) in one).pop()
            for of in (found.before, found.now)
            if any(("srv", srv) in k for k in of)
        }
        assert len(ways) <= 1
