"""The changes, slots and deliveries of a run as lines of an answer, and any such lines as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from tocsin.desk.web.held_runs import HeldRun
from tocsin.measuring.figures import Figure
from tocsin.reports.change_words import change_title
from tocsin.reports.figure_files import figures_csv
from tocsin.reports.frozen_received import DeliveryLine, SupersededLine, WithdrawnLine
from tocsin.reports.spreadsheets import inert
from tocsin.vocabulary.calendar import moment

Line = dict[str, str | int | None]
# Of CSV this many rows are made at a time: a national month has some fifty thousand figures.
_ROWS = 1_000


def change_lines(held: HeldRun) -> list[Line]:
    """As `tocsin changes --format json` prints them."""
    return [
        {
            "key": line.key, "kind": line.kind, "title": change_title(held.run, line), "before": line.before or None, "now": line.now,
            "change": line.change or None, "unit": line.unit, "events": line.events, "since": line.since, "months": line.months,
            "against": line.against or None, "figure": line.figure or None,
        }
        for line in held.run.changes.lines
    ]  # fmt: skip


def slot_lines(held: HeldRun) -> list[Line]:
    """What was owed, and how it stood as at the run."""
    return [
        {
            "feed": line.feed, "sender": line.sender, "covers": line.covers, "due_at": instant_text(line.due_at), "state": line.state,
            "filled_at": instant_text(line.filled_at),
        }
        for line in held.run.slots
    ]  # fmt: skip


def delivery_lines(held: HeldRun) -> list[Line]:
    """Those that stand; then those whose slot another fills (`stands`) or that had been withdrawn, of whose rows the run tells nothing."""
    stand: list[Line] = [
        _named(line)
        | {
            "lines": line.lines, "accepted": line.accepted, "refused": line.refused, "duplicates": line.duplicates, "status": "stands",
            "stands": line.delivery_id,
        }
        for line in held.run.deliveries
    ]  # fmt: skip
    untold: Line = {"lines": None, "accepted": None, "refused": None, "duplicates": None}
    others = (("superseded", held.run.superseded), ("withdrawn", held.run.withdrawn))
    return stand + [_named(line) | untold | {"status": status, "stands": line.stands} for status, lines in others for line in lines]


def _named(line: DeliveryLine | SupersededLine | WithdrawnLine) -> Line:
    # No name of a file, and of one withdrawn neither who said so nor why: those are read on the machine.
    return {
        "delivery": line.delivery_id, "feed": line.feed, "sender": line.sender, "covers": line.covers, "submission": line.submission,
        "received_at": instant_text(line.received_at),
    }  # fmt: skip


def instant_text(at: int | None) -> str | None:
    """An instant as the API writes it: UTC, to the microsecond."""
    return None if at is None else f"{moment(at):%Y-%m-%dT%H:%M:%S.%fZ}"


def chosen_lines(lines: Iterable[Line], asked: dict[str, str | None]) -> list[Line]:
    """Those that have every word asked for; a word that is None was not asked for."""
    wanted = {key: word for key, word in asked.items() if word is not None}
    return [line for line in lines if all(line[key] == word for key, word in wanted.items())]


def lines_csv(columns: Sequence[str], lines: Sequence[Line]) -> Iterator[str]:
    """Lines as CSV (RFC 4180), in pieces; an empty cell is a number that is not there, and no cell runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for line in lines:
        cells = (line[column] for column in columns)
        writer.writerow(["" if cell is None else inert(cell) if isinstance(cell, str) else cell for cell in cells])
    yield out.getvalue()


def figure_csv(figures: Iterable[Figure]) -> Iterator[str]:
    """Figures as figures.csv of the report has them, in pieces."""
    left = iter(figures)
    yield figures_csv(islice(left, _ROWS))
    while piece := list(islice(left, _ROWS)):
        yield figures_csv(piece).partition("\r\n")[2]
