"""The PDF made beside the other formats: graphs are drawn and pages set by a process of its own, on another core.

What draws (vl_convert) and what sets pages (Typst) let no other Python run meanwhile, so a thread would gain nothing. The process is a new
one, not a fork: that of a program with threads (DuckDB's, V8's) may hold a lock for ever.
"""

import json
import os
import pickle
import subprocess
import sys
import tempfile
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from tocsin.reports.blocks import Graph
from tocsin.reports.document import Document
from tocsin.reports.drawing import spec_of
from tocsin.reports.pdf_process import DRAW, DRAWINGS, ERROR, GRAPHS, PDF, SET, WORDS, WRONG
from tocsin.reports.typst_pdf import words_of


class PdfBeside:
    """The process from its start on, so that it loads its libraries while the blocks are built; it is gone when the context ends."""

    def __enter__(self) -> Self:
        self._kept = tempfile.TemporaryDirectory(prefix="tocsin-")
        self.folder = Path(self._kept.name)
        # The modules that this process would import, from where it would; never what happens to lie in the current folder (-P).
        where = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
        command = [sys.executable, "-P", "-m", "tocsin.reports.pdf_process", str(self.folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=where)
        return self

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, where: TracebackType | None) -> None:
        # It keeps nothing that must be put in order: what it wrote goes with the folder.
        self._process.kill()
        self._process.communicate()
        self._kept.cleanup()

    def begin(self, document: Document) -> None:
        """Have the graphs of a report drawn and its pages set; gives at once."""
        self.document = document
        self._ask(GRAPHS, json.dumps([spec_of(graph) for graph in document.graphs]), DRAW)
        self._ask(WORDS, words_of(document), SET)

    def svg_of(self, graph: Graph) -> str:
        """A graph of the report as SVG. Raises what went wrong when graphs were drawn, ChildProcessError where the process was lost."""
        return self._drawings[id(graph)]

    def pdf(self) -> bytes:
        """The PDF, when it is set. Raises what went wrong, as `svg_of` does."""
        # The answers come in the order of what was asked.
        assert self._drawings is not None
        self._wait_for(SET)
        return (self.folder / PDF).read_bytes()

    @cached_property
    def _drawings(self) -> dict[int, str]:
        self._wait_for(DRAW)
        drawn = json.loads((self.folder / DRAWINGS).read_text(encoding="utf-8"))
        return {id(graph): svg for graph, svg in zip(self.document.graphs, drawn, strict=True)}

    def _ask(self, name: str, text: str, step: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")
        assert self._process.stdin is not None
        try:
            print(step, file=self._process.stdin, flush=True)
        except BrokenPipeError:
            # It has ended: whoever waits for it is told so.
            return

    def _wait_for(self, step: str) -> None:
        assert self._process.stdout is not None
        told = self._process.stdout.readline().strip()
        if told == WRONG:
            # It was written by a process of ours, in a folder that no other user may enter.
            raise pickle.loads((self.folder / ERROR).read_bytes())
        if told != step:
            code = self._process.wait()
            raise ChildProcessError(
                f"the process that draws graphs and sets the PDF ended with {code} before it was done; was there memory enough?"
                " The files written so far stand; ask for the others with --formats"
            )
