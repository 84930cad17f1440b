"""One sender's alert files: a line for each stage or each alert, and the text of each quarter-hour's lines."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tocsin.estate.block import EMPTY, Array, Block, Whole
from tocsin.estate.events.alert_codes import ALERT_CODES
from tocsin.estate.events.alert_layouts import AlertLayout
from tocsin.estate.events.alert_text import as_read, ended, joined, stamp_text, words
from tocsin.estate.events.alert_truth import STAGES
from tocsin.estate.population import Population
from tocsin.estate.senders.text import euis
from tocsin.estate.senders.writers import GzipText
from tocsin.estate.words import WORDS, number
from tocsin.vocabulary.devices import REGIONS

Column = Callable[[Block], pa.Array]

# Lines made together: text of so many takes some 100 MB while it is made.
LINES_AT_ONCE = 200_000

# The DSP knows the way before it only of the two regions whose CSP reports through it (paper 3: CSP Central & South is no addressee).
SEEN_BY_DSP = REGIONS[1:3]


@dataclass
class SenderFiles:
    """The files of one sender. `rows` gives what the sender knows of alerts as lines of its files, `texts` their text."""

    layout: AlertLayout
    population: Population

    def rows(self, alerts: Block) -> Block:
        """The lines of some alerts: `file_at` (when the sender has the line), `row` (place in alerts), `stage` (place in STAGES, or -1
        for a line of all of them); in the order of file_at."""
        known = np.flatnonzero(self._is_known(alerts))
        if self.layout.is_wide:
            rows = Block({"file_at": alerts["d"][known], "row": known, "stage": np.full(len(known), -1)})
        else:
            rows = Block.together([self._of_stage(alerts, known, stage) for stage in self.layout.stages])
        return rows.take(np.argsort(rows["file_at"], kind="stable"))

    def texts(self, alerts: Block, rows: Block) -> "Texts":
        """The text of rows, made where it is asked for."""
        return Texts(self, alerts, rows)

    def lines(self, alerts: Block, rows: Block) -> tuple[memoryview, Array]:
        """The text of rows, each ended by a line feed, and where each begins and the last ends."""
        of_rows = alerts.take(rows["row"]).put(stage=rows["stage"])
        made = joined([self._column(what, of_rows) for _, what in self.layout.columns], self.layout.delimiter)
        return ended(pc.utf8_lower(made) if self.layout.lower else made)

    def made(self, alerts: Block, rows: Block) -> Whole:
        """How many rows of the feed a reader makes of each line."""
        if not self.layout.is_wide:
            return np.ones(len(rows), np.int64)
        told = [alerts[stamped_by(self.layout, stage)][rows["row"]] != EMPTY for stage in unfolded(self.layout)]
        made: Whole = np.sum(told, axis=0, dtype=np.int64)
        return made

    def told(self, alerts: Block, rows: Block) -> tuple[Whole, Array, Array]:
        """What a reader takes the rows for, one a stage: the row's place, the stage (place in STAGES) and its instant."""
        if not self.layout.is_wide:
            at = stamps_of(alerts, rows)
            return np.arange(len(rows)), rows["stage"], as_read(at, self.layout.stamp, self.layout.zone)
        places, stages, instants = [], [], []
        for stage in unfolded(self.layout):
            at = alerts[stamped_by(self.layout, stage)][rows["row"]]
            there = np.flatnonzero(at != EMPTY)
            places.append(there)
            stages.append(np.full(len(there), STAGES.index(stage)))
            instants.append(as_read(at[there], self.layout.stamp, self.layout.zone))
        return np.concatenate(places), np.concatenate(stages), np.concatenate(instants)

    def _is_known(self, alerts: Block) -> Array:
        sender = self.layout.sender
        if sender == "DSP":
            known: Array = np.ones(len(alerts), bool)
            return known
        own: Array = alerts["service_provider"] == number("service_provider", sender)
        passed: Array = own & (alerts["d"] != EMPTY)
        return passed

    def _of_stage(self, alerts: Block, known: Array, stage: str) -> Block:
        there = known[alerts[stage][known] != EMPTY]
        if self.layout.sender == "DSP" and stage in "acd":
            seen = np.isin(alerts["region"][there], [number("region", region) for region in SEEN_BY_DSP]) & (alerts["e"][there] != EMPTY)
            there = there[seen]
        # What came before is known once the alert has come: the device's own stamp is inside it (duis.md 4.1).
        since = alerts["e"] if self.layout.sender == "DSP" else alerts["c"]
        file_at = np.maximum(alerts[stage][there], since[there]) if stage in "ab" else alerts[stage][there]
        return Block({"file_at": file_at, "row": there, "stage": np.full(len(there), STAGES.index(stage))})

    def _column(self, what: str, rows: Block) -> pa.Array:
        if what.startswith("at:"):
            return stamp_text(rows[what[3:]], self.layout.stamp, self.layout.zone)
        return self._columns()[what](rows)

    def _columns(self) -> Mapping[str, Column]:
        users, devices = self.population.users["eui"], self.population.devices["eui"]
        stage_words = [self.layout.stage_words.get(stage, stage) for stage in STAGES]
        return {
            "key": lambda rows: joined(
                [euis(devices[rows["device"]]), _user(users, rows), pa.array(rows["counter"]).cast(pa.string()), _code(rows)], ":"
            ),
            "stage": lambda rows: words(rows["stage"], stage_words),
            "at": lambda rows: stamp_text(stamps_of(rows, Block({"row": np.arange(len(rows)), "stage": rows["stage"]})), *self._clock),
            "code": _code,
            "kind": lambda rows: words(rows["is_dcc"], ("device", "dcc")),
            "device": lambda rows: euis(devices[rows["device"]]),
            "user": lambda rows: _user(users, rows),
            "device_type": lambda rows: words(rows["device_type"], WORDS["device_type"]),
            "region": lambda rows: words(rows["region"], WORDS["region"]),
            "provider": lambda rows: words(rows["service_provider"], WORDS["service_provider"]),
            # How many it stands for is told with the one that is passed on; that it was held back, where it was received.
            "throttled": lambda rows: _where(rows["stage"] >= STAGES.index("f"), rows["throttled"] > 1, rows["throttled"]),
            "consolidated": lambda rows: words(rows["consolidated"] & (rows["stage"] == STAGES.index("e")), ("", "yes")),
            "clock": lambda rows: words(_clock_word(rows), ("", "reliable", "unreliable")),
        }

    @property
    def _clock(self) -> tuple[str, str]:
        return self.layout.stamp, self.layout.zone


