"""What a frozen run keeps of alerts beside its figures: the DSP's quarter-hours, and which sender can tell which stage."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SliceLine:
    """One quarter-hour (its start, µs UTC) as the DSP tells it: received from providers, held back in storms, passed to Users."""

    slice_at: int
    received: int
    held_back: int
    forwarded: int


@dataclass(frozen=True)
class StageLine:
    """Whether a sender can tell a stage at all."""

    sender: str
    stage: str
    is_provided: bool


@dataclass(frozen=True)
class AlertLines:
    """All of them."""

    slices: tuple[SliceLine, ...] = ()
    stages: tuple[StageLine, ...] = ()


NO_ALERT_LINES = AlertLines()
