"""From the counts of the truth to the whole numbers of every figure: measures, Business Processes, percentiles (domain.md 2, 5.2, 6.3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tocsin.estate.block import Array, Block, Whole
from tocsin.estate.truth.cube import Packing, added_up
from tocsin.estate.truth.happenings import OUTCOMES
from tocsin.estate.truth.kept_back import kept_back
from tocsin.estate.truth.splits import PROCESSES, TIMING, Splits
from tocsin.vocabulary.target_times import FLOWS

# What counts towards a Code Performance Measure (domain.md 2.2): on demand, and future-dated with what a schedule planned.
MEASURES = {
    "cpm_1": ("on_demand", "critical", "dcc_only"),
    "cpm_2": ("future_dsp", "future_device_outcome", "future_both", "scheduled"),
}
COMPONENT = ("service_provider", "region")

# The Service Request Variants whose success the Operational Performance Regime looks at by region (domain.md 13).
REGIME = {"supplier_change_success": "6.23", "top_up_success": "2.2"}

# The numbers by which a party could be known, each part of the one before it.
_BEHIND = ("volume", "with_rejects", "decided", "success", "timed", "targeted", "within")

# Of pairs of columns a report tells these alone.
_OF_PAIRS = ("volume", "success_rate", "round_trip_p50", "round_trip_p95", "within_target")

PER_MILLE = {"p50": 500, "p90": 900, "p95": 950, "p99": 990, "max": 1000}

Key = tuple[int, ...]
Sums = Mapping[Key, Mapping[str, int]]


@dataclass(frozen=True)
class TrueFigure:
    """A figure's whole numbers under its name; parties by their clear name. None where a figure of its kind has none.

    `is_telling`: it would tell whose numbers they are, so the product must not show them.
    """

    name: str
    counted: int | None
    met: int | None = None
    decisecond: int | None = None
    is_telling: bool = False


def figures_of(splits: Splits, cube: Block, ladders: Mapping[tuple[str, ...], Block]) -> list[TrueFigure]:
    """Every figure that Service Requests make, in order of name."""
    cube = cube.put(process=splits.process_of[cube["srv"]], **_marks(cube))
    found = [figure for measure in MEASURES for figure in _measure(splits, cube, measure)]
    hidden = _kept_back(splits, cube)
    found += [figure for split, ladder in ladders.items() for figure in _processes(splits, cube, ladder, split, hidden)]
    found += _regime(splits, cube)
    return sorted(found, key=lambda figure: figure.name)


def days_of(splits: Splits, cube: Block) -> list[tuple[str, int, int, int, int]]:
    """Process, day of the cube, volume, decided ones and successes, where there was any."""
    cube = cube.put(process=splits.process_of[cube["srv"]], **_marks(cube))
    sums = _sums(cube, ("process", "day"), ("volume", "decided", "success"))
    return [(PROCESSES[process], day, line["volume"], line["decided"], line["success"]) for (process, day), line in sorted(sums.items())]


def _marks(cube: Block) -> dict[str, Whole]:
    """What each row of the cube adds to each number."""
    outcome, timing, count = cube["outcome"], cube["timing"], cube["count"]

    def counts(mask: Array) -> Whole:
        return np.where(mask, count, 0)

    def is_outcome(*names: str) -> Array:
        return np.isin(outcome, [OUTCOMES.index(name) for name in names])

    def is_timing(*names: str) -> Array:
        return np.isin(timing, [TIMING.index(name) for name in names])

    success, within, has_target = is_outcome("success"), is_timing("within"), is_timing("target", "late", "within")
    is_timed = is_timing("round_trip", "late", "within")
    marks = {
        "volume": count,
        "user_rejects": counts(is_outcome("user_reject")),
        "decided": counts(~is_outcome("user_reject", "open")),
        "with_rejects": counts(~is_outcome("open")),
        "success": counts(success),
        "timed": counts(success & is_timed),
        "targeted": counts(success & is_timing("late", "within")),
        "within": counts(success & within),
    }
    for measure, flows in MEASURES.items():
        owed = np.isin(cube["flow"], [FLOWS.index(flow) for flow in flows]) & has_target
        marks[f"{measure}_counted"] = counts(owed & ~is_outcome("user_reject", "open"))
        # A notice that a command could not be delivered is no Service Response, however fast.
        marks[f"{measure}_met"] = counts(owed & is_outcome("success", "device_fail") & within)
        marks[f"{measure}_waiting"] = counts(owed & is_outcome("open"))
    return marks


def _sums(block: Block, by: Sequence[str], of: Sequence[str]) -> Sums:
    """Numbers added up for each value of some columns."""
    if not len(block):
        return {}
    packing = Packing({name: int(block[name].max()) + 1 for name in by})
    keys, places = np.unique(packing.pack(block.columns, len(block)), return_inverse=True)
    sums = {name: np.zeros(len(keys), np.int64) for name in of}
    for name, total in sums.items():
        np.add.at(total, places, block[name])
    columns = list(packing.unpack(keys).values())
    return {
        tuple(int(column[row]) for column in columns): {name: int(total[row]) for name, total in sums.items()} for row in range(len(keys))
    }


def _measure(splits: Splits, cube: Block, measure: str) -> Iterator[TrueFigure]:
    """All together, by each split, by both, and their mean and least: domain.md 2.4."""
    numbers = [f"{measure}_{word}" for word in ("counted", "met", "waiting")]
    whole = _sums(cube, (), numbers).get((), dict.fromkeys(numbers, 0))
    yield TrueFigure(measure, whole[numbers[0]], whole[numbers[1]])
    levels: dict[tuple[Fraction, tuple[str, ...]], TrueFigure] = {}
    for by in ((COMPONENT[0],), (COMPONENT[1],), COMPONENT):
        for key, line in _sums(cube, by, numbers).items():
            counted, met, waiting = line.values()
            values = tuple(splits.words[column][place] for column, place in zip(by, key, strict=True))
            if counted or waiting:
                figure = TrueFigure(measure + "".join(map(_in_name, by, values)), counted, met)
                yield figure
                if by == COMPONENT and counted:
                    levels[Fraction(met, counted), values] = figure
    if levels:
        yield TrueFigure(f"{measure}.component_mean", whole[numbers[0]], whole[numbers[1]])
        least = levels[min(levels)]
        yield TrueFigure(f"{measure}.component_min", least.counted, least.met)


def _regime(splits: Splits, cube: Block) -> Iterator[TrueFigure]:
    """Success by region of the requests that the Operational Performance Regime rests on (domain.md 13)."""
    regions = splits.words["region"]
    for name, srv in REGIME.items():
        is_of_it = cube["srv"] == list(splits.words["srv"]).index(srv)
        own = cube.put(**{number: np.where(is_of_it, cube[number], 0) for number in ("decided", "success")})
        for (place,), line in _sums(own, ("region",), ("decided", "success")).items():
            yield TrueFigure(f"opr_requests.{name}{_in_name('region', regions[place])}", line["decided"], line["success"])


def _kept_back(splits: Splits, cube: Block) -> dict[int, tuple[set[int], bool]]:
    """By process: the Service Request Variants of which nothing is told by party, and whether their sums are not told either."""
    cells: dict[int, dict[tuple[int, int], list[int]]] = {}
    for (process, srv, party), line in _sums(cube, ("process", "srv", "party"), _BEHIND).items():
        cells.setdefault(process, {})[srv, party] = list(line.values())
    return {process: kept_back(splits, own) for process, own in cells.items()}


def _processes(
    splits: Splits, cube: Block, ladder: Block, split: tuple[str, ...], hidden: Mapping[int, tuple[set[int], bool]]
) -> Iterator[TrueFigure]:
    """Each process by one split or two; the whole of each process too, once, with the ladder by region."""
    numbers = ("user_rejects", *_BEHIND)
    lines, rungs = _sums(cube, ("process", *split), numbers), _ranked(ladder, ("process", *split))
    nameless: dict[str, TrueFigure] = {}
    for (process, *place), line in lines.items():
        rows, is_all = hidden[process]
        is_hidden = "party" in split and (is_all if split == ("party",) else place[0] in rows)
        names = [(column, splits.words[column][n]) for column, n in zip(split, place, strict=True)]
        where = "".join(_in_name("sec_party" if column == "party" else column, word) for column, word in names)
        if is_hidden:
            where = "".join(_in_name(column, word) for column, word in names[:-1]) + "/party_code=not_shown"
        found = _indicators(PROCESSES[process], where, line, rungs.get((process, *place)))
        of_split = [figure for figure in found if len(split) == 1 or figure.name.split("/")[0].split(".")[1] in _OF_PAIRS]
        if is_hidden:
            nameless |= {figure.name: TrueFigure(figure.name, None, is_telling=True) for figure in of_split}
        else:
            yield from of_split
    yield from nameless.values()
    if split == ("region",):
        wholes, rungs = _sums(cube, ("process",), numbers), _ranked(ladder, ("process",))
        for process, name in enumerate(PROCESSES):
            line = wholes.get((process,), dict.fromkeys(numbers, 0))
            yield from _indicators(name, "", line, rungs.get((process,)))
            yield TrueFigure(f"{name}.user_rejects", line["user_rejects"])
            yield TrueFigure(f"{name}.success_rate_with_rejects", line["with_rejects"], line["success"])


def _indicators(process: str, where: str, line: Mapping[str, int], ranked: tuple[int, Mapping[str, int]] | None) -> Iterator[TrueFigure]:
    yield TrueFigure(f"{process}.volume{where}", line["volume"])
    yield TrueFigure(f"{process}.success_rate{where}", line["decided"], line["success"])
    yield TrueFigure(f"{process}.within_target{where}", line["targeted"], line["within"])
    spans, at = ranked or (0, {})
    for name in PER_MILLE:
        yield TrueFigure(f"{process}.round_trip_{name}{where}", spans, decisecond=at.get(name))


def _ranked(ladder: Block, by: Sequence[str]) -> dict[Key, tuple[int, dict[str, int]]]:
    """How many spans there are for each value of some columns, and the rung at each nearest rank (domain.md 6.3)."""
    if not len(ladder):
        return {}
    packing = Packing({name: int(ladder[name].max()) + 1 for name in (*by, "rung")})
    keys, counts = added_up(packing.pack(ladder.columns, len(ladder)), ladder["count"])
    columns = packing.unpack(keys)
    # Keys stand in order, so those of one group stand together, the shortest span first.
    group = keys // packing.sizes["rung"]
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    found = {}
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        so_far = np.cumsum(counts[start:end])
        spans = int(so_far[-1])
        at = {
            name: int(columns["rung"][start + np.searchsorted(so_far, (mille * spans + 999) // 1000)]) for name, mille in PER_MILLE.items()
        }
        found[tuple(int(columns[name][start]) for name in by)] = (spans, at)
    return found


def _in_name(column: str, value: str) -> str:
    """A split as a figure's name tells it; what parts the names of figures is written as in an address."""
    return f"/{column}=" + value.replace("%", "%25").replace("/", "%2F").replace("=", "%3D")
