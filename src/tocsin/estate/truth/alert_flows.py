"""The truth of alerts by quarter-hour: what each sender tells of each stage, and what is lost between two ends (domain.md 7.3, 7.4)."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block
from tocsin.estate.truth.alert_stamps import LOST_AFTER_US, STAGES, AlertStamps
from tocsin.estate.truth.figures import TrueFigure
from tocsin.estate.words import WORDS
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import QUARTER_HOUR_US

LOSSES = ("arrived", "consolidated", "open", "skewed", "surplus")
TO_DSP, INSIDE = "provider_to_dsp", "inside_dsp"

# leg, provider, start of the quarter-hour
Place = tuple[str, str, int]


@dataclass
class AlertFlows:
    """`told`: (sender, stage, region) to alerts and how many were held back; `ends`: each end of each leg by quarter-hour.

    `came`: whether a sender's file of a quarter-hour came, by sender and start.
    """

    period: Period
    until_at: int
    came: Callable[[str, int], bool]
    told: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    held: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    ends: dict[str, Counter[Place]] = field(default_factory=lambda: {name: Counter() for name in ("passed", "arrived", "held", "open")})

    def add_told(self, sender: str, regions: Array, stages: Array, told_at: Array, held: Array) -> None:
        """Rows of files that came, in the month by their stamp; regions by number in WORDS."""
        inside = (told_at >= self.period.start_at) & (told_at < self.period.end_at)
        words = WORDS["region"]
        keys = stages * len(words) + regions
        for counter, chosen in ((self.told, inside), (self.held, inside & held)):
            counts = np.bincount(keys[chosen])
            for key in np.flatnonzero(counts).tolist():
                stage, region = divmod(key, len(words))
                counter[sender, STAGES[stage], words[region]] += int(counts[key])

    def add_count(self, sender: str, stage: str, region: str, slice_at: int, count: int) -> None:
        """A sender's own count of a quarter-hour."""
        if self.period.start_at <= slice_at < self.period.end_at:
            self.told[sender, stage, region] += count

    def add_ends(self, alerts: Block, stamps: AlertStamps, is_begun_inside: Array) -> None:
        """Both ends of each leg of some alerts."""
        providers = alerts["service_provider"]
        passed, received, forwarded = stamps.by_others["d"], stamps.by_dsp["e"], stamps.by_dsp["f"]
        there = received != EMPTY
        on = there & (forwarded != EMPTY)
        held = there & ~on & stamps.is_held
        still = there & ~on & ~held & (self.until_at < np.where(there, received, 0) + LOST_AFTER_US)
        self._count("passed", TO_DSP, passed, passed != EMPTY, providers)
        self._count("arrived", TO_DSP, received, there & ~is_begun_inside, providers)
        for name, mask in (("passed", there), ("arrived", on), ("held", held), ("open", still)):
            self._count(name, INSIDE, received, mask, providers)

    def _count(self, name: str, leg: str, at: Array, mask: Array, providers: Array) -> None:
        words = WORDS["service_provider"]
        keys, counts = np.unique(at[mask] // QUARTER_HOUR_US * len(words) + providers[mask], return_counts=True)
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
            number, provider = divmod(key, len(words))
            self.ends[name][leg, words[provider], number * QUARTER_HOUR_US] += count

    def figures(self, regions: dict[str, str], is_there: bool) -> Iterator[TrueFigure]:
        """Every figure of throughput and of losses; `regions` says which region a provider serves."""
        if not is_there:
            names = ["alert_throughput.told", "alert_throughput.told_held_back", "alert_losses.lost_share"]
            yield from (TrueFigure(name, None) for name in (*names, *(f"alert_losses.{name}" for name in LOSSES)))
            return
        for name, counter in (("told", self.told), ("told_held_back", self.held)):
            wholes: Counter[tuple[str, str]] = Counter()
            for sender, stage, region in self.told:
                count = counter[sender, stage, region]
                wholes[sender, stage] += count
                yield TrueFigure(f"alert_throughput.{name}/sender={sender}/stage={stage}/region={region}", count)
            for (sender, stage), count in wholes.items():
                yield TrueFigure(f"alert_throughput.{name}/sender={sender}/stage={stage}", count)
        sums: dict[str, Counter[str]] = {}
        for leg, provider, numbers in self.losses():
            for where in ("", f"/service_provider={provider}", f"/region={regions[provider]}"):
                sums.setdefault(f"/leg={leg}{where}", Counter()).update(numbers)
        for where, numbers in sums.items():
            yield TrueFigure(f"alert_losses.lost_share{where}", numbers["passed"], numbers["lost"])
            yield from (TrueFigure(f"alert_losses.{name}{where}", numbers[name]) for name in LOSSES)

    def losses(self) -> Iterator[tuple[str, str, Counter[str]]]:
        """Leg, provider and numbers of each quarter-hour of the month: in order of time, one after another."""
        edge = 2 * QUARTER_HOUR_US
        places = sorted({place for counter in self.ends.values() for place in counter})
        for leg, provider in dict.fromkeys(place[:2] for place in places):
            slices = [
                at
                for _, _, at in (place for place in places if place[:2] == (leg, provider))
                if self.period.start_at - edge <= at < self.period.end_at + edge
                and (leg == INSIDE or (self.came(provider, at) and self.came("DSP", at)))
            ]
            lacks, skews = self._reconciled(leg, provider, slices)
            for at in slices:
                if self.period.start_at <= at < self.period.end_at:
                    lack, numbers = lacks[at], {name: counter[leg, provider, at] for name, counter in self.ends.items()}
                    yield leg, provider, Counter(
                        passed=numbers["passed"], arrived=numbers["arrived"], consolidated=numbers["held"], open=numbers["open"],
                        skewed=skews[at], lost=max(lack, 0), surplus=max(-lack, 0),
                    )  # fmt: skip

    def _reconciled(self, leg: str, provider: str, slices: list[int]) -> tuple[dict[int, int], Counter[int]]:
        """What is lacking (less than nothing: a surplus) once each quarter-hour was settled with the next, then with the one before."""
        ends = self.ends
        lacks = {
            at: ends["passed"][leg, provider, at] - sum(ends[name][leg, provider, at] for name in ends if name != "passed") for at in slices
        }
        skews: Counter[int] = Counter()
        for step in (QUARTER_HOUR_US, -QUARTER_HOUR_US):
            for at in slices:
                moved = min(max(lacks[at], 0), max(-lacks.get(at + step, 0), 0))
                if moved:
                    lacks[at] -= moved
                    lacks[at + step] += moved
                    skews[at] += moved
        return lacks, skews
