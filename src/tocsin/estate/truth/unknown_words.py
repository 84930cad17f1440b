"""Codes that no list has, as they stand in the files that come: how many rows of each sender the product must remark on."""

from collections import Counter

import numpy as np

from tocsin.estate.block import Block, Truth
from tocsin.estate.faults.kinds import ROW_FAULTS
from tocsin.estate.senders.rhythm import FEED, TRAIL_SENDERS
from tocsin.estate.truth.faults import PlantedFault
from tocsin.estate.words import WORDS
from tocsin.vocabulary.alerts import COMPLETED, NOT_COMPLETED
from tocsin.vocabulary.devices import region_words
from tocsin.vocabulary.response_codes import response_codes
from tocsin.vocabulary.service_requests import variants

# Fault by column. The other coded columns hold words of the vocabulary alone.
FAULTS = {"srv": "unknown_srv", "response_code": "unknown_code", "region": "unknown_region"}
CHECK = "check:AT-UNKNOWN"


class UnknownWords:
    """Counts rows with unknown codes while the month is drawn."""

    def __init__(self) -> None:
        known = {"srv": variants().keys(), "response_code": {*response_codes(), COMPLETED, NOT_COMPLETED}, "region": region_words().keys()}
        self.is_unknown = {column: np.array([word not in {"", *known[column]} for word in WORDS[column]]) for column in FAULTS}
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, rows: Block, delivered: Truth) -> None:
        """Rows as addressed, and which of them reach the ledger; a row copied stands twice."""
        for column, is_unknown in self.is_unknown.items():
            strange = np.flatnonzero(is_unknown[rows[column]] & delivered)
            twice = rows["fault"][strange] == ROW_FAULTS.index("copied")
            for sender, count in enumerate(np.bincount(rows["sender"][strange], 1 + twice, len(TRAIL_SENDERS)).astype(np.int64).tolist()):
                if count:
                    self.counts[column, TRAIL_SENDERS[sender]] += count

    def planted(self) -> list[PlantedFault]:
        """One fault for each column and sender; no file's alone, since a file's own share is not known until it is closed."""
        return [
            PlantedFault(FAULTS[column], FEED, sender, "", "", count, f"{CHECK}:{column}")
            for (column, sender), count in sorted(self.counts.items())
        ]
