"""Quarter-hours of alerts, drawn: records and counts, and losses after the neighbours are reconciled (domain.md 7.3, 7.4, 15.9)."""

from collections import Counter, defaultdict
from dataclasses import replace
from random import Random

import pytest
from drawn_alerts import SENDERS, happenings

from journey_rows import instant_of
from tocsin.journeys.alert_losses import ALERT_LOSSES
from tocsin.journeys.alert_slices import ALERT_SLICES
from tocsin.measuring.journey import Attribute

QUARTER = 900_000_000


def slices(engine, **tables):
    rows = happenings(engine, ALERT_SLICES, **tables)
    return sorted(
        (row["feed"], row["sender"], row["stage"], row["region"], row["alert_count"], row["consolidated_count"], row["set_aside"])
        for row in rows
    )


def losses(engine, leg, **tables):
    """(quarter-hours since noon, provider): passed, arrived, held back, found in a neighbour, lost, surplus."""
    found = {}
    for row in happenings(engine, ALERT_LOSSES, **tables):
        if row["leg"] == leg:
            place = (row["began_at"] - instant_of("12:00:00")) // QUARTER, row["service_provider"]
            assert place not in found
            found[place] = tuple(row[f"{name}_count"] for name in ("passed", "arrived", "consolidated", "skewed", "lost", "surplus"))
    return found


def test_records_are_counted_by_quarter_hour_once_each(embedded):
    rows = slices(
        embedded,
        stages="""
        alert | stage | at           | code | from | region  | is_consolidated
        A     | e     | 12:00:00     | 8F3F | DSP  | Central |
        A     | e     | 12:00:01     | 8F3F | DSP  | Central |
        B     | e     | 12:14:59.999 | 8F3F | DSP  | central | true
        C     | e     | 12:15:00     | 8F3F | DSP  | central |
        C     | d     | 12:14:58     | 8F3F | CSPN |         |
        """,
    )
    assert rows == [
        ("alert_stages", "CSPN", "d", "north", 1, 0, ""),
        ("alert_stages", "DSP", "e", "central", 1, 0, ""),
        ("alert_stages", "DSP", "e", "central", 2, 1, ""),
    ]


MANY = ("CSPC", "CSPN", "CSPS", "DCO", "DSP", "S1SP-1", "S1SP-2", "S1SP-3", "S1SP-4", "S1SP-5", "S1SP-6", "S1SP-7")


@pytest.mark.parametrize("seed", range(4))
def test_told_again_is_counted_once_whoever_else_tells_it(embedded, seed):
    """Few alerts, told at few stages in two quarter-hours, by two files of more senders than have a place each: against a slow count."""
    random = Random(seed)
    covers = {number: (MANY[number % len(MANY)], instant_of("12:00:00"), instant_of("12:30:00")) for number in range(2 * len(MANY))}
    rows = [
        {
            "alert": random.choice("ABCD"),
            "stage": random.choice("cefgx"),
            "at": random.choice(("12:15:00", f"12:{random.randrange(30):02d}:{random.randrange(60):02d}")),
            "code": "8F3F",
            "file": str(random.randrange(len(covers))),
            "region": random.choice(("central", "north")),
            "service_provider": random.choice(("CSPC", "CSPN")),
            "is_consolidated": random.choice(("", "true")),
        }
        for _ in range(random.choice((5, 40, 400)))
    ]
    drawn = "\n".join(" | ".join(cells) for cells in (rows[0], *(row.values() for row in rows)))
    found = Counter()
    for buckets in (1, 3):
        found.clear()
        for row in happenings(embedded, ALERT_SLICES, stages=drawn, covers=covers, buckets=buckets):
            place = (row["began_at"], row["stage"], row["sender"], row["region"], row["service_provider"], row["delivery_no"])
            found[place] += row["alert_count"]
            found[(*place, "held")] += row["consolidated_count"]
        assert +found == counted_slowly(rows)


def counted_slowly(rows):
    """Each record put to its alert, stage, quarter-hour and sender; one of each counted, where its least cells say."""
    together = defaultdict(list)
    for row in rows:
        began_at = instant_of(row["at"]) // QUARTER * QUARTER
        together[row["alert"], began_at, row["stage"], MANY[int(row["file"]) % len(MANY)]].append(row)
    counts = Counter()
    for (_, began_at, stage, sender), of in together.items():
        least = [min(row[name] for row in of) for name in ("region", "service_provider")]
        place = (began_at, stage, sender, *least, min(int(row["file"]) for row in of))
        counts[place] += 1
        counts[(*place, "held")] += any(row["is_consolidated"] for row in of)
    return +counts


