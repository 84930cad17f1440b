"""The lines of a received file as they came: what trace shows in the end."""

from collections.abc import Collection

from tocsin.deliveries.ledger import Delivery
from tocsin.deliveries.store import Store
from tocsin.deliveries.unpacking import Limits, blocks

# A file that was accepted unpacked within its limits then; reading it again must not be refused by tighter ones now.
UNBOUNDED = Limits(max_unpacked_bytes=1 << 62, max_ratio=1 << 30, ratio_from_bytes=1 << 62)
_BINARY = (b"PAR1", b"PK\x03\x04")


def original_lines(store: Store, delivery: Delivery, wanted: Collection[int]) -> dict[int, str]:
    """Line number (from 1) to its text. A Parquet file or a workbook has rows and no lines: nothing is given for them."""
    if not wanted:
        return {}
    found: dict[int, str] = {}
    last, number, rest = max(wanted), 1, b""
    for block in blocks(store.raw_file(delivery.digest), UNBOUNDED):
        if number == 1 and not rest and block.startswith(_BINARY):
            return {}
        *whole, rest = (rest + block).split(b"\n")
        for line in whole:
            if number in wanted:
                found[number] = _text(line)
            number += 1
        if number > last:
            return found
    if rest and number in wanted:
        found[number] = _text(rest)
    return found


def _text(line: bytes) -> str:
    return line.rstrip(b"\r").decode("utf-8", errors="backslashreplace").removeprefix("\ufeff")