def stamps_of(alerts: Block, rows: Block) -> Whole:
    """The stamp of each row's stage."""
    every = np.stack([alerts[stage] for stage in STAGES])
    found: Whole = every[rows["stage"], rows["row"]]
    return found


def unfolded(layout: AlertLayout) -> str:
    """The stages that a line of a wide layout is read as; Secure's T2 is both b and c (domain.md 7.3)."""
    return "abcde" if layout.sender == "S1SP-SECURE" else layout.stages


def stamped_by(layout: AlertLayout, stage: str) -> str:
    return "c" if layout.sender == "S1SP-SECURE" and stage == "b" else stage


@dataclass
class Texts:
    """The text of a sender's lines, some of which are held at a time."""

    files: SenderFiles
    alerts: Block
    rows: Block

    def __post_init__(self) -> None:
        self.first = self.end = 0
        self.octets: tuple[memoryview, Array] = memoryview(b""), np.zeros(1, np.int64)

    def between(self, first: int, end: int) -> Iterator[memoryview]:
        """The text of the lines [first, end), in pieces. Asked for in the order of the lines."""
        while first < end:
            if not self.first <= first < self.end:
                self.first, self.end = first, min(first + LINES_AT_ONCE, len(self.rows))
                self.octets = self.files.lines(self.alerts, self.rows.take(np.arange(self.first, self.end)))
            text, starts = self.octets
            until = min(end, self.end)
            yield text[int(starts[first - self.first]) : int(starts[until - self.first])]
            first = until


def write_slice(layout: AlertLayout, lines: Iterator[memoryview], path: Path) -> None:
    """A file of the sender: packed without the machine's time, so that the same lines are the same bytes."""
    write_text(path, layout.delimiter.join(header for header, _ in layout.columns), lines, layout.encoding)


def write_text(path: Path, header: str, lines: Iterable[bytes | memoryview], encoding: str = "utf-8") -> None:
    """A packed file of a header and lines, which end with a line feed each."""
    text = GzipText(path, encoding)
    text.write(f"{header}\n".encode())
    for piece in lines:
        text.write(piece)
    text.close()


def _user(users: Array, rows: Block) -> pa.Array:
    return euis(users[rows["user"]])


def _code(rows: Block) -> pa.Array:
    return words(rows["code"], ALERT_CODES)


def _where(first: Array, second: Array, values: Array) -> pa.Array:
    return pa.array(values, mask=~(first & second)).cast(pa.string())


def _clock_word(rows: Block) -> Array:
    """Only gas meters run on a battery clock that may be off; a wide line tells it of its stage a."""
    tells = (rows["device_type"] == number("device_type", "GSME")) & (rows["a"] != EMPTY) & (rows["stage"] <= 0)
    told: Array = np.where(tells, 1 + rows["clock_wrong"], 0)
    return told
