"""The DSP's device inventory as a Parquet file, a piece at a time: the whole network has tens of millions of devices."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.estate.block import Array, Block
from tocsin.estate.models import firmware_versions, models
from tocsin.estate.senders.text import StampForm, euis, picked, stamps, words

SECONDS = StampForm("%Y-%m-%dT", "{s:02d}Z")
DUIS_REGIONS = {"north": "North", "central": "Central", "south": "South", "smets1": "SMETS1"}
STATUS = "Commissioned"

# Written at a time, so that the text of tens of millions of ids is never all there.
PIECE = 250_000

# Nearly every id is another, so a dictionary of them would only cost.
IDS = ("DeviceID", "CHFDeviceID")


def write_inventory(body: Path, devices: Block, places: Array, changed: Block | None = None) -> int:
    """Write the devices at some places in the DSP's layout (shapes/dsp_inventory.toml), one row at least; gives how many rows there are.

    `changed`: rows more, of devices told before that run another version since: place, since_us, firmware (place of the version).
    The same devices, the same bytes.
    """
    pieces = _tables(devices, places, Block({}) if changed is None else changed)
    first = next(pieces)
    coded = [column for column in first.column_names if column not in IDS]
    rows = len(first)
    with pq.ParquetWriter(body, first.schema, compression="zstd", use_dictionary=coded) as writer:
        writer.write_table(first)
        for piece in pieces:
            writer.write_table(piece)
            rows += len(piece)
    return rows


def _tables(devices: Block, places: Array, changed: Block) -> Iterator[pa.Table]:
    """The rows, a piece at a time."""
    for start in range(0, len(places), PIECE):
        these = places[start : start + PIECE]
        yield _table(devices, these, devices.take(these))
    for start in range(0, len(changed), PIECE):
        piece = changed.take(np.arange(start, min(start + PIECE, len(changed))))
        rows = devices.take(piece["place"]).put(installed_us=piece["since_us"], firmware=piece["firmware"])
        yield _table(devices, piece["place"], rows)


def _table(devices: Block, places: Array, rows: Block) -> pa.Table:
    """Rows of the devices at some places; a Communications Hub has no hub of its own."""
    names = pa.array([model.name for model in models()])
    versions = pa.array(firmware_versions())
    generations = pa.array(["SMETS2", "SMETS1"])
    return pa.table(
        {
            "DeviceID": euis(rows["eui"]),
            "DeviceType": words("device_type", rows["device_type"]),
            "CSPRegion": words("region", rows["region"], DUIS_REGIONS),
            "SMETSVersion": picked(generations, rows["is_smets1"].astype(np.int8)),
            "ServiceProvider": words("service_provider", rows["service_provider"]),
            "DeviceModel": picked(names, rows["model"]),
            "FirmwareVersion": picked(versions, rows["firmware"]),
            "CHFDeviceID": euis(np.where(rows["hub"] == places, np.uint64(0), devices["eui"][rows["hub"]])),
            "DeviceStatus": pa.repeat(STATUS, len(places)),
            "ValidFrom": stamps(rows["installed_us"], SECONDS),
        }
    )
