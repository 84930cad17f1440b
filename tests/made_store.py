"""A store with Shapes and received files, for any test that wants deliveries taken in."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from tocsin.deliveries.contract import Means
from tocsin.deliveries.intake import Receipt, take_in
from tocsin.deliveries.ledger import Ledger
from tocsin.deliveries.store import Store
from tocsin.feeds import all_feeds
from tocsin.feeds.shape_file import load_shapes
from tocsin.vocabulary.calendar import parse_instant

# Long after every stamp in the tests, so that none is in the future unless a test wants it to be.
RECEIVED_AT = parse_instant("2026-03-10T09:00:00Z")

SAT_SHAPE = """
feed = "audit_trail"
sender = "DSP"
pattern = "DSP_SAT_{day}_{submission}.*"
[columns]
request_id = "id"
observed_at = "at"
time_point = "point"
message_class = "class"
srv = "srv"
response_code = "code"
device_id = "device"
"""
SAT_HEADER = "id,at,point,class,srv,code,device"


def sat_row(
    number: int, at: str = "2026-03-01T10:00:00.000Z", point: str = "RX_DSP", message_class: str = "request", code: str = ""
) -> str:
    """One audit-trail line of the layout of SAT_SHAPE."""
    return f"90-B3-D5-1F-30-00-00-01:00-DB-12-34-56-78-90-A0:{number},{at},{point},{message_class},4.1.1,{code},00-DB-12-34-56-78-90-A0"


@dataclass
class MadeStore:
    """`incoming` holds files, `shapes` holds Shapes; each intake happens a minute after the one before."""

    root: Path
    minutes: itertools.count = field(default_factory=itertools.count)
    ledger_url: str | None = None

    @property
    def store(self) -> Store:
        return Store(self.root / "store", self.ledger_url)

    @property
    def incoming(self) -> Path:
        return self.root / "incoming"

    def shape(self, name: str, text: str) -> Path:
        path = self.root / "shapes" / f"{name}.toml"
        path.write_text(text)
        return path

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.incoming / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def sat(self, name: str, *rows: str) -> Path:
        return self.file(name, "\n".join([SAT_HEADER, *rows, ""]))

    def take_in(self, *files: Path, means: Means | None = None) -> list[Receipt]:
        at = RECEIVED_AT + next(self.minutes) * 60_000_000
        return take_in(self.store, files, load_shapes(self.root / "shapes"), at, means=means)

    def ledger(self) -> Ledger:
        return Ledger(self.store)

    def accepted(self, receipt: Receipt, columns: str = "*", *, is_as_stored: bool = False) -> list[tuple]:
        """Rows of accepted.parquet, in the order of the file; where that has bands of keys, in the order they have within a band."""
        feed = all_feeds().get(receipt.delivery.feed or "")
        order = "" if is_as_stored or feed is None or feed.banded_by is None else f"ORDER BY {', '.join(feed.sorted_by)}, line"
        return duckdb.sql(f"SELECT {columns} FROM read_parquet('{self.store.accepted(receipt.delivery.delivery_id)}') {order}").fetchall()

    def refused(self, receipt: Receipt) -> list[tuple]:
        """(line, check id, reason, raw) of refused.parquet, in the order of the file."""
        return duckdb.sql(f"FROM read_parquet('{self.store.refused(receipt.delivery.delivery_id)}')").fetchall()


def make_store(root: Path) -> MadeStore:
    """A store below `root` with the Shape SAT_SHAPE, and nothing in it."""
    for folder in ("store", "incoming", "shapes"):
        (root / folder).mkdir(parents=True)
    made = MadeStore(root)
    made.shape("dsp_audit_trail", SAT_SHAPE)
    return made
