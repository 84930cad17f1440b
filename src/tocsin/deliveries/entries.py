"""What the ledger is told of a received file: nothing but its name at first, then its digest, then what became of its lines."""

import unicodedata
from dataclasses import replace
from pathlib import Path

from tocsin.deliveries.contract import VERSION
from tocsin.deliveries.ledger import Delivery
from tocsin.engines.pieces import Counts
from tocsin.vocabulary.calendar import moment

# Signs that break a line, turn its direction or are no text at all (bytes that are not UTF-8, which a file name may well have).
UNTOLD = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def name_of(file: Path) -> str:
    r"""A file's name as it is recognised, entered and told: what is no text, or would break a line of it, is escaped (\xff, \n)."""
    return "".join(_escaped(sign) if unicodedata.category(sign) in UNTOLD else sign for sign in file.name)


def _escaped(sign: str) -> str:
    # Python hands on a byte that is not UTF-8 as a lone surrogate, U+DC80 to U+DCFF (PEP 383).
    byte = ord(sign) - 0xDC00
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else ascii(sign)[1:-1]


def entry_of(number: int, file_name: str, received_at: int) -> Delivery:
    """A file about which nothing is known yet but its name: what a refusal enters."""
    return Delivery(
        delivery_no=number,
        delivery_id=identity(received_at, number, "none"),
        file_name=file_name,
        digest="",
        feed=None,
        shape=None,
        sender=None,
        covers_start_at=None,
        covers_end_at=None,
        submission="",
        received_at=received_at,
        status="refused",
        lines=0,
        accepted=0,
        refused=0,
        duplicates=0,
        blank=0,
        passed_over=0,
        first_at=None,
        last_at=None,
        contract_version=VERSION,
        contract_digest="",
        reason="",
    )


def named(entry: Delivery, digest: str) -> Delivery:
    return replace(entry, digest=digest, delivery_id=identity(entry.received_at, entry.delivery_no, digest))


def counted(entry: Delivery, counts: Counts) -> Delivery:
    return replace(
        entry,
        status="accepted",
        lines=counts.lines,
        accepted=counts.accepted,
        refused=counts.refused,
        duplicates=counts.duplicates,
        blank=counts.blank,
        passed_over=counts.passed_over,
        first_at=counts.first_at,
        last_at=counts.last_at,
    )


def identity(received_at: int, number: int, digest: str) -> str:
    return f"{moment(received_at):%Y%m%dT%H%M%SZ}-{digest[:10]}-{number}"
