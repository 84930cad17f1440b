"""Every figure of a run as a table for machines, one row a figure with all its fields: CSV, and Parquet written by an engine."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path

from tocsin.engines.engine import Engine, Relation
from tocsin.engines.failing import asked_for
from tocsin.measuring.figures import Figure
from tocsin.reports.spreadsheets import inert

# A value keeps all its digits as text: a binary number would not hold 98.9996 exactly.
FIGURES = Relation(
    "figures",
    (
        ("name", "VARCHAR"), ("subject", "VARCHAR"), ("indicator", "VARCHAR"), ("breakdown", "VARCHAR"), ("unit", "VARCHAR"),
        ("counted", "BIGINT"), ("met", "BIGINT"), ("value", "VARCHAR"), ("shown", "VARCHAR"), ("status", "VARCHAR"),
        ("target", "VARCHAR"), ("minimum", "VARCHAR"), ("marks", "VARCHAR"), ("journey", "VARCHAR"), ("predicate", "VARCHAR"),
        ("source", "VARCHAR"), ("filled", "BIGINT"), ("expected", "BIGINT"), ("so_far", "VARCHAR"),
    ),
)  # fmt: skip

Row = tuple[str | int | None, ...]


def figure_row(figure: Figure) -> Row:
    """A figure in the columns of FIGURES; None where a figure has no such number. The breakdown is a JSON object, empty for the whole."""
    breakdown = json.dumps(dict(figure.breakdown), ensure_ascii=False) if figure.breakdown else ""
    value, target, minimum = (None if number is None else f"{number:f}" for number in (figure.value, figure.target, figure.minimum))
    return (
        figure.name, figure.subject, figure.indicator, breakdown, figure.unit, figure.counted, figure.met, value, figure.shown,
        figure.status, target, minimum, " ".join(figure.marks), figure.journey, figure.predicate,
        figure.source, figure.filled, figure.expected, figure.so_far,
    )  # fmt: skip


def figures_csv(figures: Iterable[Figure]) -> str:
    """All figures as CSV (RFC 4180, UTF-8); an empty cell is a number the figure does not have, and its status says why."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(column for column, _ in FIGURES.columns)
    for figure in figures:
        writer.writerow("" if cell is None else inert(cell) if isinstance(cell, str) else cell for cell in figure_row(figure))
    return out.getvalue()


def write_figures_parquet(figures: Iterable[Figure], path: Path, engine: Engine) -> int:
    """All figures as Parquet, by name; text as it is, since no spreadsheet opens it. Gives the number of rows."""
    columns = ", ".join(column for column, _ in FIGURES.columns)
    with asked_for(f"figures as {path.name}"), engine.session() as session:
        session.add_rows(FIGURES, [figure_row(figure) for figure in figures])
        return session.write_parquet(f"SELECT {columns} FROM figures ORDER BY name", path)
