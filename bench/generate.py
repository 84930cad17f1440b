"""Writes the data of the jobs under bench/data/: raw CSV, packed, with planted faults, typed events for the peers, accepted rows for us.

    python -m bench.generate --rows 20_000_000

Three files a format: two whole days and what came after them. The same seed gives the same bytes; a folder that is complete is used again.
"""

import argparse
import json
import shutil
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.population import CODES, DAY_MS, DEVICE_TYPES, FIRST_DAY, REGIONS, SEED, draw, srvs
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.vocabulary import devices
from tocsin.vocabulary.response_codes import response_codes
from tocsin.vocabulary.service_requests import variants
from tocsin.vocabulary.target_times import target_response_us

DATA = Path(__file__).parent / "data"
DAYS = 2
# Raised when the data change, so that an old folder is not taken for the new data.
EDITION = 4
# A line may be so long (deliveries/unpacking.py).
LINE_BYTES = 256 << 10
FIELDS = ("request_id", "point", "observed_at", "srv", "user_id", "device_type", "device_id", "region", "code")

# What is planted in each raw file: a name, how many, and the line it leaves in place of the good one.
FAULTS: Sequence[tuple[str, int, str]] = (
    ("long", 80, "line || ',surplus'"),
    ("longer", 20, "line || ',a,b,c'"),
    ("wide", 5, f"line || repeat('x', {LINE_BYTES})"),
    ("short", 100, "array_to_string(cells[1:5], ',')"),
    ("no_key", 100, "array_to_string(list_concat([''], cells[2:]), ',')"),
    ("no_stamp", 50, "array_to_string(list_concat(cells[1:2], [''], cells[4:]), ',')"),
    ("bad_month", 80, "array_to_string(list_concat(cells[1:2], ['2026-13-01T00:00:00.000Z'], cells[4:]), ',')"),
    ("bad_hour", 80, "array_to_string(list_concat(cells[1:2], ['2026-09-01T25:00:00.000Z'], cells[4:]), ',')"),
    ("bad_words", 60, "array_to_string(list_concat(cells[1:2], ['yesterday noon'], cells[4:]), ',')"),
    ("unknown_srv", 100, "array_to_string(list_concat(cells[1:3], ['99.9'], cells[5:]), ',')"),
    ("unknown_device_type", 100, "array_to_string(list_concat(cells[1:5], ['TOASTER'], cells[7:]), ',')"),
    ("unknown_region", 100, "array_to_string(list_concat(cells[1:7], ['atlantis'], cells[9:]), ',')"),
    ("unknown_code", 100, "array_to_string(list_concat(cells[1:8], ['Q77']), ',')"),
)

TEXT = f"""
    '90B3D51F' || upper(lpad(hex(device), 8, '0')) || ':' || (1000000000000 + request_no) AS request_id,
    CASE WHEN is_answer = 1 THEN 'TX_USER' ELSE 'RX_DSP' END AS point,
    make_timestamp({int(FIRST_DAY.timestamp()) * 1_000_000}::BIGINT + stamp_ms * 1000) AS stamp,
    getvariable('srvs')[srv + 1] AS srv,
    '90B3D51F3' || lpad(party::VARCHAR, 7, '0') AS user_id,
    {list(DEVICE_TYPES)}[device_type + 1] AS device_type,
    '90B3D51F' || upper(lpad(hex(device), 8, '0')) AS device_id,
    {list(REGIONS)}[region + 1] AS region,
    {list(CODES)}[code + 1] AS code
"""


