"""Files read one after another into messages; whatever is wrong with one of them becomes its findings, and the next is read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.messages.document import LARGEST_MESSAGE, NAMESPACES, too_large
from tocsin.messages.duis import read_message
from tocsin.messages.duis_message import DuisMessage
from tocsin.messages.finding import Finding, MalformedMessage
from tocsin.messages.gbcs_file import GbcsMessage, read_gbcs_file
from tocsin.messages.observations import Observation, observations_of
from tocsin.messages.rows import DCC_IDS, Rows, rows_of


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file: its message, or None and the finding that says why not; `rows` are ready to be written.

    `findings` are all of the file's: those of the reading, and those of rows that were kept apart.
    """

    file: str
    message: DuisMessage | GbcsMessage | None
    rows: Rows
    findings: tuple[Finding, ...]


def read_files(
    paths: Iterable[Path],
    observed: Mapping[str, Sequence[Observation]] | None = None,
    *,
    namespaces: Mapping[str, str] = NAMESPACES,
    limit: int = LARGEST_MESSAGE,
    dcc_ids: frozenset[str] = DCC_IDS,
) -> Iterator[FileReading]:
    """Readings in the order of `paths`, one at a time. A file named .hex holds a bare GBCS payload, any other one DUIS XML message.

    `observed` says when the messages were seen (`observations.read_observations`), `limit` is in bytes. Raises nothing for bad files.
    """
    for path in paths:
        try:
            content = _content(path, limit)
            is_hex = path.suffix.lower() == ".hex"
            message = read_gbcs_file(content) if is_hex else read_message(content, namespaces, limit)
        except MalformedMessage as reason:
            yield FileReading(str(path), None, Rows(), (reason.finding,))
            continue
        rows = rows_of(message, observations_of(str(path), observed or {}), dcc_ids)
        yield FileReading(str(path), message, rows, (*message.findings, *rows.findings))


def _content(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than allowed: the size is known without reading a file that could fill the memory.
            content = file.read(limit + 1)
        size = len(content) if len(content) <= limit else path.stat().st_size
    except OSError as reason:
        found, to_do = reason.strerror or type(reason).__name__, "Check the path and the rights on it."
        raise MalformedMessage(Finding("DM-16", "the file cannot be read", "file", "a readable file", found, to_do)) from reason
    if len(content) > limit:
        raise too_large(size, limit)
    return content
