"""docs/methodology/opr.md: how the indicative Operational Performance Regime is worked out, and its parameters year by year."""

from tools.documents.page import code, page, prose, table

from tocsin.reports import opr as engine
from tocsin.reports import opr_levels
from tocsin.reports.sections.opr import RULES
from tocsin.vocabulary import opr as parameters
from tocsin.vocabulary.dated import DatedTable

# What each table holds, in the order of the formula.
_TITLES = {
    "opr_pots": "The pot, in pounds",
    "opr_areas": "Areas: weights, and what is kept of those that others score",
    "opr_measures": "System measures",
    "opr_cells": "Weights of the cells",
    "opr_levels": "Thresholds of the cells",
    "opr_figures": "Which figure feeds which cell",
}


def opr() -> str:
    return page(
        "Operational Performance Regime (indicative)",
        "Indicative only: the text of the regime was not at hand. Every amount follows from the rows below, each with its date, and a row "
        "of the workspace's `reference/TABLE.csv` with the same key and date takes the place of one.",
        "## How it is worked out",
        prose(engine.__doc__),
        "```\n"
        "share kept(SL) = 1                                                         where SL >= target\n"
        "               = keep_min                                                  where SL <= minimum, or the shape is step\n"
        "               = keep_min + (1 - keep_min) (SL - minimum)/(target - minimum)  between them\n"
        "kept = pot × weight of area × weight of measure × weight of cell × share kept\n"
        "```",
        prose(opr_levels.__doc__),
        table(("where", "rule"), RULES),
        "A regulatory year is judged by the rows in force on its first day, 1 April. What is kept of an area that others score is entered "
        f"in the column {code('kept')} of {code('opr_areas')}.",
        prose(parameters.__doc__),
        *(block for name in parameters.TABLES for block in (f"## {_TITLES[name]}", f"Table {code(name)}.", _rows(name))),
    )


def _rows(name: str) -> str:
    loaded = DatedTable.load(name)
    return table(loaded.columns, [[row.cells[column] for column in loaded.columns] for row in loaded.rows()])
