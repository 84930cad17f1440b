"""Which rows of the audit trail reach the ledger: the truth is counted from these, and from no others (decision 0005)."""

import numpy as np

from tocsin.estate.block import Block, Truth
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.kinds import is_harmless
from tocsin.estate.senders.trail import TRAIL_SENDERS, sends, slot_start


def delivered_rows(told: Block, fates: Fates) -> Truth:
    """Of rows that `addressed` has made, those sound enough to be accepted, and in a file that comes whole by the end."""
    if not len(told):
        return np.zeros(0, np.bool_)
    first = int(told["file_day"].min())
    files = (told["file_day"].astype(np.int64) - first) * len(TRAIL_SENDERS) + told["sender"]
    # A few days of a few senders: looked up by place, for sorting millions of rows by their file would cost more than drawing them.
    stands = np.zeros(int(files.max()) + 1, np.bool_)
    for file in np.flatnonzero(np.bincount(files)).tolist():
        day, sender = divmod(file, len(TRAIL_SENDERS))
        stands[file] = _stands(fates, first + day, sender)
    delivered: Truth = is_harmless(told["fault"]) & stands[files]
    return delivered


def _stands(fates: Fates, file_day: int, sender: int) -> bool:
    # A sender that is silent by agreement writes no file, so there is none that could stand.
    return sends(fates.plan, sender, file_day) and fates.stands("audit_trail", TRAIL_SENDERS[sender], slot_start(sender, file_day))
