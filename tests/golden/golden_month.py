"""The golden month: a September 2021 of a few dozen rows and the August before it, taken in and closed, and its report as text.

    python tests/golden/golden_month.py      (make golden) writes the report under review anew

The trail and the party list are in `pmr/when/`; of every other feed the example file of docs/feeds is taken. What differs from machine to
machine or from release to release and is no figure (names of runs, digests, when it was made) is put in one form.
"""

import csv
import io
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lxml import html as parser
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from desk_road import Desk, tocsin  # noqa: E402
from tocsin.feeds import all_feeds  # noqa: E402
from tocsin.reports.document import Document, document_of  # noqa: E402
from tocsin.reports.figure_files import figures_csv  # noqa: E402
from tocsin.reports.frozen import FrozenRun, from_json  # noqa: E402
from tocsin.reports.html_page import html_of  # noqa: E402
from tocsin.reports.typst_pdf import pdf_of  # noqa: E402
from tocsin.reports.workbook import workbook_of  # noqa: E402

WHEN = HERE / "pmr" / "when"
THEN = HERE / "pmr" / "then"
EXAMPLES = HERE.parents[1] / "docs" / "feeds" / "examples"
BEFORE, MONTH, AS_AT_BEFORE, AS_AT, RECEIVED_AT = "2021-08", "2021-09", "2021-09-14T00:00Z", "2021-10-14T00:00Z", "2021-10-05T08:00Z"
# As in the pages of docs/feeds, with the sender whom the files of this month are of.
PATTERNS = {"quarter_hour": "{quarter_hour:%Y%m%dT%H%M}", "day": "{day:%Y%m%d}", "month": "{month:%Y%m}", "occasion": "*"}
SENDERS = {"party_list": "SECAS", "device_inventory": "DSP", "incidents": "DCC", "incident_log": "DCC", "alert_counts": "S1SP-SECURE"}
SETTINGS = """[workspace]
title = "The golden month"

[[expected]]
feed = "provider_reports"
sender = "CSPN"
every = "month"

[[expected]]
feed = "hub_orders"
sender = "CSPN"
every = "month"

[[expected]]
feed = "outages"
sender = "DSP"
every = "month"
"""


def files() -> dict[str, Path]:
    """The received files by the names they come under; of a feed without a file of its own, its example."""
    own = {path.name: path for path in sorted(WHEN.glob("*.csv"))}
    codes = {name.split("_")[1] for name in own}
    found = dict(own)
    for name, feed in all_feeds().items():
        if feed.code not in codes:
            (example,) = EXAMPLES.glob(f"SENDER_{feed.code}_*.csv")
            found[example.name.replace("SENDER", sender_of(name))] = example
    return found


def sender_of(feed: str) -> str:
    return SENDERS.get(feed, "DSP" if feed in {"audit_trail", "alert_stages", "device_firmware", "outages", "smki_services"} else "CSPN")


def closed_months(root: Path) -> Desk:
    """A workspace with both months taken in and closed."""
    assert tocsin("init", root).code == 0
    desk = Desk(root)
    desk.settings(SETTINGS)
    # The same party codes on every machine: this key keeps no secret.
    (root / "secret" / "anonymity.key").write_text("0" * 64 + "\n", encoding="utf-8")
    for name, feed in all_feeds().items():
        sender = sender_of(name)
        (header, *_) = next(path for file, path in files().items() if file.split("_")[1] == feed.code).read_text("utf-8").splitlines()
        columns = "\n".join(f'{column} = "{column}"' for column in header.split(","))
        pattern = f'pattern = "{sender}_{feed.code}_{PATTERNS[feed.every]}.csv"'
        (root / "shapes" / f"{name}.toml").write_text(f'feed = "{name}"\nsender = "{sender}"\n{pattern}\n[columns]\n{columns}\n', "utf-8")
    for file, path in files().items():
        shutil.copy(path, desk.incoming / file)
        received_at = AS_AT_BEFORE if file.startswith("DSP_AT_202108") else RECEIVED_AT
        (row,) = desk.take_in(desk.incoming / file, received_at=received_at)
        assert (row["result"], row["refused"]) == ("accepted", 0), row
    desk.close(BEFORE, AS_AT_BEFORE)
    desk.close(MONTH, AS_AT)
    return desk


def golden_run(desk: Desk) -> FrozenRun:
    """The run of the month, in the form that is the same everywhere."""
    (path,) = (desk.root / "runs" / MONTH).glob("*/run.json")
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(2021-0[89])-[0-9]{8}T[0-9]{6}-[0-9a-f]{8}", r"\1-RUN", text)
    text = re.sub(r"\b[0-9a-f]{64}\b", "0" * 64, text)
    text = re.sub(r'"code_version": ?"[^"]*"', '"code_version":"VERSION"', text)
    text = re.sub(r'"made_at": ?[0-9]+', '"made_at":1634169600000000', text)
    return from_json(text)


@dataclass(frozen=True)
class Made:
    """The report in the formats that are read back."""

    document: Document
    html: str
    pdf: bytes
    xlsx: bytes


def made_of(run: FrozenRun) -> Made:
    document = document_of(run)
    return Made(document, html_of(document), pdf_of(document), workbook_of(document))


def golden_texts(made: Made) -> dict[str, str]:
    """The report as files of text that a person can read and compare: name to content."""
    by_sheet = sheets(made.xlsx)
    return {
        "figures.csv": figures_csv(made.document.run.figures).replace("\r\n", "\n"),
        "pmr.html": html_text(made.html),
        "pmr.txt": pdf_text(made.pdf),
        # Their order by itself, so that a new sheet is a new file and renames none.
        "workbook/sheets.txt": "".join(f"{name}\n" for name in by_sheet),
        **{f"workbook/{name}.csv": text for name, text in by_sheet.items()},
    }


def html_text(page: str) -> str:
    """The page without its look and its drawings: what it says and how it is built."""
    bare = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    assert parser.fromstring(bare) is not None
    return "\n".join(line.rstrip() for line in bare.splitlines() if line.strip()) + "\n"


def pdf_text(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    told = (f"--- page {n} ---\n{page.extract_text()}" for n, page in enumerate(pages, start=1))
    return "\n".join(line.rstrip() for one in told for line in one.splitlines()) + "\n"


def sheets(workbook: bytes) -> dict[str, str]:
    """Every sheet as CSV, but the one of all figures, which figures.csv holds."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    found = {}
    for name in (name for name in book.sheet_names if name != "Figures"):
        out = io.StringIO()
        rows = [
            [f"{cell:.15g}" if isinstance(cell, float) else str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()
        ]
        widths = [max((at + 1 for at, cell in enumerate(row) if cell), default=0) for row in rows]
        csv.writer(out, lineterminator="\n").writerows(row[:width] for row, width in zip(rows, widths, strict=True))
        found[re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")] = out.getvalue()
    assert len(found) == len(book.sheet_names) - 1, "two sheets are called alike"
    return found


def write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        texts = golden_texts(made_of(golden_run(closed_months(Path(folder) / "workspace"))))
    shutil.rmtree(THEN, ignore_errors=True)
    for name, text in texts.items():
        path = THEN / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(HERE.parents[1]))


if __name__ == "__main__":
    write()
