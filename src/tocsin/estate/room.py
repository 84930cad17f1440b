"""How much disk a simulation needs: told before it begins, so that a disk too small is a message and not a crash hours later."""

import shutil
from collections.abc import Sequence
from math import ceil
from pathlib import Path

from tocsin.estate.faults.rhythm import day_of
from tocsin.estate.growth import volume_of
from tocsin.estate.plan import Plan
from tocsin.vocabulary.errors import BadDeclaration

# Rows of the audit trail a Service Request leaves, and stages an alert passes (domain.md 7 and 9), each rounded up.
ROWS_A_REQUEST, ROWS_AN_ALERT = 3, 7
# A packed row, an identifier of each kind in it telling something new; measured: 36 and 22 (docs/performance.md), and some room to pack.
BYTES_A_ROW, BYTES_A_STAGE = 60, 30
# A meter has about two devices more in its home (domain.md 14), each a line of the inventory and of its additions.
BYTES_A_METER = 3 * 60
# Registers, incidents, reports and the truth, whatever the scale.
BYTES_ALWAYS = 50_000_000


def room_needed(plan: Plan) -> int:
    """Bytes of disk, about: files that come twice and the room to pack them in included."""
    volume = volume_of(plan.period)
    month = len(plan.period.days())
    first = plan.days.start if plan.slices_from is None else day_of(plan.slices_from)
    sliced = max(0, plan.days.stop - max(first, plan.days.start))
    rows = volume.messages * ROWS_A_REQUEST * len(plan.days) * BYTES_A_ROW
    stages = (volume.device_alerts + volume.dcc_alerts) * ROWS_AN_ALERT * sliced * BYTES_A_STAGE
    # A day by itself has no inventory.
    meters = 0 if plan.only_on is not None else volume.smets1_meters + volume.smets2_meters
    return BYTES_ALWAYS + ceil(((rows + stages) / month + meters * BYTES_A_METER) * plan.scale)


def refuse_too_little_room(plans: Sequence[Plan], aside: Path) -> None:
    """Raise BadDeclaration where the disk of a folder has too little room for some plans."""
    needed, free, plan = sum(room_needed(plan) for plan in plans), shutil.disk_usage(aside).free, plans[0]
    if needed > free:
        months = " to ".join(dict.fromkeys((plan.period.label, plans[-1].period.label)))
        raise BadDeclaration(
            f"{aside.parent}: about {needed / 1e9:,.1f} GB are needed for {months} at scale {float(plan.scale):g}, found"
            f" {free / 1e9:,.1f} GB free. Nothing was written. Choose a smaller scale, or a workspace on a larger disk."
        )
