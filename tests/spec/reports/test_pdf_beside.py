"""The PDF of a large report made by a process beside: the same bytes, the same errors, and nothing left behind."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typst

from tocsin.reports import pdf_beside, pmr
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.pdf_beside import PdfBeside
from tocsin.reports.pdf_process import pickled
from tocsin.reports.pmr import write_report


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[str]"]:
    """Two cores, and any report worth a process: those that were started."""
    monkeypatch.setattr(pmr, "_WORTH_BESIDE", 0)
    monkeypatch.setattr(pmr, "_cores", lambda: 2)
    processes: list[subprocess.Popen[str]] = []
    enter = PdfBeside.__enter__

    def entered(self: PdfBeside) -> PdfBeside:
        enter(self)
        processes.append(self._process)
        return self

    monkeypatch.setattr(PdfBeside, "__enter__", entered)
    return processes


def test_every_format_is_the_same_as_without(run: FrozenRun, tmp_path: Path, begun: list["subprocess.Popen[str]"]) -> None:
    beside = write_report(run, tmp_path / "beside")
    assert len(begun) == 1 and begun[0].returncode is not None
    with pytest.MonkeyPatch.context() as one:
        one.setattr(pmr, "_cores", lambda: 1)
        alone = write_report(run, tmp_path / "alone")
    assert len(begun) == 1
    assert [path.name for path in beside] == [path.name for path in alone]
    assert [path.read_bytes() for path in beside] == [path.read_bytes() for path in alone]
    assert sorted(path.name for path in (tmp_path / "beside").iterdir()) == sorted(path.name for path in beside)


@pytest.mark.parametrize("formats", [["pdf"], ["html", "csv"]])
def test_no_process_is_started_for_nothing(
    run: FrozenRun, tmp_path: Path, begun: list["subprocess.Popen[str]"], formats: list[str]
) -> None:
    write_report(run, tmp_path, formats)
    assert not begun


def test_a_small_report_is_made_by_one_process(run: FrozenRun) -> None:
    assert len(run.figures) < pmr._WORTH_BESIDE
    assert not pmr._is_worth_beside(run, ["pdf", "html"])


@dataclass(frozen=True)
class Wrong:
    """What is made to go wrong, what is raised then, and which formats are written all the same."""

    broken: str
    by: Callable[..., object]
    raised: type[Exception]
    left: list[str]


WRONG = (
    Wrong("words_of", lambda document: "{}", typst.TypstError, ["csv", "html", "xlsx"]),
    Wrong("spec_of", lambda graph: ("{", graph.name), ValueError, ["csv", "xlsx"]),
)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.broken)
def test_what_goes_wrong_there_is_raised_here(
    run: FrozenRun, tmp_path: Path, begun: list["subprocess.Popen[str]"], monkeypatch: pytest.MonkeyPatch, wrong: Wrong
) -> None:
    """As where one process does all: the formats that came before are written, the others are not."""
    monkeypatch.setattr(pdf_beside, wrong.broken, wrong.by)
    with pytest.raises(wrong.raised):
        write_report(run, tmp_path, ["csv", "xlsx", "html", "pdf"])
    assert sorted(path.suffix[1:] for path in tmp_path.iterdir()) == wrong.left
    assert begun[0].returncode is not None


def test_a_process_that_is_lost_is_told(
    run: FrozenRun, tmp_path: Path, begun: list["subprocess.Popen[str]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = PdfBeside.begin

    def killed(self: PdfBeside, *of: object) -> None:
        self._process.kill()
        self._process.wait()
        begin(self, *of)  # type: ignore[arg-type]  # whatever it is given goes on

    monkeypatch.setattr(PdfBeside, "begin", killed)
    with pytest.raises(ChildProcessError, match="ended with -9 before it was done; was there memory enough"):
        write_report(run, tmp_path, ["csv", "pdf"])
    assert [path.suffix for path in tmp_path.iterdir()] == [".csv"]


def test_what_goes_wrong_here_ends_it(
    run: FrozenRun, tmp_path: Path, begun: list["subprocess.Popen[str]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pmr._MADE, "xlsx", lambda document: b"" + None)  # type: ignore[operator]  # what is to go wrong
    with pytest.raises(TypeError):
        write_report(run, tmp_path, ["csv", "xlsx", "pdf"])
    assert begun[0].returncode is not None


def test_an_exception_that_cannot_travel_goes_in_words() -> None:
    import pickle

    class Stays(Exception):
        def __reduce__(self) -> str:
            raise TypeError("stays")

    told = pickle.loads(pickled(Stays("a graph without a name")))
    assert isinstance(told, RuntimeError) and "a graph without a name" in str(told)


def test_where_the_other_process_was_killed_it_ends_in_silence(tmp_path: Path) -> None:
    """Nobody hears what it tells then; a traceback of its own would be all that the person sees."""
    words = [sys.executable, "-m", "tocsin.reports.pdf_process", str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as beside:
        assert beside.stdin is not None and beside.stdout is not None and beside.stderr is not None
        beside.stdout.close()
        beside.stdin.write("draw\n")
        beside.stdin.close()
        assert beside.stderr.read() == ""
    assert beside.returncode == 0
