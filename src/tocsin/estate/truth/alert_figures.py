"""The truth of every figure of alerts: counted in numpy while they are drawn, with other code than the product's (CR1418, CR1438)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block, Truth, Whole
from tocsin.estate.events.alert_codes import ALERT_CODES
from tocsin.estate.truth.alert_stamps import CONSOLIDATED, DELIVERED, LATE, LOST, OPEN, STAGES, UNSEEN
from tocsin.estate.truth.cube import Counts, Packing
from tocsin.estate.truth.figures import PER_MILLE, TrueFigure
from tocsin.estate.words import WORDS

Cell = tuple[str, ...]
Numbers = Counter[str]
Where = tuple[tuple[str, str], ...]

SPLITS = ("kind", "alert_code", "device_type", "region", "service_provider")
LEG_SPLITS = ("leg", "measured", "kind", "region", "service_provider")
# The words of each split, by the numbers that alerts are counted by; a device type of nobody's knowing comes last.
NAMES: Mapping[str, Sequence[str]] = {
    "kind": ("device", "dcc"),
    "alert_code": ALERT_CODES,
    "device_type": (*WORDS["device_type"], "UNKNOWN"),
    "region": WORDS["region"],
    "service_provider": WORDS["service_provider"],
    "leg": ("wan", "dsp", "delivery", "confirm"),
    "measured": ("stamped", "proxy"),
}
RUNG_US = 100_000
# Of a ladder: nineteen days, longer than any alert is on its way.
RUNGS = 1 << 24
PROCESSES = {"device": "device_alerts", "dcc": "dcc_alerts"}

# For each measure its outcome, and for each area what it counts: (name, counted, met or empty).
MEASURES = ("cpm_3", "cpm_3_at_dsp")
AREA = (
    ("raised", "raised", ""),
    *((f"reached_{stage}", f"at_{stage}", "") for stage in STAGES),
    ("forwarded", "cpm_3_counted", "passed"),
    *((name, name, "") for name in ("consolidated", "stood_for", "late", "still_open", "lost_before_dsp", "lost_inside_dsp", "by_proxy")),
    *((name, name, "") for name in ("power_outages", "false_outages")),
)
AT_DSP = (
    ("at_dsp_raised", "at_dsp_raised", ""),
    ("at_dsp_forwarded", "cpm_3_at_dsp_counted", "at_dsp_passed"),
    *((f"at_dsp_{name}", f"at_dsp_{name}", "") for name in ("consolidated", "late", "lost")),
)
AREAS = {
    "alerts": (AREA, ((), ("kind",), ("region",), ("service_provider",), ("device_type",), ("kind", "alert_code"))),
    "alerts_at_dsp": (AT_DSP, ((), ("kind",), ("region",), ("service_provider",))),
}


def marks_of(alerts: Block, ends: Block, after_activation: Truth, stamps: Mapping[str, Array]) -> dict[str, Array]:
    """What each alert adds to each number of its cell."""
    outcome, at_dsp = ends["outcome"], ends["outcome_at_dsp"]
    passed, is_outage, is_lost = outcome <= LATE, alerts["is_outage"], outcome == LOST
    marks = {
        "raised": outcome >= 0,
        **{f"at_{stage}": stamps[stage] != EMPTY for stage in STAGES},
        "passed": passed,
        "consolidated": outcome == CONSOLIDATED,
        "late": outcome == LATE,
        "still_open": outcome == OPEN,
        "lost_before_dsp": is_lost & (stamps["e"] == EMPTY),
        "lost_inside_dsp": is_lost & (stamps["e"] != EMPTY),
        "by_proxy": ends["is_proxy"],
        "power_outages": is_outage,
        "false_outages": is_outage & after_activation,
        "at_dsp_raised": at_dsp != UNSEEN,
        "at_dsp_passed": at_dsp <= LATE,
        "at_dsp_consolidated": at_dsp == CONSOLIDATED,
        "at_dsp_late": at_dsp == LATE,
        "at_dsp_lost": at_dsp == LOST,
    }
    for measure, of in zip(MEASURES, (outcome, at_dsp), strict=True):
        marks |= {f"{measure}_counted": np.isin(of, (DELIVERED, LATE, LOST)), f"{measure}_met": of == DELIVERED}
        marks[f"{measure}_waiting"] = of == OPEN
    return {**{name: mark.astype(np.int64) for name, mark in marks.items()}, "stood_for": np.where(passed, ends["stands_for"], 0)}


@dataclass
class AlertCube:
    """Numbers of each cell, days of each kind, and ladders: how many of each cell stand on each rung, in tenths of a second."""

    cells: dict[Cell, Numbers] = field(default_factory=dict)
    days: dict[tuple[str, int], Numbers] = field(default_factory=dict)
    deliveries: Counts = field(default_factory=lambda: _ladder(SPLITS))
    legs: Counts = field(default_factory=lambda: _ladder(LEG_SPLITS))

    def add(self, splits: Mapping[str, Array], days: Array, marks: Mapping[str, Array], ends: Block) -> None:
        """Alerts by the numbers of their words (NAMES), UTC day numbers, marks and spans."""
        if not len(days):
            return
        cells = Packing({split: len(NAMES[split]) for split in SPLITS})
        for key, numbers in _sums(cells.pack(splits, len(days)), marks):
            cell = tuple(NAMES[split][int(at)] for split, at in cells.unpack(np.array(key)).items())
            self.cells.setdefault(cell, Counter()).update(numbers)
        of_days = {name: marks[name] for name in ("raised", "cpm_3_counted", "passed")}
        for key, numbers in _sums(days * 2 + splits["kind"], of_days):
            self.days.setdefault((NAMES["kind"][key % 2], key // 2), Counter()).update(numbers)
        _add_rungs(self.deliveries, splits, ends["delivery_us"])
        for place, leg in enumerate(NAMES["leg"]):
            measured = ends["is_proxy"] & (leg == "delivery")
            _add_rungs(self.legs, {**splits, "leg": np.full(len(days), place), "measured": measured}, ends[f"{leg}_us"])

    def figures(self, is_there: bool) -> Iterator[TrueFigure]:
        """Every figure of alerts and of the legs; without any file, each total once and nothing counted."""
        for measure in MEASURES:
            yield from self._measure(measure) if is_there else [_absent(measure)]
        for area, (indicators, groupings) in AREAS.items():
            for by in groupings if is_there else ((),):
                for name, counted, met in indicators:
                    for where, numbers in self._grouped(by, SPLITS).items():
                        yield _figure(f"{area}.{name}", where, numbers[counted], numbers[met] if met else None, is_there=is_there)
        yield from self._legs(is_there)
        for kind, process in PROCESSES.items():
            yield from self._process(kind, process, is_there)

    def _grouped(self, by: Sequence[str], splits: Sequence[str]) -> dict[Where, Numbers]:
        found: dict[Where, Numbers] = {(): Counter()} if not by else {}
        for cell, numbers in self.cells.items():
            told = dict(zip(splits, cell, strict=True))
            found.setdefault(tuple((split, told[split]) for split in by), Counter()).update(numbers)
        return found

    def _measure(self, measure: str) -> Iterator[TrueFigure]:
        whole = self._grouped((), SPLITS)[()]
        counted, met, waiting = (f"{measure}_{word}" for word in ("counted", "met", "waiting"))
        yield TrueFigure(measure, whole[counted], whole[met])
        levels: dict[tuple[Fraction, Where], Numbers] = {}
        component = ("service_provider", "region")
        for by in (component[:1], component[1:], component):
            for where, numbers in self._grouped(by, SPLITS).items():
                if numbers[counted] or numbers[waiting]:
                    yield _figure(measure, where, numbers[counted], numbers[met])
                if by == component and numbers[counted]:
                    levels[Fraction(numbers[met], numbers[counted]), where] = numbers
        if levels:
            yield TrueFigure(f"{measure}.component_mean", whole[counted], whole[met])
            least = levels[min(levels)]
            yield TrueFigure(f"{measure}.component_min", least[counted], least[met])

    def _legs(self, is_there: bool) -> Iterator[TrueFigure]:
        if not is_there:
            yield from (_absent(f"alert_legs.{name}") for name in ("timed", *(f"time_{name}" for name in PER_MILLE)))
            return
        legs = self.legs.counted()
        for by in (("leg",), *(("leg", split) for split in LEG_SPLITS[1:])):
            for where, (spans, at) in ranked(legs, by).items():
                yield _figure("alert_legs.timed", where, spans)
                for name, rung in at.items():
                    yield _figure(f"alert_legs.time_{name}", where, spans, rung=rung)

    def _process(self, kind: str, process: str, is_there: bool) -> Iterator[TrueFigure]:
        own = {cell: numbers for cell, numbers in self.cells.items() if cell[0] == kind}
        ladder = self.deliveries.counted()
        ladder = ladder.take(ladder["kind"] == NAMES["kind"].index(kind))
        for by in ((), *((split,) for split in SPLITS[1:])) if is_there else ((),):
            sums, spans = AlertCube(own)._grouped(by, SPLITS), ranked(ladder, by)
            for where, numbers in sums.items():
                counted, at = spans.get(where, (0, {}))
                yield _figure(f"{process}.volume", where, numbers["raised"], is_there=is_there)
                yield _figure(f"{process}.success_rate", where, numbers["cpm_3_counted"], numbers["passed"], is_there=is_there)
                yield _figure(f"{process}.within_target", where, numbers["passed"], numbers["cpm_3_met"], is_there=is_there)
                for name in PER_MILLE:
                    yield _figure(f"{process}.delivery_{name}", where, counted, is_there=is_there, rung=at.get(name))


def ranked(ladder: Block, by: Sequence[str]) -> dict[Where, tuple[int, dict[str, int]]]:
    """How many spans each value of some splits has, and the rung at each nearest rank (domain.md 6.3)."""
    groups = Packing({split: len(NAMES[split]) for split in by})
    keys = groups.pack(ladder.columns, len(ladder))
    order = np.lexsort((ladder["rung"], keys))
    keys, rungs, counts = keys[order], ladder["rung"][order], ladder["count"][order]
    starts = _starts(keys).tolist()
    found = {}
    for start, end in pairwise([*starts, len(keys)]):
        so_far = np.cumsum(counts[start:end])
        of_all = int(so_far[-1])
        at = {name: int(rungs[start + np.searchsorted(so_far, (mille * of_all + 999) // 1000)]) for name, mille in PER_MILLE.items()}
        where = tuple((split, NAMES[split][int(place)]) for split, place in groups.unpack(keys[start]).items())
        found[where] = (of_all, at)
    return found


def _ladder(splits: Sequence[str]) -> Counts:
    return Counts(Packing({**{split: len(NAMES[split]) for split in splits}, "rung": RUNGS}))


def _sums(keys: Whole, marks: Mapping[str, Array]) -> Iterator[tuple[int, dict[str, int]]]:
    """Each key with what its rows add to each number."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = _starts(keys)
    sums = {name: np.add.reduceat(mark[order], starts).tolist() for name, mark in marks.items()}
    for place, key in enumerate(keys[starts].tolist()):
        yield key, {name: of_keys[place] for name, of_keys in sums.items()}


def _starts(keys: Whole) -> Array:
    """Where another key begins, of keys in order."""
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])


def _add_rungs(ladder: Counts, splits: Mapping[str, Array], span: Array) -> None:
    there = np.flatnonzero(span != EMPTY)
    columns = {**splits, "rung": span // RUNG_US}
    ladder.add(ladder.packing.pack({name: columns[name][there] for name in ladder.packing.sizes}, len(there)))


def _figure(name: str, where: Where, counted: int, met: int | None = None, *, is_there: bool = True, rung: int | None = None) -> TrueFigure:
    if not is_there:
        return _absent(name)
    return TrueFigure(name + "".join(f"/{column}={value}" for column, value in where), counted, met, rung)


def _absent(name: str) -> TrueFigure:
    return TrueFigure(name, None)
