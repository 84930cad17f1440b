"""The truth of firmware activations by the audit trail: each 11.3 that the rows of files that stand tell, judged one at a time.

By its answer, by a later 11.3 or 11.2 to the device, and by what called it off (domain.md 8.3). The estate's inventory tells one version
of a meter, so none is confirmed by a change of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tocsin.estate.block import EMPTY, Block, Truth
from tocsin.estate.events.registers import inventory_from
from tocsin.estate.models import models
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.truth.firmware import Judged, Rules
from tocsin.estate.truth.firmware_figures import Line, no_data, oddities, trail_figures, write_lines, write_oddities
from tocsin.estate.truth.readings import ANSWERED, DONE, RECEIVED, REJECTED, REPORTED, SIGNED, read_rows, seen_time_points
from tocsin.estate.truth.service_requests import with_copies
from tocsin.estate.words import WORDS, number
from tocsin.vocabulary.holes import UNKNOWN
from tocsin.vocabulary.service_requests import CANCELLED_FROM

# Variants of what was only transformed, or given back for local delivery: never asked of the device.
NOT_SENT = {2, 4, 6}
_COLUMNS = ("request", "told_us", "command_variant", "device", "user", "execution_us", "region", "service_provider", "device_type")


@dataclass(frozen=True)
class RowTold:
    """A row of an 11.3: the point it passed (place in readings.POINTS), what it says as an answer, and what it tells of the device."""

    point: int
    verdict: int
    told_us: int
    variant: int
    execution_at: int
    user: int
    region: str
    provider: str
    device_type: str


@dataclass
class AskedTold:
    """An 11.3 as its rows tell it; `device` is an EUI-64, 0 where none was told."""

    device: int
    rows: list[RowTold] = field(default_factory=list)

    def receipt(self, point: int) -> tuple[int, int] | None:
        return min(((row.told_us, row.variant) for row in self.rows if row.point == point), default=None)

    @property
    def sent(self) -> tuple[int, int] | None:
        """When it was received, signed if it was, and its variant."""
        return self.receipt(SIGNED) or self.receipt(RECEIVED)

    @property
    def asked_at(self) -> int | None:
        return None if self.sent is None else self.sent[0]

    @property
    def execution_at(self) -> int:
        """EMPTY where it was to be carried out at once."""
        return min((row.execution_at for row in self.rows if row.execution_at != EMPTY), default=EMPTY)

    @property
    def user(self) -> int:
        return min(row.user for row in self.rows)

    def answers(self, point: int) -> list[tuple[int, int]]:
        """Stamp and verdict of every answer, the earliest and worst first."""
        return sorted((row.told_us, row.verdict) for row in self.rows if row.point == point)

    def failure(self) -> tuple[int, int] | None:
        bad = {point: [one for one in self.answers(point) if one[1] < DONE] for point in (ANSWERED, REPORTED)}
        first = bad[ANSWERED] if self.execution_at == EMPTY else bad[REPORTED] or bad[ANSWERED]
        return first[0] if first else None

    def answered_at(self) -> int | None:
        """When success was told: of one that was held, by the device's report."""
        if self.execution_at == EMPTY:
            return next((at for at, verdict in self.answers(ANSWERED) if verdict == DONE), None)
        told = self.answers(REPORTED)
        return told[0][0] if told and all(verdict == DONE for _, verdict in told) else None

    def is_done(self) -> bool:
        """Whether its first answer tells success."""
        return self.answers(ANSWERED)[:1] != [] and self.answers(ANSWERED)[0][1] == DONE

    def word(self, of: str) -> str:
        return min((getattr(row, of) for row in self.rows if getattr(row, of)), default="")


