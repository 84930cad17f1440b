"""Every figure, every field, in CSV and Parquet; nothing a spreadsheet would run."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from frozen_run import HOLES, HOSTILE
from tocsin.engines import Relation, engine_named
from tocsin.reports.figure_files import FIGURES, figure_row, figures_csv
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.pmr import write_report
from tocsin.reports.spreadsheets import inert
from tocsin.vocabulary.errors import BadDeclaration


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_figure_is_in_the_csv_with_every_field(run: FrozenRun) -> None:
    rows = read(figures_csv(run.figures))
    assert len(rows) == len(run.figures)
    for row, figure in zip(rows, run.figures, strict=True):
        assert row["name"] == figure.name
        assert (row["subject"], row["indicator"], row["unit"], row["status"]) == (
            figure.subject,
            figure.indicator,
            figure.unit,
            figure.status,
        )
        assert json.loads(row["breakdown"] or "{}") == dict(figure.breakdown)
        assert row["counted"] == ("" if figure.counted is None else str(figure.counted))
        assert row["met"] == ("" if figure.met is None else str(figure.met))
        assert (Decimal(row["value"]) if row["value"] else None) == figure.value
        assert (Decimal(row["target"]) if row["target"] else None) == figure.target
        assert (Decimal(row["minimum"]) if row["minimum"] else None) == figure.minimum
        assert tuple(row["marks"].split()) == figure.marks
        assert (row["shown"], row["journey"], row["predicate"]) == (figure.shown, figure.journey, figure.predicate)
        assert (int(row["filled"]), int(row["expected"]), row["so_far"]) == (figure.filled, figure.expected, figure.so_far)


def test_a_hole_has_no_number_in_the_csv(run: FrozenRun) -> None:
    holes = [row for row in read(figures_csv(run.figures)) if row["status"] in HOLES]
    assert {row["status"] for row in holes} == set(HOLES)
    assert all(row["value"] == "" for row in holes)


@pytest.mark.parametrize("text", [HOSTILE, "+1", "-1", "@SUM(A1)", "\tx", "\r=x"])
def test_text_like_a_formula_is_written_as_text(run: FrozenRun, text: str) -> None:
    assert inert(text) == f"'{text}"
    cells = read(figures_csv([replace(run.figures[0], subject=text, predicate=text)]))[0]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells.values())


def test_plain_text_is_left_alone() -> None:
    assert inert("CPM 1: met") == "CPM 1: met"
    assert inert("") == ""


def test_parquet_holds_the_same_figures_by_name(run: FrozenRun, tmp_path: Path) -> None:
    (path,) = write_report(run, tmp_path, ["parquet"])
    with engine_named("duckdb").session() as session:
        session.add(Relation("figures", FIGURES.columns, (str(path),)))
        rows = session.rows(f"SELECT {', '.join(name for name, _ in FIGURES.columns)} FROM figures ORDER BY name")
    assert rows == sorted((figure_row(figure) for figure in run.figures), key=lambda row: str(row[0]))


def test_all_formats_are_written_whole_and_the_same_twice(run: FrozenRun, tmp_path: Path) -> None:
    first, second = (write_report(run, tmp_path / folder) for folder in ("one", "two"))
    assert [path.name for path in first] == [
        "pmr-2021-08.pdf",
        "pmr-2021-08.html",
        "pmr-2021-08.xlsx",
        "figures.csv",
        "figures.parquet",
        "figures.json",
    ]
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(path.name for path in first), "something left behind"


def test_a_report_that_cannot_be_written_leaves_the_former_one(run: FrozenRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = write_report(run, tmp_path, ["csv"])
    former = path.read_bytes()

    def refuse(self: Path, target: Path) -> Path:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="no space left"):
        write_report(replace(run, figures=run.figures[:1]), tmp_path, ["csv"])
    assert path.read_bytes() == former
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_an_unknown_format_is_refused_before_anything_is_written(run: FrozenRun, tmp_path: Path) -> None:
    with pytest.raises(BadDeclaration, match=r'format "docx" is not known: expected one of pdf, html, xlsx, csv, parquet'):
        write_report(run, tmp_path / "none", ["csv", "docx"])
    assert not (tmp_path / "none").exists()