@dataclass(frozen=True)
class Dataset:
    """Where the data of one size lie."""

    folder: Path

    @property
    def deliveries(self) -> list[date]:
        """The day each file is of; it comes the night after."""
        return [FIRST_DAY.date() + timedelta(days=day) for day in range(DAYS + 1)]

    @property
    def raw(self) -> list[Path]:
        """The files as they are received: CSV, packed."""
        return [self.folder / "raw" / f"DSP_SAT_{day:%Y%m%d}.csv.gz" for day in self.deliveries]

    @property
    def events(self) -> list[Path]:
        """Narrow typed events, ids and codes as text: what a peer would keep."""
        return [self.folder / "events" / f"{day:%Y%m%d}.parquet" for day in self.deliveries]

    @property
    def accepted(self) -> list[Path]:
        """The same events as the product's accepted rows (docs/ARCHITECTURE.md, stored rows)."""
        return [self.folder / "accepted" / f"{day:%Y%m%d}.parquet" for day in self.deliveries]

    @property
    def targets(self) -> Path:
        """srv, target_us: the product's own table, written out for the peers."""
        return self.folder / "targets.csv"

    @property
    def known(self) -> Path:
        """The words each coded column may hold, from the product's vocabulary, for the peers to count unknown ones."""
        return self.folder / "known.json"

    @property
    def told(self) -> dict[str, int]:
        """How many rows were written and how many of each fault were planted."""
        return {name: int(count) for name, count in json.loads((self.folder / "told.json").read_text()).items()}


def generate(rows: int, folder: Path = DATA) -> Dataset:
    """The data for about so many audit rows, made in `folder` if they are not there yet."""
    # Accepted rows have the columns of the feed: with other columns they are other data.
    layout = zlib.crc32(repr([(one.name, one.stored_as) for one in AUDIT_TRAIL.columns]).encode())
    made = Dataset(folder / f"{rows}-seed{SEED}-edition{EDITION}-{layout:08x}")
    if not (made.folder / "told.json").is_file():
        _make(made, rows)
    return made


def _make(made: Dataset, rows: int) -> None:
    for name in ("parts", "raw", "events", "accepted"):
        (made.folder / name).mkdir(parents=True, exist_ok=True)
    _write_parts(made, rows)
    on = FIRST_DAY.date()
    lines = [f"{srv},{target_response_us(srv, 'on_demand', on)}" for srv in srvs()]
    made.targets.write_text("\n".join(["srv,target_us", *lines]) + "\n")
    made.known.write_text(json.dumps({name: sorted(words) for name, words in _known().items()}) + "\n")
    told: dict[str, int] = {"rows": 0, "future": 0}
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        engine.execute(f"SET VARIABLE srvs = {list(srvs())}")
        for day, _ in enumerate(made.deliveries):
            for name, count in _write_delivery(engine, made, day).items():
                told[name] = told.get(name, 0) + count
    shutil.rmtree(made.folder / "parts")
    (made.folder / "told.json").write_text(json.dumps(told, indent=1) + "\n")


def _known() -> dict[str, set[str]]:
    return {
        "srv": set(variants()),
        "device_type": set(devices.DEVICE_TYPES),
        "region": set(devices.REGIONS),
        "code": set(response_codes()),
    }


