"""A journal that is only added to: what was said is there, what was changed is found, what a crash tore is swept away."""

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from tocsin.reports.journal import LONGEST, Journal, plain
from tocsin.vocabulary.errors import BadDeclaration


@dataclass(frozen=True)
class Word:
    """An event to test with."""

    number: int
    text: str
    note: str = ""

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("a number of 0 or more was expected")


@pytest.fixture
def journal(tmp_path: Path) -> Journal[Word]:
    return Journal(tmp_path / "words.jsonl", Word, "word")


def add(journal: Journal[Word], *words: Word) -> None:
    with journal.held() as held:
        for word in words:
            held.append(word)


def test_what_was_added_is_there_in_order(journal: Journal[Word]) -> None:
    assert journal.events() == [] and journal.torn() == 0
    first, second, third = Word(1, "£5, =1+1"), Word(2, "two", "noted"), Word(3, "three")
    add(journal, first, second)
    add(journal, third)
    assert journal.events() == [first, second, third]
    # A field at its default takes no room.
    assert b"note" not in journal.path.read_bytes().splitlines()[0]


def test_one_that_is_held_tells_what_stands_in_it(journal: Journal[Word]) -> None:
    add(journal, Word(1, "one"))
    with journal.held() as held:
        assert held.events == [Word(1, "one")]
        held.append(Word(2, "two"))
        assert [word.number for word in held.events] == [1, 2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"text": "one"', b'"text": "uno"', ":2: the line before it was changed"),
        (b'"number": 1, ', b"", ":1: one word was expected, found TypeError"),
        (b'"number": 1', b'"number": -1', ":1: one word was expected, found ValueError"),
        (b'"after"', b'"before"', ":1: one word was expected, found KeyError"),
        (b"{", b"[", ":1: one word was expected"),
    ],
)
def test_a_line_that_was_changed_is_found(journal: Journal[Word], old: bytes, new: bytes, said: str) -> None:
    add(journal, Word(1, "one"), Word(2, "two"))
    journal.path.write_bytes(journal.path.read_bytes().replace(old, new, 1))
    with pytest.raises(BadDeclaration, match=said):
        journal.events()


def test_a_line_that_was_taken_out_is_found(journal: Journal[Word]) -> None:
    add(journal, Word(1, "one"), Word(2, "two"), Word(3, "three"))
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(lines[0] + lines[2])
    with pytest.raises(BadDeclaration, match=":2: the line before it was changed or taken out"), journal.held():
        pass


def test_a_torn_end_was_never_said_and_is_swept_away(journal: Journal[Word]) -> None:
    add(journal, Word(1, "one"))
    with journal.path.open("ab") as file:
        file.write(b'{"after": "01')
    assert journal.events() == [Word(1, "one")] and journal.torn() == 13
    add(journal, Word(2, "two"))
    assert journal.events() == [Word(1, "one"), Word(2, "two")] and journal.torn() == 0


def test_two_that_add_at_once_lose_nothing(journal: Journal[Word]) -> None:
    threads = [threading.Thread(target=add, args=(journal, Word(number, "told"))) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(word.number for word in journal.events()) == list(range(20))


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST + 1), "bell\x07"])
def test_words_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadDeclaration, match="comment: 1 to 2,000 characters"):
        plain(text, "comment")


def test_words_stand_on_one_line() -> None:
    assert plain(" checked\n and  agreed ", "comment") == "checked and agreed"
