"""Which of the twelve flows a wide request goes, by the recognising marks of domain.md 6.2 as decision 0003 settles them."""

from datetime import date
from functools import cache

import numpy as np

from tocsin.estate.block import Array, Block
from tocsin.estate.truth.wide import NEVER, VARIANTS
from tocsin.estate.words import WORDS
from tocsin.vocabulary.service_requests import CANCELLED_FROM, variants
from tocsin.vocabulary.target_times import FLOWS

# What 11.1 and 11.4 answer for is the acceptance of a list; the images are another journey's.
FIRMWARE = ("11.1", "11.4")

FUTURE_KINDS = ("none", "dsp", "device", "both")

FLOW = {name: place for place, name in enumerate(FLOWS)}


@cache
def _srv_marks(on: date) -> tuple[Array, ...]:
    """By an SRV's number: is it critical, answered in the DCC, firmware, and its kind of future dating (place in FUTURE_KINDS)."""
    listed = variants(on)
    words = (*WORDS["srv"], "untold")
    return (
        np.array([word in listed and listed[word].is_critical for word in words]),
        np.array([word in listed and listed[word].is_non_device for word in words]),
        np.isin(np.array(words), FIRMWARE),
        np.array([FUTURE_KINDS.index(listed[word].future_dated) if word in listed else 0 for word in words], np.int8),
    )


def future_kind(wide: Block, on: date) -> Array:
    """Where the answer of a future-dated request with this SRV comes from: place in FUTURE_KINDS."""
    kinds: Array = _srv_marks(on)[3][wide["srv"]]
    return kinds


def with_flow(wide: Block, on: date) -> Block:
    """The wide requests with `received_at`, `receipt_at` (the receipt that starts a clock), `first_variant` and `flow`.

    A device-held one is `future_device_set_up`, whichever of its two happenings is meant.
    """
    received, signed = wide["received"], wide["signed"]
    is_received, is_signed = received != NEVER, signed != NEVER
    starting = np.where(is_signed, signed, received)
    has_receipt = starting != NEVER
    variant = np.where(has_receipt, starting % VARIANTS, 0)
    first_variant = np.where(is_received, received % VARIANTS, 0)
    is_critical, in_dcc, is_firmware, kinds = (marks[wide["srv"]] for marks in _srv_marks(on))
    # 9 is internal to the DCC and tells nothing of what the User asked for (duis.md 1).
    is_untold = (variant == 0) | (variant == 9)
    is_dated, has_reports = wide["execution_at"] != NEVER, wide["report_count"] > 0
    is_held_by_device = (is_dated & ((kinds >= 2) | ((kinds == 0) & has_reports))) | (~has_receipt & has_reports)
    was_transformed = (first_variant == 4) & is_received
    asked = (
        (wide["scheduled_at"] != NEVER, "scheduled"),
        (is_firmware, "firmware"),
        ((variant == 8) | (is_untold & in_dcc), "dcc_only"),
        (was_transformed & ~is_signed & (wide["commanded_at"] == NEVER), "transform_only"),
        ((variant == 2) | (variant == 6), "local_only"),
        (is_dated & (wide["execution_at"] >= CANCELLED_FROM), "cancellation"),
        (is_held_by_device, "future_device_set_up"),
        (is_dated, "future_dsp"),
        (is_signed | was_transformed | (is_untold & is_critical), "critical"),
    )
    flow = np.select([yes for yes, _ in asked], [FLOW[name] for _, name in asked], FLOW["on_demand"]).astype(np.int8)
    return wide.put(
        received_at=np.where(is_received, received // VARIANTS, NEVER),
        signed_at=np.where(is_signed, signed // VARIANTS, NEVER),
        receipt_at=np.where(has_receipt, starting // VARIANTS, NEVER),
        first_variant=first_variant,
        flow=flow,
    )
