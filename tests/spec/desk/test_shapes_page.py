"""docs/shapes.md: it names every key a Shape may have, and each of its layouts is taken in as it says."""

import re
from pathlib import Path

import duckdb
import pytest

from desk_road import Desk, new_desk
from tocsin.feeds.shape import Shape, Source, Unfold

PAGE = Path(__file__).resolve().parents[3] / "docs" / "shapes.md"
# The file as it would be called, the rows it makes, a question of them and the answer.
LAYOUTS = {
    "An audit trail": (
        "ACME_trail_2021-09-01.csv",
        2,
        "SELECT epoch_us(TIMESTAMP '2021-09-01 00:10:42.469') = max(observed_at), max(region), min(time_point) FROM rows",
        (True, "south", "RX_DSP"),
    ),
    "An Incident audit log": (
        "acme-tickets-Sep-2021.csv",
        2,
        "SELECT max(changed_at) - min(submitted_at), max(category), max(status) FROM rows",
        (145 * 60_000_000, 3, "resolved"),
    ),
    "A Service Provider's report": (
        "ACME KPI 202109.csv",
        3,
        "SELECT list(percent_hundredths ORDER BY measure_ref), count(comment), min(report) FROM rows",
        ([9928, 9840, 10000], 1, "monthly"),
    ),
}


def layouts() -> dict[str, tuple[str, str]]:
    """Title to the file's text and the Shape's."""
    found = re.findall(r"^### ([^:\n]+):.*?```csv\n(.*?)```.*?```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S | re.M)
    return {title: (rows, shape) for title, rows, shape in found}


def test_the_page_holds_these_layouts() -> None:
    assert list(layouts()) == list(LAYOUTS)


@pytest.mark.parametrize("title", LAYOUTS)
def test_a_layout_is_taken_in_as_the_page_says(title: str, tmp_path: Path) -> None:
    name, count, asked, answer = LAYOUTS[title]
    rows, shape = layouts()[title]
    desk: Desk = new_desk(tmp_path / "w")
    for other in (desk.root / "shapes").glob("*.toml"):
        other.unlink()
    (desk.root / "shapes" / "acme.toml").write_text(shape)
    (desk.incoming / name).write_text(rows)
    said = desk("take-in", "--format", "json")
    (receipt,) = said.rows
    assert (receipt["accepted"], receipt["refused"], receipt["note"], said.err) == (count, 0, "", "")
    stored = desk.root / "store" / "deliveries" / receipt["delivery"] / "accepted.parquet"
    assert duckdb.connect().execute(asked.replace("FROM rows", f"FROM '{stored}'")).fetchone() == answer


def test_the_page_names_every_key() -> None:
    told = set(re.findall(r"`\[*([a-z_]+)(?:\.COLUMN)?\]*`", PAGE.read_text(encoding="utf-8")))
    keys = {part.alias or name for model in (Shape, Source, Unfold) for name, part in model.model_fields.items()}
    assert not keys - {"name", "where", "when"} - told
