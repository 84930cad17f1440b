"""The digest of a run's figures: the same for the same numbers in any order and any words, another for any other number."""

from dataclasses import replace
from decimal import Decimal

import pytest

from frozen_run import figure, made_up_run
from tocsin.reports.figures_digest import figures_digest

FIGURES = made_up_run().figures
ONE = figure("cpm_1", shown="98.50", counted=200, met=197, status="below_target", level=("99", "96"), marks=("provisional",))


def test_order_words_and_predicates_are_no_part_of_it():
    assert figures_digest(reversed(FIGURES)) == figures_digest(FIGURES)
    told = replace(
        ONE, shown="98.500", predicate="x = 1", journey="other", source="toc_proxy", value=Decimal("98.500"), target=Decimal("99.0")
    )
    assert figures_digest([told]) == figures_digest([ONE])


@pytest.mark.parametrize(
    "other",
    [{"counted": 201}, {"met": 196}, {"met": None}, {"value": Decimal("98.51")}, {"status": "met"}, {"marks": ()}, {"name": "cpm_2"},
     {"minimum": None}, {"unit": "count"}],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_every_number_is(other):
    assert figures_digest([replace(ONE, **other)]) != figures_digest([ONE])


def test_one_more_figure_and_the_same_figure_twice_are_seen():
    assert len({figures_digest([]), figures_digest([ONE]), figures_digest([ONE, ONE])}) == 3
