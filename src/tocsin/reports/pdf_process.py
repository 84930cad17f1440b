"""What runs in the process beside (pdf_beside.py): it draws every graph, then sets the pages, when it is told to.

python -m tocsin.reports.pdf_process FOLDER
"""

import json
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from tocsin.reports.drawing import svg_of_spec
from tocsin.reports.typesetting import set_pages

# What it is told on its standard input and tells when that is done; files of the folder hold what a step is of and what came of it.
DRAW, SET, WRONG = "draw", "set", "wrong"
GRAPHS, DRAWINGS, WORDS, PDF, ERROR = "graphs.json", "drawings.json", "words.json", "report.pdf", "error.pickle"


def main() -> None:
    folder = Path(sys.argv[1])
    # Ctrl-C reaches both processes: the one that waits tells the person, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wire = os.dup(sys.stdout.fileno())
    # Whatever a library prints must not be taken for an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # At the end of the input the other process has gone, and nothing more is wanted.
    for line in sys.stdin:
        step = line.strip()
        try:
            STEPS[step](folder)
        # Whatever it is, it is raised where the report was asked for.
        except BaseException as wrong:
            (folder / ERROR).write_bytes(pickled(wrong))
            _tell(wire, WRONG)
            # What comes next rests on this.
            return
        _tell(wire, step)


def _tell(wire: int, word: str) -> None:
    # The other process may have been killed while this one worked: nobody listens, and the end of the input comes next.
    with suppress(BrokenPipeError):
        os.write(wire, f"{word}\n".encode())


def _draw(folder: Path) -> None:
    graphs = json.loads((folder / GRAPHS).read_text(encoding="utf-8"))
    drawings = [svg_of_spec(spec, name) for spec, name in graphs]
    (folder / DRAWINGS).write_text(json.dumps(drawings), encoding="utf-8")


def _set(folder: Path) -> None:
    drawings = json.loads((folder / DRAWINGS).read_text(encoding="utf-8"))
    (folder / PDF).write_bytes(set_pages((folder / WORDS).read_text(encoding="utf-8"), drawings))


STEPS: Mapping[str, Callable[[Path], None]] = {DRAW: _draw, SET: _set}


def pickled(wrong: BaseException) -> bytes:
    """An exception for the other process; one that cannot go there is told in words."""
    try:
        text = pickle.dumps(wrong)
        pickle.loads(text)
    except Exception:
        text = pickle.dumps(RuntimeError("".join(traceback.format_exception(wrong))))
    return text


if __name__ == "__main__":
    main()
