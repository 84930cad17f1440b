"""What changed since the month before and why: changes ranked, those of rates divided over their cells, and the actions against them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Shown, Status, Table
from tocsin.reports.change_graph import RATE, VOLUME, change_graph
from tocsin.reports.change_words import cell_words, change_title, label_words, link_to, short_title, since_words, trace_words, value_words
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_changes import ActionLine, CellLine, ChangeLine, SplitLine
from tocsin.reports.section import Section
from tocsin.reports.wording import column_title, date_words, instant_figures, number, value_title

_PAGE_ROWS = 40
# The first changes are drawn as well; of the others the tables tell enough.
_MOST_DRAWN = 4
_NONE = "none"
_NOT_COMPARED = "n/a"
# What the figures are in, and what their change is in where that is something else.
_UNITS = {"percent": "%, points", "seconds": "s", "count": "events, %"}

_CELL_COLUMNS = (
    Column("Cell", share=5), Column("Events before", "whole"), Column("Events now", "whole"), Column("Rate before, %", "figure"),
    Column("Rate now, %", "figure"), Column(RATE, "figure"), Column(VOLUME, "figure"), Column("Together", "figure"),
)  # fmt: skip


def build(run: FrozenRun) -> list[Block]:
    changes = run.changes
    blocks: list[Block] = [Prose(_in_words(run))]
    if changes.why:
        blocks.append(Note(f"{changes.why} What is below its level, missing or incomplete is told all the same."))
    blocks += [_ranked(run), *_actions(run), *_whys(run)]
    if changes.lines:
        blocks += [Heading("The way back from each"), _ways(run)]
    return blocks


def _in_words(run: FrozenRun) -> str:
    changes = run.changes
    compared = f"Compared with {label_words(changes.against)} (run {changes.run_id}). " if changes.against else ""
    if not changes.lines:
        return f"{compared}Nothing that matters changed, and nothing is below its level, missing or incomplete."
    kinds = Counter(Status(line.kind).words.lower() for line in changes.lines)
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    lasting = sum(line.months > 1 for line in changes.lines)
    again = f" {lasting} of them were told the month before as well." if lasting else ""
    slight = f" {number(changes.slight)} figures moved by less than is told as a change." if changes.slight else ""
    found = f"{number(len(changes.lines))} to look at, what is severest first, and within a kind what touched most events: {told}."
    return f"{compared}{found}{again}{slight} From where on a movement is told is assumed; it stands among the assumptions."


def _ranked(run: FrozenRun) -> Table:
    """One row a change; without a month before there is no column for it."""
    changes = run.changes
    is_compared = bool(changes.against)
    # What lasts is compared with the month before it began, which stands beside it.
    is_of_one_month = all(line.against in ("", changes.against) for line in changes.lines)
    before = f"Before, {changes.against}" if is_of_one_month else "Before"
    columns = (
        Column("What", share=5), Column("Kind", "status"),
        *((Column(before, "figure"),) if is_compared else ()),
        Column(f"Now, {run.period.label}", "figure"),
        *((Column("Change", "figure"),) if is_compared else ()),
        Column("In"),
        Column("Touches", share=4),
        *((Column("Told", share=3),) if is_compared else ()),
        *((Column("Actions", share=2),) if changes.actions else ()),
    )  # fmt: skip
    rows = tuple(
        (
            link_to(run, line), Status(line.kind), *((_shown(line.before, line.unit),) if is_compared else ()), _shown(line.now, line.unit),
            *((_change(line),) if is_compared else ()), _unit(line), _touched(line), *((since_words(run, line),) if is_compared else ()),
            *((_against(changes.actions, line),) if changes.actions else ()),
        )
        for line in changes.lines
    )  # fmt: skip
    return Table("What changed, ranked", columns, rows, "Nothing that matters changed.", _PAGE_ROWS)


def _touched(line: ChangeLine) -> str:
    """How many of what; of figures without a value also why, which would not fit where the value stands."""
    _, _, why = line.now.partition("(")
    noun, _, rest = line.events_words.partition(" ")
    told = " ".join(word for word in (number(line.events), noun.removesuffix("s") if line.events == 1 else noun, rest) if word)
    return f"{told} ({why}" if why else told


def _shown(text: str, unit: str) -> Cell:
    """A figure's words; of a hole only that it is one, for the cell is narrow."""
    return Shown(text, unit, True) if text[:1].isdigit() else Shown(_NOT_COMPARED, unit, False)


def _change(line: ChangeLine) -> Cell:
    return Shown(line.change, line.unit, True) if line.change else _NOT_COMPARED


def _unit(line: ChangeLine) -> str:
    return "files" if line.kind in {"missing", "late"} else _UNITS[line.unit] if line.change else _UNITS[line.unit].partition(",")[0]


def _against(actions: Sequence[ActionLine], line: ChangeLine) -> str:
    return ", ".join(f"{one.action} {one.state}" for one in actions if one.change == line.key) or _NONE