def test_a_count_of_all_beside_counts_of_some_is_their_sum(embedded):
    rows = slices(
        embedded,
        counts="""
        slice_at | stage | code | alert_count | consolidated_count | from | region
        12:00:00 | c     | 8F3F | 40          |                    | DCO  |
        12:00:00 | c     | 8F35 | 2           |                    | DCO  |
        12:00:00 | c     |      | 42          |                    | DCO  |
        12:15:00 | c     |      | 7           | 3                  | DCO  |
        12:15:00 | e     |      | 9           | 1                  | DSP  | north
        12:15:00 | e     |      | 20          | 1                  | DSP  |
        """,
    )
    assert rows == [
        ("alert_counts", "DCO", "c", "smets1", 7, 3, ""),
        ("alert_counts", "DCO", "c", "smets1", 42, None, ""),
        ("alert_counts", "DCO", "c", "smets1", 42, None, "sum_of_codes"),
        ("alert_counts", "DSP", "e", "all", 20, 1, "sum_of_regions"),
        ("alert_counts", "DSP", "e", "north", 9, 1, ""),
    ]


COUNTED = """
    slice_at | stage | service_provider | alert_count | consolidated_count | from
    12:00:00 | d     |                  | 1000        |                    | CSPN
    12:00:00 | e     | CSPN             | 990         | 45                 | DSP
    12:00:00 | f     | CSPN             | 940         |                    | DSP
"""


def test_worked_example(embedded):
    """domain.md 15.9: 1,000 sent, 990 received, 940 forwarded, 45 consolidated: 10 lost on the way to the DSP, 5 inside it."""
    assert losses(embedded, "provider_to_dsp", counts=COUNTED) == {(0, "CSPN"): (1000, 990, 0, 0, 10, 0)}
    assert losses(embedded, "inside_dsp", counts=COUNTED) == {(0, "CSPN"): (990, 940, 45, 0, 5, 0)}


@pytest.mark.parametrize(
    ("sent", "received", "expected"),
    [
        # Four on their way at the end of the quarter-hour; six lost.
        ((1000, 800), (990, 804), [(4, 6, 0), (0, 0, 0)]),
        # All found in the next, and two too many there.
        ((1000, 800), (990, 812), [(10, 0, 0), (0, 0, 2)]),
        # A clock that is behind puts them into the quarter-hour before.
        ((1000, 800), (1003, 795), [(0, 0, 0), (3, 2, 0)]),
        # What the next has too many of serves once, the nearest first.
        ((1000, 800, 900), (995, 804, 899), [(4, 1, 0), (0, 0, 0), (0, 1, 0)]),
    ],
)
def test_neighbours_before_losses(embedded, sent, received, expected):
    counted = ["slice_at | stage | service_provider | alert_count | from"]
    for place, (there, here) in enumerate(zip(sent, received, strict=True)):
        counted += [f"12:{15 * place:02d}:00 | d | | {there} | CSPN", f"12:{15 * place:02d}:00 | e | CSPN | {here} | DSP"]
    found = losses(embedded, "provider_to_dsp", counts="\n".join(counted))
    assert [of[3:] for _, of in sorted(found.items())] == expected


def test_quarter_hours_apart_are_no_neighbours(embedded):
    found = losses(
        embedded,
        "provider_to_dsp",
        counts="""
        slice_at | stage | service_provider | alert_count | from
        12:00:00 | d     |                  | 10          | CSPN
        12:00:00 | e     | CSPN             | 8           | DSP
        12:30:00 | d     |                  | 10          | CSPN
        12:30:00 | e     | CSPN             | 12          | DSP
        """,
    )
    assert found == {(0, "CSPN"): (10, 8, 0, 0, 2, 0), (2, "CSPN"): (10, 12, 0, 0, 0, 2)}


