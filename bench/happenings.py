"""Data of the jobs of single journeys: accepted rows of a quarter-hour of alerts, a firmware campaign, hubs without SM WAN (seed 122).

Rows are written as a store holds them after parsing: a Parquet file a sender, keys as 63-bit numbers, `line` and `delivery_no` with them.
Every number is worked out of the place of its row (`mix`), so the same count gives the same bytes on every machine.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb

from bench.population import FIRST_DAY, SEED
from tocsin.feeds import all_feeds
from tocsin.feeds.feed import BAND_SHIFT
from tocsin.vocabulary.calendar import instant
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, QUARTER_HOUR_US, SECOND_US

START_AT = instant(FIRST_DAY)
SLICE_AT = START_AT + 32 * QUARTER_HOUR_US
DSP, NORTH, SECURE = 1, 2, 3
SENDERS = {DSP: "DSP", NORTH: "CSPN", SECURE: "S1SP-SECURE"}
# A stretch of a day, long enough to see that its cost is that of its quarter-hours.
QUARTERS = 8


def mix(salt: int, below: str) -> str:
    """A number from 0 to below `below` that depends on the row's `i` alone."""
    return f"(hash(i * 64 + {SEED * 1000 + salt}) % ({below}))::BIGINT"


def feed_of(path: Path) -> str:
    """The feed that a file of these holds."""
    return path.stem.partition("-")[0]


def by_stage(spans: Mapping[str, str]) -> str:
    """How long after its beginning a stage is passed."""
    return "CASE stage " + " ".join(f"WHEN '{stage}' THEN {span}" for stage, span in spans.items()) + " END"


def write(path: Path, rows: str, told: Mapping[str, str], delivery: int) -> Path:
    """One accepted file, FEED-NAME.parquet: `rows` is a FROM clause that has `i`; what is not told is empty."""
    declared = all_feeds()[feed_of(path)]
    cells = ", ".join(f'CAST({told.get(column.name, "NULL")} AS {column.stored_as}) AS "{column.name}"' for column in declared.columns)
    bands = [f"{declared.banded_by} >> {BAND_SHIFT}"] if declared.banded_by else []
    order = ", ".join([*bands, *declared.sorted_by])
    with duckdb.connect() as engine:
        engine.execute("SET threads = 2")
        engine.execute(
            f"COPY (SELECT row_number() OVER () + 1 AS line, * FROM (SELECT {cells}, {delivery}::BIGINT AS delivery_no FROM {rows}"
            f" ORDER BY {order})) TO '{path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
        )
    return path


