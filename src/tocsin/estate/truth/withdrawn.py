"""Which future-dated requests their Users called off: by the rule, since a cancellation does not name what it cancels (decision 0003)."""

from dataclasses import dataclass

import numpy as np

from tocsin.estate.block import Array, Block, Truth, Whole
from tocsin.estate.truth.flows import FLOW
from tocsin.estate.truth.limits import Limits
from tocsin.estate.truth.readings import DONE
from tocsin.estate.truth.wide import NEVER, UNTOLD_SRV, VERDICTS


@dataclass(frozen=True)
class Withdrawals:
    """By place in the wide requests: was it withdrawn, and how many did it withdraw itself."""

    is_withdrawn: Truth
    withdrew: Whole


def answered_well(wide: Block) -> Truth:
    """The deciding answer is one of success: a device-held command is set up by it."""
    well: Truth = (wide["answered"] != NEVER) & (wide["answered"] % VERDICTS == DONE)
    return well


def told_failed(wide: Block) -> Truth:
    """A command that was set up, and of which the DCC told at its execution time or later that it failed."""
    told: Truth = answered_well(wide) & (wide["failed"] != NEVER) & (wide["failed"] // VERDICTS >= wide["execution_at"])
    return told


def _cancels(wide: Block, limits: Limits) -> Truth:
    """Done in time: neither refused, nor failed, nor answered too late."""
    waits_until = wide["receipt_at"] + limits.grace_us + limits.target(wide["flow"], wide["srv"], 0)
    done: Truth = (wide["flow"] == FLOW["cancellation"]) & answered_well(wide)
    return done & (wide["answered"] // VERDICTS <= waits_until)


def withdrawals(wide: Block, limits: Limits) -> Withdrawals:
    """Every future-dated request is withdrawn by the first cancellation of the same User, device and SRV received after it.

    Only one whose execution time was still to come, and of which no outcome has been told.
    """
    found = Withdrawals(np.zeros(len(wide), bool), np.zeros(len(wide), np.int64))
    if not (wide["flow"] == FLOW["cancellation"]).any():
        return found
    is_told = (wide["receipt_at"] != NEVER) & (wide["user"] >= 0) & (wide["dated_device"] != 0) & (wide["srv"] != UNTOLD_SRV)
    places = np.flatnonzero(is_told)
    kin = wide.take(places)
    cancels = _cancels(kin, limits)
    held_by_device = (kin["flow"] == FLOW["future_device_set_up"]) & (kin["report_count"] == 0) & answered_well(kin) & ~told_failed(kin)
    is_owed = held_by_device | ((kin["flow"] == FLOW["future_dsp"]) & (kin["answered"] == NEVER))
    # By User, device and SRV, the latest receipt first; of one instant the cancellation last, for it cancels only what came before it.
    order = np.lexsort((kin["request"], cancels, -kin["receipt_at"], kin["srv"], kin["dated_device"], kin["user"]))
    called_off, counts = _called_off(kin.take(order), cancels[order], is_owed[order])
    found.is_withdrawn[places[order]] = called_off
    found.withdrew[places[order]] = counts
    return found


def _called_off(kin: Block, cancels: Truth, is_owed: Truth) -> tuple[Truth, Array]:
    """Of rows in that order: which are withdrawn, and how many each cancellation withdrew (the first of several of one instant)."""
    called_off, counts = np.zeros(len(kin), bool), np.zeros(len(kin), np.int64)
    own = by = None
    # Future-dated requests of Users who cancelled are few; the rest of the loop is one comparison a row.
    for row in np.flatnonzero(cancels | is_owed):
        alike = (int(kin["user"][row]), int(kin["dated_device"][row]), int(kin["srv"][row]))
        received_at = int(kin["receipt_at"][row])
        if alike != own:
            own, by = alike, None
        if cancels[row]:
            # Of cancellations of one instant the first by request counts for all of them.
            if by is None or int(kin["receipt_at"][by]) != received_at:
                by = row
        elif by is not None and int(kin["receipt_at"][by]) < int(kin["execution_at"][row]):
            called_off[row] = True
            counts[by] += 1
    return called_off, counts