def test_records_are_followed_inside_the_dsp(embedded):
    """received = passed on + held back + lost, however late it was passed on; what the DCC raises sets out from no provider."""
    drawn = """
        alert | stage | at       | code | from | service_provider | is_consolidated
        A     | d     | 12:14:59 | 8F3F | CSPN |                  |
        A     | e     | 12:15:01 | 8F3F | DSP  | CSPN             |
        A     | f     | 12:59:00 | 8F3F | DSP  | CSPN             |
        B     | d     | 12:15:59 | 8F3F | CSPN |                  |
        B     | e     | 12:16:01 | 8F3F | DSP  | CSPN             | true
        C     | d     | 12:15:59 | 8F3F | CSPN |                  |
        C     | e     | 12:16:01 | 8F3F | DSP  | CSPN             |
        D     | d     | 12:16:00 | 8F3F | CSPN |                  |
        E     | e     | 12:17:00 | N24  | DSP  | CSPN             |
        E     | f     | 12:17:01 | N24  | DSP  | CSPN             |
    """
    assert losses(embedded, "inside_dsp", stages=drawn) == {(1, "CSPN"): (4, 2, 1, 0, 1, 0)}
    # Counted by quarter-hour, the one on its way and the one lost are not told apart; that one was lost is.
    assert losses(embedded, "provider_to_dsp", stages=drawn) == {(0, "CSPN"): (1, 0, 0, 0, 1, 0), (1, "CSPN"): (3, 3, 0, 0, 0, 0)}


def test_a_file_that_is_not_in_is_no_loss(embedded):
    """The provider's quarter-hours are compared only where the DSP's file of the same quarter-hour stands, too."""
    noon = instant_of("12:00:00")
    covers = {2: ("CSPN", noon, noon + QUARTER), 3: ("CSPN", noon + QUARTER, noon + 2 * QUARTER), 1: ("DSP", noon, noon + QUARTER)}
    drawn = """
        alert | stage | at       | code | file | service_provider
        A     | d     | 12:00:01 | 8F3F | 2    |
        B     | d     | 12:15:01 | 8F3F | 3    |
    """
    assert losses(embedded, "provider_to_dsp", stages=drawn, covers=covers) == {(0, "CSPN"): (1, 0, 0, 0, 1, 0)}


def test_central_and_south_have_one_end_only(embedded):
    """The DSP tells both ends of their leg (CR1438 asks nothing of them): there is nothing to compare."""
    found = losses(
        embedded,
        "provider_to_dsp",
        stages="""
        alert | stage | at       | code | from | service_provider
        A     | d     | 12:00:01 | 8F3F | DSP  | CSPC
        A     | e     | 12:00:02 | 8F3F | DSP  | CSPC
        """,
    )
    assert found == {}


def test_days_in_buckets_are_what_they_are_together(embedded):
    """What crosses midnight is followed into the next day, and neighbours are neighbours across it; later than a day is lost."""
    drawn = """
        alert | stage | at          | code | from | service_provider
        A     | d     | 23:59:59    | 8F3F | CSPN |
        A     | e     | +1d 00:00:01 | 8F3F | DSP | CSPN
        A     | f     | +1d 00:00:02 | 8F3F | DSP | CSPN
        B     | d     | 23:58:00    | 8F3F | CSPN |
        B     | e     | 23:58:01    | 8F3F | DSP  | CSPN
        B     | f     | +1d 23:58:00 | 8F3F | DSP | CSPN
        C     | d     | 22:58:00    | 8F3F | CSPN |
        C     | e     | 22:58:01    | 8F3F | DSP  | CSPN
        C     | f     | +1d 22:58:01 | 8F3F | DSP | CSPN
    """
    for leg, lost in (("provider_to_dsp", 0), ("inside_dsp", 1)):
        whole, parted, daily = (losses(embedded, leg, stages=drawn, buckets=buckets) for buckets in (1, 2, 31))
        assert whole == parted == daily
        assert sum(of[4] for of in whole.values()) == lost


EDGES = """
    alert | stage | at                        | code | from | service_provider
    A     | d     | 2021-08-31T22:59:30+00:00 | 8F3F | CSPN |
    A     | e     | 2021-08-31T22:59:40+00:00 | 8F3F | DSP  | CSPN
    A     | f     | 2021-09-01T09:00:00+00:00 | 8F3F | DSP  | CSPN
    B     | d     | 2021-07-31T22:59:58+00:00 | 8F3F | CSPN |
    B     | e     | 2021-07-31T23:00:02+00:00 | 8F3F | DSP  | CSPN
    B     | f     | 2021-08-01T20:00:00+00:00 | 8F3F | DSP  | CSPN
    C     | d     | 12:00:00                  | 8F3F | CSPN |
    C     | e     | 12:00:01                  | 8F3F | DSP  | CSPN
    C     | f     | 19:30:00                  | 8F3F | DSP  | CSPN
    C     | d     | +7d 12:00:00              | 8F3F | CSPN |
    C     | e     | +7d 12:00:01              | 8F3F | DSP  | CSPN
    D     | d     | 12:00:00                  | 8F3F | CSPN |
    D     | e     | 12:00:01                  | 8F3F | DSP  | CSPN
    D     | f     | +1d 12:00:01              | 8F3F | DSP  | CSPN
"""