class ActivationsTold:
    """What the trail tells of 11.3s and of 11.2s to the same devices, gathered block after block: firmware campaigns are few requests."""

    def __init__(self, plan: Plan, population: Population):
        self.plan, self.population = plan, population
        self.rules = Rules.of(plan.period.first_on, plan.period.start_at, plan.period.end_at, plan.until_at)
        self.listed_from = inventory_from(plan, population)
        self.asked: dict[tuple[int, int, int], AskedTold] = {}
        self.reads: list[tuple[np.ndarray, np.ndarray]] = []
        self.blocks = 0
        self.has_files = False

    def add(self, rows: Block, delivered: Truth) -> None:
        """The addressed rows of one block, and which of them reach the ledger."""
        self.blocks += 1
        self.has_files |= bool(delivered.any())
        asking, reading = (delivered & (rows["srv"] == number("srv", srv)) for srv in ("11.3", "11.2"))
        if reading.any():
            read = with_copies(rows.take(reading))
            point, verdict = read_rows(read, self.rules.on)
            is_answered = (point == ANSWERED) & (verdict == DONE) & (read["device"] != 0)
            self.reads.append((read["device"][is_answered], read["told_us"][is_answered]))
        if asking.any():
            asked = with_copies(rows.take(asking))
            self._add_asked(asked.take(seen_time_points()[asked["time_point"]]))

    def _add_asked(self, rows: Block) -> None:
        point, verdict = read_rows(rows, self.rules.on)
        cells = zip(point.tolist(), verdict.tolist(), *(rows[name].tolist() for name in _COLUMNS), strict=True)
        for passed, says, request, told_us, variant, device, user, execution_at, region, provider, kind in cells:
            words = WORDS["region"][region], WORDS["service_provider"][provider], WORDS["device_type"][kind]
            row = RowTold(passed, says, told_us, variant, execution_at, user, *words)
            self.asked.setdefault((self.blocks, request, device), AskedTold(device)).rows.append(row)

    def judged(self) -> list[Judged]:
        """Activations of the month."""
        return [judged for _, judged in self._found()]

    def activated(self) -> Iterator[tuple[int, int, Judged]]:
        """Of those that were answered with success the EUI-64 and the instant of the answer."""
        for one, judged in self._found():
            at = one.answered_at()
            if judged.outcome == "activated" and not judged.set_aside and at is not None:
                yield one.device, at, judged

    def _found(self) -> list[tuple[AskedTold, Judged]]:
        asked = [one for one in self.asked.values() if one.sent is None or one.sent[1] not in NOT_SENT]
        offs = [one for one in asked if one.execution_at >= CANCELLED_FROM]
        found = [one for one in asked if one.execution_at < CANCELLED_FROM]
        called_off: dict[tuple[int, int], list[int]] = defaultdict(list)
        for one in offs:
            # A cancellation that was refused, or that nobody answered, calls nothing off.
            if one.asked_at is not None and one.is_done():
                called_off[one.device, one.user].append(one.asked_at)
        signs: dict[int, list[int]] = defaultdict(list)
        for one in found:
            if (at := one.answered_at()) is not None:
                signs[one.device].append(at)
        reads = self._reads({one.device for one in found})
        return list(self._judged(found, called_off, signs, reads))

    def _reads(self, devices: Iterable[int]) -> Mapping[int, Sequence[int]]:
        """When 11.2s to some devices were answered."""
        wanted = np.array(sorted(devices), np.uint64)
        found: dict[int, list[int]] = defaultdict(list)
        for device, at in self.reads:
            own = np.isin(device, wanted)
            for eui, read_at in zip(device[own].tolist(), at[own].tolist(), strict=True):
                found[eui].append(read_at)
        return found

    def _judged(
        self,
        found: Iterable[AskedTold],
        called_off: Mapping[tuple[int, int], Sequence[int]],
        signs: Mapping[int, Sequence[int]],
        reads: Mapping[int, Sequence[int]],
    ) -> Iterator[tuple[AskedTold, Judged]]:
        places = {int(self.population.devices["eui"][place]): place for place in self._places(found)}
        for one in found:
            first_at = min(row.told_us for row in one.rows)
            began_at = first_at if one.asked_at is None else one.asked_at
            if not self.rules.start_at <= began_at < self.rules.end_at:
                continue
            offs = called_off.get((one.device, one.user), ())
            outcome = "" if one.asked_at is None else self._outcome(one, offs, signs.get(one.device, ()), reads.get(one.device, ()))
            answered_at = one.answered_at()
            is_backwards = answered_at is not None and answered_at <= began_at - self.rules.skew_us
            aside = "no_request" if one.asked_at is None else "negative_span" if is_backwards else ""
            yield one, Judged(began_at, outcome, aside, None, frozenset(), self._splits(one, places.get(one.device), began_at))

    def _outcome(self, one: AskedTold, offs: Sequence[int], signs: Sequence[int], reads: Sequence[int]) -> str:
        asked_at, failure = one.asked_at or 0, one.failure()
        limit_at = max(asked_at, one.execution_at) + self.rules.target_us
        if one.answered_at() is not None:
            return "activated"
        if failure is not None and failure[1] == REJECTED:
            return "refused"
        if any(asked_at < at <= limit_at for at in signs):
            return "confirmed"
        if failure is not None:
            return "failed"
        if any(asked_at <= at < one.execution_at for at in offs):
            return "withdrawn"
        if self.rules.as_at <= limit_at:
            return "open"
        return "version_unknown" if any(asked_at < at <= limit_at for at in reads) else "no_answer"

    def _places(self, found: Iterable[AskedTold]) -> list[int]:
        euis = np.array([one.device for one in found], np.uint64)
        return [int(place) for place in np.flatnonzero(np.isin(self.population.devices["eui"], euis))]

    def _splits(self, one: AskedTold, place: int | None, began_at: int) -> dict[str, str]:
        """By the inventory as at its beginning, else as its rows tell."""
        if place is not None and self.listed_from[place] <= began_at:
            devices = self.population.devices
            return {
                "device_type": WORDS["device_type"][devices["device_type"][place]],
                "model": models()[devices["model"][place]].name,
                "service_provider": WORDS["service_provider"][devices["service_provider"][place]],
                "region": WORDS["region"][devices["region"][place]],
                "generation": "SMETS1" if devices["is_smets1"][place] else "SMETS2+",
            }
        # The DSP is on every leg: it is named only where nobody else is.
        providers = {row.provider for row in one.rows if row.provider}
        region = one.word("region") or UNKNOWN
        return {
            "device_type": one.word("device_type") or UNKNOWN,
            "model": UNKNOWN,
            "service_provider": min(providers - {"DSP"} or providers, default=UNKNOWN),
            "region": region,
            "generation": {UNKNOWN: UNKNOWN, "smets1": "SMETS1"}.get(region, "SMETS2+"),
        }

    def figures(self) -> list[Line]:
        """Every figure of the area and of CPM 6C as observed; each named once, without a number, where no trail came."""
        told = list(trail_figures(self.judged()))
        return told if self.has_files else list(no_data(name for name, *_ in told if "/" not in name))

    def oddities(self) -> Counter[str]:
        """What data quality counts."""
        return oddities("trail_activations", self.judged(), ())

    def write(self, truth: Path) -> None:
        """trail_activation_figures.csv and trail_activation_oddities.csv into the folder."""
        write_lines(truth / "trail_activation_figures.csv", self.figures())
        write_oddities(truth / "trail_activation_oddities.csv", self.oddities())