def alerts(folder: Path, points: int) -> list[Path]:
    """About so many time-points of one quarter-hour, nationally: five an alert, from the DSP, CSP North and an S1SP.

    Of 1,000 alerts 10 are held back by the throttle, 10 are lost behind the DSP, 3 before it, 40 are not confirmed, and 5 told twice.
    """
    return _quarter_hour(folder, points // 5, 0, QUARTER_HOUR_US - 20 * SECOND_US)


def stretch(folder: Path, points: int) -> list[Path]:
    """The same of several quarter-hours, about so many time-points together: each sender has a file a quarter-hour, and what comes at
    the end of one is passed on in the next.
    """
    count = points // 5 // QUARTERS
    return [file for quarter in range(QUARTERS) for file in _quarter_hour(folder, count, quarter, QUARTER_HOUR_US)]


def _quarter_hour(folder: Path, count: int, quarter: int, over_us: int) -> list[Path]:
    """So many alerts that begin within this time of the start of a quarter-hour after the first."""
    first = quarter * count
    began = f"{SLICE_AT + quarter * QUARTER_HOUR_US} + (i - {first}) * {over_us} // {count}"
    after = {"b": "0", "c": mix(1, "400000"), "d": f"400000 + {mix(2, '900000')}", "e": f"1400000 + {mix(3, '300000')}"}
    after |= {
        "f": f"1800000 + {mix(4, '2000000')} + CASE WHEN {mix(5, '50')} = 0 THEN 9000000 ELSE 0 END",
        "g": f"13000000 + {mix(6, '700000')}",
    }
    provider = "CASE i % 3 WHEN 0 THEN 'CSPC' WHEN 1 THEN 'CSPN' ELSE 'S1SP-SECURE' END"
    region = "CASE i % 3 WHEN 0 THEN 'central' WHEN 1 THEN 'north' ELSE 'smets1' END"
    # Who tells which stage: of CSP Central & South the DSP sees c as well (CR1438).
    tells = {DSP: "stage IN ('e', 'f', 'g') OR (stage = 'c' AND i % 3 = 0)", NORTH: "stage IN ('c', 'd') AND i % 3 = 1"}
    tells[SECURE] = "stage IN ('b', 'c', 'd') AND i % 3 = 2"
    held = f"{mix(7, '1000')} < 10"
    goes_on = f"""CASE WHEN {mix(8, "1000")} < 3 THEN stage <= 'd' WHEN {mix(7, "1000")} < 20 THEN stage <= 'e'
        WHEN {mix(9, "1000")} < 40 THEN stage <= 'f' ELSE TRUE END"""
    files = []
    for number, sender in SENDERS.items():
        rows = f"""(SELECT i, stage FROM range({first}, {first + count}) AS alerts(i),
            (VALUES ('b'), ('c'), ('d'), ('e'), ('f'), ('g')) AS stages(stage),
            range(CASE WHEN {mix(10, "1000")} < 5 THEN 2 ELSE 1 END) WHERE ({tells[number]}) AND {goes_on})"""
        told = {
            "alert_key": "(hash(i) >> 1)::BIGINT",
            "stage": "stage",
            "observed_at": f"{began} + {by_stage(after)}",
            "alert_code": f"CASE {mix(11, '4')} WHEN 0 THEN '8F36' WHEN 1 THEN '8002' ELSE '8F0A' END",
            "kind": "'device'",
            "device_id": f"({mix(12, '10000000')})",
            "device_type": "'ESME'",
            "region": region,
            "service_provider": provider,
            "is_consolidated": f"stage = 'e' AND {held}",
        }
        files.append(write(folder / f"alert_stages-{sender}-{quarter:02d}.parquet", rows, told, quarter * len(SENDERS) + number))
    return files


def campaign(folder: Path, devices: int) -> list[Path]:
    """One image for so many devices: accepted over three days, most delivered and activated, some late, failed, refused, named again."""
    accepted = f"{START_AT} + {mix(1, str(3 * DAY_US))}"
    hub, han = f"600 * {SECOND_US} + {mix(2, str(DAY_US))}", f"{DAY_US} + {mix(3, str(2 * DAY_US))}"
    asked, answered = f"{4 * DAY_US} + {mix(4, str(DAY_US))}", f"{5 * DAY_US} + {mix(5, str(10 * MINUTE_US))}"
    steps = {"F0": "0", "F1": f"{30 * SECOND_US}", "F2": hub, "F3": han, "F4": asked, "F5": answered, "F6": f"{6 * DAY_US}"}
    luck = mix(6, "1000")
    # How far each comes: refused, failed on the HAN, never activated, no answer but the version (11.2), all the way.
    comes = f"CASE WHEN {luck} < 10 THEN stage = 'F0' WHEN {luck} < 50 THEN stage <= 'F3' WHEN {luck} < 120 THEN stage <= 'F3'"
    comes += f" WHEN {luck} < 150 THEN stage <> 'F5' ELSE stage <= 'F5' END"
    told = {
        "request_id": "(hash(i // 500) >> 1)::BIGINT",
        "device_id": "(hash(i + 7000000000) >> 1)::BIGINT",
        "stage": "stage",
        "observed_at": f"{accepted} + {by_stage(steps)}",
        "result": f"CASE WHEN {luck} < 10 THEN 'refused' WHEN {luck} < 50 AND stage = 'F3' THEN 'failed' ELSE 'ok' END",
        "srv": "CASE WHEN stage <= 'F3' THEN '11.1' WHEN stage = 'F6' THEN '11.2' ELSE '11.3' END",
        "image_version": "CASE WHEN stage = 'F0' THEN '0102030A' END",
        "version_found": "CASE WHEN stage >= 'F5' THEN '0102030A' END",
        "device_type": "CASE WHEN i % 3 = 0 THEN 'GSME' ELSE 'ESME' END",
        "model": "'Maker ' || (i % 12)",
        "region": "CASE i % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'central' ELSE 'south' END",
        "service_provider": "CASE i % 3 WHEN 0 THEN 'CSPN' WHEN 1 THEN 'CSPC' ELSE 'CSPS' END",
    }
    stages = ", ".join(f"('{stage}')" for stage in steps)
    rows = f"(SELECT i, stage FROM range({devices}) AS named(i), (VALUES {stages}) AS stages(stage) WHERE {comes})"
    return [write(folder / "device_firmware-DSP.parquet", rows, told, DSP)]


def hubs(folder: Path, count: int) -> list[Path]:
    """So many 8.14.2 of a month with their Incidents and CSP records: 97 of 100 on each side, 1 of 100 in conflict on its category."""
    at = f"{START_AT} + {mix(1, str(25 * DAY_US))}"
    hub = "(hash(i + 9000000000) >> 1)::BIGINT"
    trail = {
        "request_id": "(hash(i) >> 1)::BIGINT",
        "observed_at": at,
        "time_point": "'RX_DSP'",
        "message_class": "'request'",
        "srv": "'8.14.2'",
        "command_variant": "8",
        "user_id": "'90-B3-D5-1F-30-00-00-01'",
        "device_id": hub,
        "device_type": "'CHF'",
        "region": "CASE i % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'central' ELSE 'south' END",
    }
    answers = trail | {"observed_at": f"{at} + 2000000", "time_point": "'TX_USER'", "message_class": "'response'", "response_code": "'I0'"}
    listed = {
        "incident_id": "'INC' || lpad(i::VARCHAR, 12, '0')",
        "list_kind": "'raised'",
        "category": "4",
        "submitted_at": f"{at} + {10 * MINUTE_US}",
        "comms_hub_id": hub,
        "mpxn": "(hash(i + 5000000000) >> 1)::BIGINT",
        "region": trail["region"],
        "service_provider": "CASE i % 3 WHEN 0 THEN 'CSPN' WHEN 1 THEN 'CSPC' ELSE 'CSPS' END",
    }
    received = listed | {"list_kind": "'received'", "category": f"CASE WHEN {mix(4, '100')} = 0 THEN 3 ELSE 4 END"}
    every = f"range({count}) AS hubs(i)"
    return [
        write(folder / "audit_trail-asked.parquet", every, trail, DSP),
        write(folder / "audit_trail-answered.parquet", every, answers, DSP),
        write(folder / "no_sm_wan_incidents-DSP.parquet", f"{every} WHERE {mix(2, '100')} < 97", listed, DSP),
        write(folder / "no_sm_wan_incidents-CSPN.parquet", f"{every} WHERE {mix(3, '100')} < 97", received, NORTH),
    ]


def row_count(files: Sequence[Path]) -> int:
    """How many rows files hold together, by their footers."""
    names = [str(path) for path in files]
    return int(duckdb.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({names})").fetchall()[0][0])


def deliveries(job: str) -> list[tuple[int, str, int, int]]:
    """Number, sender and the time covered of every delivery of a job."""
    start_at, end_at = STRETCHES[job]
    quarters = QUARTERS if job == "stretch" else 1
    covers = (end_at - start_at) // quarters
    return [
        (quarter * len(SENDERS) + number, sender, start_at + quarter * covers, start_at + (quarter + 1) * covers)
        for quarter in range(quarters)
        for number, sender in SENDERS.items()
    ]


MAKERS: Mapping[str, Callable[[Path, int], list[Path]]] = {"alerts": alerts, "stretch": stretch, "campaign": campaign, "hubs": hubs}
# What a job's journeys are worked out for: the quarter-hours, or the month.
STRETCHES = dict.fromkeys(MAKERS, (START_AT, START_AT + 30 * DAY_US)) | {
    "alerts": (SLICE_AT, SLICE_AT + QUARTER_HOUR_US),
    "stretch": (SLICE_AT, SLICE_AT + QUARTERS * QUARTER_HOUR_US),
}