@pytest.mark.parametrize("buckets", [1, 2, 16, 64])
def test_what_crosses_an_edge_is_followed_and_told_once(embedded, buckets):
    """An alert passed on hours later, in another stretch, bucket or month; one told again a week later, which is no other alert."""
    # August of Great Britain ends at 23:00 UTC; quarter-hours are of UTC.
    (to_dsp, inside) = (losses(embedded, leg, stages=EDGES, buckets=buckets) for leg in ("provider_to_dsp", "inside_dsp"))
    last = max(to_dsp)
    first = min(inside)
    assert to_dsp == {first: (0, 1, 0, 0, 0, 0), (0, "CSPN"): (2, 2, 0, 0, 0, 0), last: (1, 1, 0, 0, 0, 0)}
    assert inside == {first: (1, 1, 0, 0, 0, 0), (0, "CSPN"): (2, 1, 0, 0, 1, 0), last: (1, 1, 0, 0, 0, 0)}


def test_the_dsp_says_whose_alert_it_received(embedded):
    """Where it does not, whoever passed it first is its Service Provider; nobody that is not known passes anything."""
    stages = """
        alert | stage | at       | code | from       | service_provider
        A     | d     | 12:00:00 | 8F3F | CSPN       |
        A     | e     | 12:00:01 | 8F3F | DSP        | S1SP-DXC
        B     | d     | 12:00:00 | 8F3F | S1SP-DXC   |
        B     | d     | 12:00:02 | 8F3F | CSPN       |
        B     | e     | 12:00:03 | 8F3F | DSP        |
        C     | d     | 12:00:00 | 8F3F | DSP        |
        C     | e     | 12:00:01 | 8F3F | DSP        |
    """
    found = losses(embedded, "inside_dsp", stages=stages)
    assert found == {(0, "S1SP-DXC"): (2, 0, 0, 0, 2, 0), (0, "all"): (1, 0, 0, 0, 1, 0)}
    assert losses(embedded, "provider_to_dsp", stages=stages)[0, "CSPN"][:2] == (1, 0)


def test_engines_agree(either_engine):
    assert losses(either_engine, "provider_to_dsp", counts=COUNTED) == {(0, "CSPN"): (1000, 990, 0, 0, 10, 0)}
    assert slices(either_engine, counts=COUNTED)
    assert set(SENDERS) >= {row[1] for row in slices(either_engine, counts=COUNTED)}


def test_engines_agree_on_the_way_back(either_engine):
    """The lines of both ends of each leg; a count, where the end is not told alert by alert and no count of a part stands beside it."""
    drawn = """
        alert | stage | at       | code | from | service_provider
        A     | c     | 12:14:58 | 8F3F | CSPN |
        A     | d     | 12:14:59 | 8F3F | CSPN |
        A     | e     | 12:15:01 | 8F3F | DSP  | CSPN
        A     | f     | 12:59:00 | 8F3F | DSP  | CSPN
    """
    counted = """
        slice_at | stage | service_provider | alert_count | from
        12:15:00 | d     |                  | 1           | CSPN
        12:15:00 | e     | CSPN             | 1           | DSP
        12:15:00 | e     |                  | 1           | DSP
    """
    found = {}
    for feed, text in ALERT_LOSSES.traced_by:
        columns = ("delivery_no", "line", "leg", "service_provider", "slice_at")
        way = replace(ALERT_LOSSES, sql=text, attributes=tuple(Attribute(name, "BIGINT", "") for name in columns))
        rows = happenings(either_engine, way, stages=drawn, counts=counted)
        found[feed] = sorted((row["leg"], row["line"], (row["slice_at"] - instant_of("12:00:00")) // QUARTER) for row in rows)
        assert {row["service_provider"] for row in rows} == {"CSPN"}
    assert found == {
        "alert_stages": [("inside_dsp", 4, 1), ("inside_dsp", 5, 1), ("provider_to_dsp", 3, 0), ("provider_to_dsp", 4, 1)],
        "alert_counts": [("provider_to_dsp", 2, 1)],
    }
