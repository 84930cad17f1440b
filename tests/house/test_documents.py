"""Documents say what the code says: generated pages are up to date, links lead somewhere, and every term is explained."""

import inspect
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from tools.documents.feeds import plain_shape
from tools.documents.page import table
from tools.write_documents import documents, stale

from tocsin.areas import all_areas
from tocsin.deliveries import ledger, slots
from tocsin.desk.cli import COMMANDS
from tocsin.feeds import all_feeds, feed
from tocsin.feeds.shape_file import load_shape
from tocsin.journeys import all_journeys
from tocsin.journeys.service_request_flows import FLOW_LADDER
from tocsin.journeys.service_request_outcomes import OUTCOME_LADDER, OUTCOMES
from tocsin.measures import all_measures
from tocsin.measuring import figures, journey, ladder, measure, presence, shares, tally
from tocsin.processes import all_processes
from tocsin.vocabulary.settings import settings
from tocsin.vocabulary.table_file import STATUSES

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "GLOSSARY.md"
DECISIONS = ROOT / "docs" / "decisions"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md"), *ROOT.glob("examples/**/*.md")])

# A run of capitalised words, such as "Service Request Variant", "EUI-64" or "CSP".
TERM = re.compile(r"[A-Z][\w+]*(?:-[A-Z0-9]\w*)*(?: [A-Z][\w+]*(?:-[A-Z0-9]\w*)*)*")
# Capitalised because a sentence begins, or plain English.
PLAIN = {"a", "all", "an", "every", "is", "no", "other", "the", "uk", "was"}
# Modules whose public classes are the nouns of the design.
NOUNS: tuple[ModuleType, ...] = (feed, ledger, slots, journey, measure, presence, shares, tally, ladder)


def test_generated_pages_are_what_the_declarations_say() -> None:
    assert not [str(path.relative_to(ROOT)) for path in stale(documents())], "run: make documents"


@pytest.mark.parametrize("name", list(all_feeds()))
def test_the_shape_a_feed_page_offers_is_a_shape(name: str, tmp_path: Path) -> None:
    """As it is printed, and with every optional column taken up."""
    offered = plain_shape(all_feeds()[name])
    for text in (offered, offered.replace("# ", "")):
        (tmp_path / "sender.toml").write_text(text)
        assert load_shape(tmp_path / "sender.toml").feed == name


def test_declared_text_cannot_break_a_table() -> None:
    assert table(("a",), [("x | y <id> `p <> 'q'`",)]).splitlines()[-1] == r"| x \| y &lt;id> `p <> 'q'` |"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert not [target for target in targets if "://" not in target and not (page.parent / target).exists()]


def test_files_that_the_pages_name_are_there() -> None:
    """A path in code style, as ARCHITECTURE and the decisions write them, is a file of ours; a workspace's `reference/` is its own."""
    named = {
        (page.name, path)
        for page in (ROOT / "docs" / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *DECISIONS.glob("*.md"))
        for path in re.findall(r"`(?!reference/)((?:[a-z_]+/)+[a-z_0-9]+\.(?:py|toml|csv|md))`", page.read_text(encoding="utf-8"))
    }
    assert named
    places = (ROOT, ROOT / "src" / "tocsin")
    assert not sorted((page, path) for page, path in named if not any((place / path).exists() for place in places))


def test_decisions_are_numbered_without_gap_or_clash() -> None:
    notes = sorted(DECISIONS.glob("*.md"))
    assert [note.name[:5] for note in notes] == [f"{number:04d}-" for number in range(1, len(notes) + 1)]
    for number, note in enumerate(notes, 1):
        assert note.read_text(encoding="utf-8").startswith(f"# {number}. "), note.name


def test_every_command_is_documented() -> None:
    told = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert not [command for command in COMMANDS if f"tocsin {command.replace('_', '-')}" not in told]


def test_every_term_of_a_declaration_is_in_the_glossary() -> None:
    """Whatever a declaration writes with a capital letter is a term of the field, and a reader may ask what it means."""
    known = terms()
    # Names of the Business Processes are explained on their own page; clauses of the Code (H13.1) are the Code's.
    names = re.compile("|".join([*(re.escape(process.title) for process in all_processes().values()), r"\b[A-Z]\d+(\.\d+)*\b"]))
    missing = set()
    for text in (names.sub("", declared) for declared in declared_texts()):
        for found in TERM.finditer(text):
            before = text[: found.start()].rstrip()
            missing |= set(unexplained(found.group(), known, begins=not before or before[-1] in ".:;?!"))
    assert not missing


def test_every_noun_of_the_design_is_in_the_glossary() -> None:
    known = terms()
    nouns = {
        name
        for module in NOUNS
        for name, found in vars(module).items()
        if inspect.isclass(found) and found.__module__ == module.__name__ and not name.startswith("_")
    } - {"LookedUp"}  # a join, not a noun
    assert not {noun for noun in nouns if noun.lower() not in known}


def test_every_status_word_is_in_the_glossary() -> None:
    told = GLOSSARY.read_text(encoding="utf-8")
    words = {*figures.STATUSES, *STATUSES, *OUTCOMES, *get_args(slots.State)}
    assert not {word for word in words if not re.search(rf"\b{word}\b", told)}


def test_the_glossary_is_in_order() -> None:
    rows = [line.split("|")[1].strip().lower() for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][2:]
    assert rows == sorted(rows)


def terms() -> set[str]:
    """The words that the glossary explains, in lower case: the first column, its commas and brackets taken apart."""
    rows = [line.split("|")[1] for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {part.strip().lower() for row in rows for part in re.split(r"[,()]", row) if part.strip()}


def unexplained(phrase: str, known: set[str], begins: bool) -> Iterator[str]:
    """The words of a capitalised phrase that no term of the glossary covers, the longest terms tried first."""
    words = phrase.split()
    at = 0
    while at < len(words):
        fitting = (end for end in range(len(words), at, -1) if one_of(" ".join(words[at:end])) & known)
        end = next(fitting, None)
        is_plain = words[at].lower() in PLAIN or (begins and at == 0 and re.fullmatch("[A-Z][a-z]*", words[at]))
        if end is None and not is_plain:
            yield words[at]
        at = end if end is not None else at + 1


def one_of(word: str) -> set[str]:
    """A term as it stands and without a plural's ending."""
    lower = word.lower()
    return {lower, lower.removesuffix("s"), lower.removesuffix("ies") + "y"}


def declared_texts() -> Iterator[str]:
    for one_feed in all_feeds().values():
        yield one_feed.title
        yield from (column.meaning for column in one_feed.columns)
        yield from (check.sentence for check in one_feed.checks)
    for one_journey in all_journeys().values():
        yield one_journey.title
        yield from (attribute.sentence for attribute in one_journey.attributes)
        yield from (sentence for _, sentence, _ in one_journey.remarks)
    yield from (question.sentence for question in (*FLOW_LADDER, *OUTCOME_LADDER))
    for one_measure in all_measures().values():
        yield from (one_measure.title, one_measure.clause, one_measure.counted.sentence, one_measure.met.sentence, one_measure.reading)
    for process in all_processes().values():
        yield from (process.title, process.sentence)
    for area in all_areas().values():
        yield from (area.title, area.sentence)
    for indicator in (
        *(indicator for area in all_areas().values() for indicator in area.indicators),
        *(indicator for process in all_processes().values() for indicator in process.declared),
    ):
        yield from (indicator.title, indicator.counted.sentence, indicator.met.sentence if indicator.met else "")
    yield from (setting.sentence for setting in settings(date.max).values())
