"""Columns as wide as their words need: no number broken, no word cut, a long narrow table in stretches."""

import pytest

from tocsin.reports.table_widths import GUTTER_PT, PAGE_PT, SIZES_PT, Words, widths_of
from tocsin.reports.typefaces import width_em

NUMBERS = ("1", "11,146,000", "98.9996", "n/a (incomplete: 29 of 31 files)")
LONG = "Every On-Demand Service Request received in the period, answered or not; for a critical one the signed pre-command."


def test_the_width_of_a_text_is_that_of_its_characters() -> None:
    # Source Sans Pro sets a tabular figure in 497 thousandths of an em, as its own tables say.
    assert width_em("0123456789") == pytest.approx(4.97)
    assert width_em("ii") < width_em("ww")
    assert width_em("Service Provider", is_bold=True) > width_em("Service Provider")


def test_a_table_of_short_words_is_no_wider_than_they_are() -> None:
    found = widths_of([Words("Region", "words", ("North", "South"), is_bold=True), Words("Counted", "whole", ("1", "22"))])
    assert sum(found.points) < PAGE_PT / 4
    assert (found.size, found.stretches) == (SIZES_PT[0], 1)


def fits(text: str, point: float, size: float, *, is_bold: bool = False) -> bool:
    return width_em(text, is_bold=is_bold) * size + 7 <= point


def test_no_number_is_broken_and_no_word_of_a_title_cut() -> None:
    columns = [Words("Measure", "words", (LONG,) * 4, 4, is_bold=True), *(Words("Success rate, %", "figure", NUMBERS) for _ in range(7))]
    found = widths_of(columns)
    assert sum(found.points) == pytest.approx(PAGE_PT, abs=0.5)
    for point in found.points[1:]:
        assert all(fits(number, point, found.size) for number in NUMBERS[:3])
        assert fits("Success", point, found.size, is_bold=True)


def test_the_text_gets_smaller_before_a_number_is_broken() -> None:
    found = widths_of([Words("Amount, £", "figure", ("1,234,567,890.12",)) for _ in range(8)])
    assert found.size < SIZES_PT[0]
    assert all(fits("1,234,567,890.12", point, found.size) for point in found.points)


def test_short_columns_keep_their_words_whole_beside_a_long_one() -> None:
    found = widths_of([Words("Service Provider", "words", ("S1SP-TRILLIANT",), is_bold=True), Words("Why", "words", (LONG * 3,), 5)])
    assert fits("S1SP-TRILLIANT", found.points[0], found.size, is_bold=True)
    assert sum(found.points) == pytest.approx(PAGE_PT, abs=0.5)


def test_a_longer_share_is_wider() -> None:
    narrow, wide = widths_of([Words("A", "words", (LONG * 4,)), Words("B", "words", (LONG * 4,), 3)]).points
    assert wide == pytest.approx(3 * narrow, rel=0.01)


def test_a_status_is_never_parted_from_its_shape() -> None:
    found = widths_of([Words("Status", "status", ("Below minimum", "Met"))])
    assert fits("Below minimum", found.points[0] - 1.0 * found.size, found.size, is_bold=True)


@pytest.mark.parametrize(("rows", "stretches"), [(11, 1), (12, 2), (29, 2), (31, 3)])
def test_a_long_narrow_table_is_set_in_stretches(rows: int, stretches: int) -> None:
    found = widths_of([Words("Day", "words", ("Wed 25 Aug",) * rows, is_bold=True), Words("Volume", "whole", ("1,204",) * rows)])
    assert found.stretches == stretches
    assert found.stretches * sum(found.points) + (found.stretches - 1) * GUTTER_PT <= PAGE_PT


def test_the_height_grows_with_the_rows_and_their_lines() -> None:
    one = widths_of([Words("Why", "words", ("short",))]).height
    many = widths_of([Words("Why", "words", ("short",) * 10)]).height
    wrapped = widths_of([Words("Why", "words", (LONG * 4,) * 10)]).height
    assert one < many < wrapped


def test_a_table_without_rows_has_widths_too() -> None:
    assert len(widths_of([Words("Nothing", "words", ()), Words("Here", "whole", ())]).points) == 2
