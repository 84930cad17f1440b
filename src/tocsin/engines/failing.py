"""How an engine that failed is told: what was asked for, the first line of what it said, what to do. SQL text goes to the log alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

log = structlog.get_logger()


@contextmanager
def asked_for(what: str) -> Iterator[None]:
    """Say before an error of the engine what it was asked for: only who asks knows the journeys or the tally that a text is of."""
    try:
        yield
    except (BadDeclaration, EngineUnavailable) as error:
        raise type(error)(f"{what}: {error}") from error


def not_understood(engine: str, error: Exception, text: str) -> BadDeclaration:
    """For SQL text that an engine refuses: a text of ours is made of declarations, so one of them is wrong, or the engine is another."""
    _log(engine, error, text)
    return BadDeclaration(
        f"{engine} does not understand an SQL text: {_first_line(error)} Put the declaration right that it is made of."
        " If you have changed none, then tocsin and its engine do not fit: install the versions that were locked together."
        " The whole text is in the log: run the same command as tocsin --log COMMAND."
    )


def gave_up(engine: str, error: Exception, text: str) -> EngineUnavailable:
    """For all else: memory, disk, a file that is gone."""
    _log(engine, error, text)
    return EngineUnavailable(
        f"{engine} gave up: {_first_line(error)} Nothing was half-written."
        " If memory ran out, raise memory_limit under [engine] in workspace.toml; tocsin --log COMMAND tells the SQL text."
    )


def _log(engine: str, error: Exception, text: str) -> None:
    # No row's value is in a text: they are bound to it. What the engine said may quote one (a cell it could not convert).
    log.debug("engine failed", engine=engine, error=type(error).__name__, text=text)


def _first_line(error: Exception) -> str:
    """What follows is where in the text it stopped, or what else could have been meant: of no use without the text."""
    line = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return line if line.endswith((".", "!")) else f"{line}."