def _write_parts(made: Dataset, rows: int) -> None:
    """Whole numbers first, a file a delivery, with the line each row will stand on (line 1 is the header)."""
    writers: dict[int, pq.ParquetWriter] = {}
    lines = dict.fromkeys(range(DAYS + 1), 2)
    for chunk in draw(rows // 2, DAYS):
        for day in lines:
            part = chunk.take(chunk.columns["delivery"] == day)
            line = np.arange(lines[day], lines[day] + len(part), dtype=np.int64)
            lines[day] += len(part)
            table = pa.table({**part.columns, "line": line})
            if day not in writers:
                writers[day] = pq.ParquetWriter(made.folder / "parts" / f"{day}.parquet", table.schema, compression="lz4")
            writers[day].write_table(table)
    for writer in writers.values():
        writer.close()


def _write_delivery(engine: duckdb.DuckDBPyConnection, made: Dataset, day: int) -> dict[str, int]:
    part = made.folder / "parts" / f"{day}.parquet"
    engine.execute(f"CREATE OR REPLACE TEMP VIEW drawn AS SELECT {TEXT}, line AS line_no, stamp_ms, request_no FROM '{part}'")
    # A stamp on or after the day that follows the file's own is not of this file: it was planted as a stamp from the future.
    is_future = f"stamp_ms >= {(day + 1) * DAY_MS}"
    plain = made.raw[day].with_suffix("")
    told = _write_raw(engine, plain, day, is_future)
    _pack(plain, made.raw[day])
    plain.unlink()
    delivered = made.deliveries[day]
    engine.execute(f"""COPY (
        SELECT request_id, CASE point WHEN 'RX_DSP' THEN 'request' ELSE 'response' END AS kind, stamp AS ts, srv,
               user_id AS party, device_type, device_id, region, nullif(code, '') AS code, DATE '{delivered}' AS delivered_on
        FROM drawn ORDER BY stamp) TO '{made.events[day]}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)""")
    own = {
        "request_id": _key("request_id"),
        "observed_at": "epoch_us(stamp)",
        "time_point": "point",
        "message_class": "CASE point WHEN 'RX_DSP' THEN 'request' ELSE 'response' END",
        "srv": "srv",
        "response_code": "nullif(code, '')",
        "user_id": "user_id",
        "device_id": _key("device_id"),
        "device_type": "device_type",
        "region": "region",
    }
    columns = ", ".join(f"{own.get(one.name, 'NULL')}::{one.stored_as} AS {one.name}" for one in AUDIT_TRAIL.columns)
    engine.execute(f"""COPY (
        SELECT min(line_no)::BIGINT AS line, * EXCLUDE (line_no), {day + 1}::BIGINT AS delivery_no
        FROM (SELECT line_no, {columns} FROM drawn WHERE NOT ({is_future})) GROUP BY ALL ORDER BY observed_at
        ) TO '{made.accepted[day]}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)""")
    return told


def _write_raw(engine: duckdb.DuckDBPyConnection, path: Path, day: int, is_future: str) -> dict[str, int]:
    """The file as received, faults planted on lines drawn by the seed, one to a line; gives what was planted.

    None falls on a stamp from the future or on a repeated row, so that each refused line has one reason and no order of reasons or
    of repeated rows can make two right answers.
    """
    rows, future = engine.execute(f"SELECT count(*), count(*) FILTER (WHERE {is_future}) FROM drawn").fetchall()[0]
    single = f"SELECT min(line_no) AS line_no FROM drawn WHERE NOT ({is_future}) GROUP BY request_no, point, stamp_ms HAVING count(*) = 1"
    present = engine.execute(f"SELECT line_no FROM ({single}) ORDER BY line_no").fetchnumpy()["line_no"]
    random = np.random.default_rng([SEED, day])
    wanted = [min(count, rows // 100) for _, count, _ in FAULTS]
    faults = np.repeat(np.arange(len(FAULTS)), wanted)
    places = random.choice(present, len(faults), replace=False)
    engine.register("planted", pa.table({"line_no": places.astype(np.int64), "fault": faults.astype(np.int64)}))
    cells = "[request_id, point, strftime(stamp, '%Y-%m-%dT%H:%M:%S.%gZ'), srv, user_id, device_type, device_id, region, code]"
    spoilt = " ".join(f"WHEN {number} THEN {line}" for number, (_, _, line) in enumerate(FAULTS))
    engine.execute(f"""COPY (
        SELECT CASE WHEN fault IS NULL THEN line ELSE CASE fault {spoilt} END END AS "{",".join(FIELDS)}"
        FROM (SELECT line_no, fault, {cells} AS cells, array_to_string({cells}, ',') AS line FROM drawn LEFT JOIN planted USING (line_no))
        ) TO '{path}' (FORMAT csv, HEADER, DELIMITER '\t', QUOTE '', ESCAPE '')""")
    planted = {name: count for (name, _, _), count in zip(FAULTS, wanted, strict=True)}
    return {"rows": rows, "future": future, **planted}


def _key(column: str) -> str:
    """feeds.feed.identifier_key in DuckDB's words."""
    return f"(md5_number(upper(trim({column}))) >> 65)"


def _pack(plain: Path, target: Path) -> None:
    aside = target.with_suffix(".aside")
    packer = zlib.compressobj(level=1, wbits=31)
    with plain.open("rb") as source, aside.open("wb") as out:
        while block := source.read(1 << 22):
            out.write(packer.compress(block))
        out.write(packer.flush())
    aside.rename(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--folder", type=Path, default=DATA)
    asked = parser.parse_args()
    made = generate(asked.rows, asked.folder)
    print(f"{made.folder}: {made.told}")


if __name__ == "__main__":
    main()
