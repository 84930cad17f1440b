"""The appraisal of Change Requests: paper 3's table, its totals, what waits for what, and what a Modification would spare."""

from pathlib import Path

import pytest

from tocsin.areas import all_areas
from tocsin.feeds import all_feeds
from tocsin.measures import all_measures
from tocsin.reports.appraisal import Appraisal, appraised, known_requests
from tocsin.vocabulary.errors import BadDeclaration

# Paper 3, section 6, as printed: assessment in pounds and days, rough order of magnitude, months.
PAPER_3 = {
    "CR1418": (8_702, 30, 300_000, 450_000, 3),
    "CR1420": (82_000, 30, 110_000, 110_000, 1),
    "CR1421": (93_000, 50, 1_800_000, 2_500_000, 12),
    "CR1423": (135_051, 50, 2_500_000, 3_500_000, 12),
    "CR1429": (24_965, 30, 60_000, 60_000, 3),
    "CR1430": (533_000, 50, 1_200_000, 2_500_000, 6),
    "CR1438": (220_000, 50, 1_330_000, 1_480_000, 6),
    "CR1440": (120_000, 50, 1_450_000, 1_850_000, 12),
}


def of(*chosen: str, progressed: tuple[str, ...] = ()) -> Appraisal:
    return appraised(known_requests(), chosen, progressed)


def totals(found: Appraisal) -> tuple[int, int, int, int]:
    return found.fia_pounds, found.fia_days, found.rom_from_pounds, found.rom_to_pounds


def test_the_table_of_paper_3() -> None:
    requests = known_requests().requests
    assert {n: (r.fia_pounds, r.fia_days, r.rom_from_pounds, r.rom_to_pounds, r.months) for n, r in requests.items()} == PAPER_3


def test_all_eight_together() -> None:
    found = of()
    # By hand: the columns of the table added up.
    assert totals(found) == (1_216_718, 50, 8_750_000, 12_450_000)
    assert (found.dcc.fia_pounds, found.dcc.fia_days, found.dcc.rom_pounds, found.is_all) == (65_250, 40, 642_000, True)
    assert (found.critical.requests, found.critical.months, found.together_months) == (("CR1421", "CR1440"), 24, 12)
    assert found.lacking == found.spared == found.lessened == ()


@pytest.mark.parametrize(
    ("chosen", "chain", "months", "together"),
    [
        (("CR1418",), ("CR1418",), 3, 3),
        (("CR1418", "CR1430"), ("CR1430",), 6, 6),
        (("CR1421",), ("CR1421",), 12, 12),
        (("CR1421", "CR1423"), ("CR1421", "CR1423"), 24, 12),
        # Its ground is not chosen: it is said to lack it, and the chain is what was chosen.
        (("CR1440",), ("CR1440",), 12, 12),
    ],
)
def test_the_critical_path_is_the_longest_chain_of_those_chosen(
    chosen: tuple[str, ...], chain: tuple[str, ...], months: int, together: int
) -> None:
    found = of(*chosen)
    assert (found.critical.requests, found.critical.months, found.together_months) == (chain, months, together)
    assert not found.is_all


def test_what_builds_on_another_says_so_when_that_is_not_chosen() -> None:
    assert [(link.change_request, link.other) for link in of("CR1423", "CR1440").lacking] == [("CR1423", "CR1421"), ("CR1440", "CR1421")]


def test_a_modification_that_progresses_spares_what_it_makes_redundant() -> None:
    found = of(progressed=("SECMP0007",))
    assert [link.change_request for link in found.spared] == ["CR1421", "CR1423"]
    # The S1SPs' part is still needed, and what it builds on is brought by the Modification.
    assert [link.change_request for link in found.lessened] == ["CR1440"] and found.lacking == ()
    assert totals(found) == (1_216_718 - 93_000 - 135_051, 50, 8_750_000 - 4_300_000, 12_450_000 - 6_000_000)
    assert (found.critical.requests, found.is_all) == (("CR1440",), False)


def test_each_is_chosen_once_however_it_is_typed() -> None:
    assert [one.name for one in of("1421", "cr1421", "CR1418").counted] == ["CR1421", "CR1418"]


@pytest.mark.parametrize(("chosen", "progressed"), [(("CR1422",), ()), ((), ("SECMP0008",))])
def test_a_name_that_is_not_known_is_refused_with_those_that_are(chosen: tuple[str, ...], progressed: tuple[str, ...]) -> None:
    with pytest.raises(BadDeclaration, match=r"There is: (CR1418, CR1420|SECMP0007)"):
        of(*chosen, progressed=progressed)


def test_every_feed_and_figure_that_would_gain_is_one_of_the_product() -> None:
    known = {*all_measures(), *all_areas()}
    for gain in known_requests().gains:
        assert gain.feed in all_feeds(), gain
        assert {*gain.replaces, *gain.gains} <= known and gain.gains, gain
    assert {gain.change_request for gain in known_requests().gains} == set(PAPER_3)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("CR1421,CR1440,2020-09-04,builds_on,Round and round.,assumed,test\n", "a circle"),
        ("CR9999,CR1421,2020-09-04,builds_on,From nowhere.,assumed,test\n", "CR9999"),
        ("CR1421,CR1418,2020-09-04,waits_for,No such link.,assumed,test\n", "builds_on, made_redundant_by"),
    ],
)
def test_links_that_do_not_hold_are_refused(tmp_path: Path, rows: str, said: str) -> None:
    (tmp_path / "change_request_links.csv").write_text("change_request,other,since,link,sentence,status,source\n" + rows)
    with pytest.raises(BadDeclaration, match=said):
        known_requests(reference=tmp_path)
