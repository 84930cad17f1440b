"""What files that came tell of a day's alerts: the earliest stamp of each stage, and what else is told, whoever told it (domain.md 7.3)."""

from dataclasses import dataclass, field

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block, Truth, Whole
from tocsin.vocabulary.instants import SECOND_US

STAGES = "abcdefg"
TARGET_US, LOST_AFTER_US, SKEW_US = 60 * SECOND_US, 86_400 * SECOND_US, 2 * SECOND_US

# Outcomes by number, as `alert_ends` gives them.
OUTCOMES = ("delivered", "late", "consolidated", "open", "lost", "unseen")
DELIVERED, LATE, CONSOLIDATED, OPEN, LOST, UNSEEN = range(6)


def earliest(first: Whole, second: Whole) -> Whole:
    """The earlier of two instants where both are told, else the one that is."""
    return np.where(first == EMPTY, second, np.where(second == EMPTY, first, np.minimum(first, second)))


def between(first: Whole, second: Whole) -> Whole:
    """How long from the first to the second; EMPTY where either is not told."""
    return np.where((first == EMPTY) | (second == EMPTY), EMPTY, second - np.where(first == EMPTY, 0, first))


@dataclass
class AlertStamps:
    """Of each alert of a day: stamps by stage of all senders, of the DSP alone and of all but the DSP; what the rows told beside."""

    count: int
    every: dict[str, Whole] = field(default_factory=dict)
    by_dsp: dict[str, Whole] = field(default_factory=dict)
    by_others: dict[str, Whole] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for stamps in (self.every, self.by_dsp, self.by_others):
            stamps.update({stage: np.full(self.count, EMPTY) for stage in STAGES})
        self.tells_type: Truth = np.zeros(self.count, bool)
        self.is_held: Truth = np.zeros(self.count, bool)
        self.tells_stand_in: Truth = np.zeros(self.count, bool)

    def add(self, sender: str, tells_type: bool, told: tuple[Array, Array, Array], consolidated: Array) -> None:
        """Rows of one sender's files that came: places of the alerts, stages and instants as read; who of all alerts was held back."""
        places, stages, instants = told
        own = self.by_dsp if sender == "DSP" else self.by_others
        for number, stage in enumerate(STAGES):
            chosen = np.flatnonzero(stages == number)
            # A sender tells a stage of an alert once.
            mine, at = places[chosen], instants[chosen]
            for stamps in (self.every, own):
                stamps[stage][mine] = earliest(stamps[stage][mine], at)
        if tells_type:
            self.tells_type[places] = True
        if sender == "DSP":
            at_receipt = places[stages == STAGES.index("e")]
            self.is_held[at_receipt] |= consolidated[at_receipt]
            self.tells_stand_in[places[stages >= STAGES.index("f")]] = True

    def is_told(self) -> Truth:
        """Alerts that any file tells of."""
        told: Truth = np.any([self.every[stage] != EMPTY for stage in STAGES], axis=0)
        return told


def alert_ends(stamps: AlertStamps, throttled: Whole, is_begun_inside: Truth, until_at: int) -> Block:
    """What became of each alert as the files tell it: began_at, clock (place in "bcde", 4 none), the spans in µs (EMPTY: none), outcomes,
    is_proxy, stands_for, is_set_aside (0, 1 no receipt, 2 negative), skewed."""
    told = stamps.every
    began, clock = np.full(stamps.count, EMPTY), np.full(stamps.count, 4)
    for number, stage in enumerate("bcde"):
        first = (began == EMPTY) & (told[stage] != EMPTY)
        began, clock = np.where(first, told[stage], began), np.where(first, number, clock)
    for stage in STAGES:
        began = np.where((clock == 4), earliest(began, told[stage]), began)
    at_dsp = earliest(earliest(stamps.by_dsp["c"], stamps.by_dsp["d"]), stamps.by_dsp["e"])
    passed_on = np.where(told["d"] != EMPTY, told["d"], told["e"])
    spans = {
        "wan": between(told["c"], passed_on),
        "dsp": between(told["e"], told["f"]),
        "delivery": between(began, told["f"]),
        "confirm": between(told["f"], told["g"]),
        "at_dsp": between(at_dsp, told["f"]),
    }
    negative = np.any([(span != EMPTY) & (span <= -SKEW_US) for span in spans.values()], axis=0)
    skewed = np.any([(span != EMPTY) & (span < 0) & (span > -SKEW_US) for name, span in spans.items() if name != "at_dsp"], axis=0)

    def ended(span: Whole) -> Whole:
        held_or_not = np.where(stamps.is_held, CONSOLIDATED, np.where(until_at < began + LOST_AFTER_US, OPEN, LOST))
        return np.where(told["f"] != EMPTY, np.where(span <= TARGET_US, DELIVERED, LATE), held_or_not)

    outcome = ended(spans["delivery"])
    outcome_at_dsp = np.where(at_dsp == EMPTY, UNSEEN, ended(spans["at_dsp"]))
    kept = {f"{name}_us": np.where(span < 0, EMPTY, span) for name, span in spans.items()}
    return Block(
        {
            "began_at": began,
            "clock": clock,
            "outcome": outcome,
            "outcome_at_dsp": outcome_at_dsp,
            "is_proxy": (clock != 0) & ~((clock == 3) & is_begun_inside),
            "stands_for": np.where(stamps.tells_stand_in & (throttled > 1), throttled, 1),
            "set_aside": np.where(clock == 4, 1, np.where(negative, 2, 0)),
            "skewed": skewed,
            **kept,
        }
    )