def _whys(run: FrozenRun) -> list[Block]:
    """Each change of a rate divided over its cells; each percentile beside those of its regions and Service Request Variants."""
    divided = [line for line in run.changes.lines if line.split is not None or line.beside]
    if not divided:
        return []
    blocks: list[Block] = [
        Heading("What carries each change"),
        Prose(
            "A rate moves because cells do better or worse (by their rate), or because more of the volume falls on cells that do better or "
            "worse than the whole (by their volume). Both are exact, in percentage points, and add up to the change, over cells as over "
            "the values of any one column; the method is that of Griliches and Regev (1995). What is new or gone has a part by its volume "
            "alone. Business Processes are divided by party too: by its code, and rolled up wherever a party could be known. Percentiles "
            "do not add up and are not divided: where they moved the same way stands beside them."
        ),
    ]
    for place, line in enumerate(divided):
        blocks.append(Heading(f"{change_title(run, line)}: {Status(line.kind).words.lower()}", level=3))
        blocks += [Note(_in_a_line(one)) for one in run.changes.actions if one.change == line.key]
        blocks += _divided(run, line, line.split, is_drawn=place < _MOST_DRAWN) if line.split is not None else [_beside(run, line)]
    return blocks


def _divided(run: FrozenRun, line: ChangeLine, split: SplitLine, *, is_drawn: bool) -> list[Block]:
    whole = split.whole
    if whole is None:
        return [Note(split.why)]
    cells = " × ".join(column_title(column) for column in split.columns)
    told = (
        f"From {whole.rate_before} % ({number(whole.met_before)} of {number(whole.counted_before)}) in {label_words(line.against)} to "
        f"{whole.rate} % ({number(whole.met)} of {number(whole.counted)}): {whole.effect} points, of which {whole.rate_effect} by the "
        f"rates of cells and {whole.volume_effect} by how the volume lies over them."
    )
    if split.rolled_up:
        told += f" Of {number(split.rolled_up)} Service Request Variants all parties are rolled up."
    all_of = ("All together", *_counts(whole))
    rows = (*((cell_words(run, cell, split.columns), *_counts(cell)) for cell in split.lines), all_of)
    blocks: list[Block] = [Prose(told)]
    if split.alone:
        by_one = tuple((*value_words(run, cell), *_counts(cell)) for cell in split.alone)
        columns = (Column("By", share=2), Column("Value", share=4), *_CELL_COLUMNS[1:])
        twin = Table(f"{short_title(run, line)}: by one column at a time", columns, by_one, "No cell was counted.")
        blocks.append(change_graph(run, line, split, twin) if is_drawn else twin)
    return [*blocks, Table(f"{short_title(run, line)}: by {cells}", _CELL_COLUMNS, rows, "No cell was counted.")]


def _counts(cell: CellLine) -> tuple[Cell, ...]:
    return (
        cell.counted_before, cell.counted, _shown(cell.rate_before, "percent"), _shown(cell.rate, "percent"),
        Shown(cell.rate_effect, "points", True), Shown(cell.volume_effect, "points", True), Shown(cell.effect, "points", True),
    )  # fmt: skip


def _beside(run: FrozenRun, line: ChangeLine) -> Table:
    """Percentiles do not add up, so that no part of their change can be said; where it moved the same way can."""
    rows = tuple(
        (column_title(one.column), value_title(run, one.column, one.value), _shown(one.before, "s"), _shown(one.now, "s"), one.counted)
        for one in line.beside
    )
    columns = (
        Column("By", share=2), Column("Value", share=4), Column(f"In {line.against}, s", "figure"), Column("Now, s", "figure"),
        Column("Answers timed", "whole"),
    )  # fmt: skip
    return Table(f"{change_title(run, line)}: where it moved the same way", columns, rows, "Nowhere by enough to be told.")


def _ways(run: FrozenRun) -> Table:
    rows = tuple((short_title(run, line), line.key, trace_words(run, line)) for line in run.changes.lines)
    columns = (Column("What", share=3), Column("Key, to record an action against", "code", share=3), Column("Command", "code", share=5))
    return Table(
        "Keys of the changes, and the commands that lead to the lines behind them", columns, rows, "No change is told.", _PAGE_ROWS
    )


def _actions(run: FrozenRun) -> list[Block]:
    is_open = [one for one in run.changes.actions if one.state != "closed"]
    closed = [one for one in run.changes.actions if one.state == "closed"]
    blocks: list[Block] = [Heading("Actions")]
    if not run.changes.actions:
        return [
            *blocks,
            Prose(f"None is recorded. One is by: tocsin action record {run.period.label} --change KEY --text … --owner … --due …"),
        ]
    blocks.append(_action_table("Actions that are open", run, is_open, "All that were recorded are closed."))
    if closed:
        blocks.append(_action_table("Actions closed since the month before", run, closed, "None was closed."))
    return blocks


def _in_a_line(one: ActionLine) -> str:
    """An action under its change."""
    return f"Action {one.action}, {one.owner}, due {date_words(date.fromisoformat(one.due_on))}, {one.state}: {one.text}"


def _action_table(caption: str, run: FrozenRun, actions: Sequence[ActionLine], empty: str) -> Table:
    titles = {line.key: short_title(run, line) for line in run.changes.lines}
    rows = tuple(
        (
            one.action, titles.get(one.change, f"{one.change} (told in {one.month})"), one.text, one.owner,
            date_words(date.fromisoformat(one.due_on)), Status(one.state),
            "; ".join(f"{instant_figures(note.at)[:10]}: {note.text}" for note in one.notes) or _NONE,
        )
        for one in actions
    )  # fmt: skip
    columns = (
        Column("Action"), Column("Against", share=3), Column("What is to be done", share=5), Column("Owner", share=2),
        Column("Due", share=2), Column("State", "status"), Column("Notes", share=4),
    )  # fmt: skip
    return Table(caption, columns, rows, empty)


CHANGES = Section(name="changes", title="What changed and why", order=15, build=build, starts_page=False)
