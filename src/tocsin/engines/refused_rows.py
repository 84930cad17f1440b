"""The refused rows of a delivery, as they are stored: one row a reason."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from tocsin.engines.stored import literal, reader
from tocsin.vocabulary.errors import EngineUnavailable

BLOCK = 1_000


def refused_rows(path: Path, check_id: str | None = None) -> Iterator[tuple[int, str, str, str]]:
    """Line, check id, reason and the row's text, by line: all, or those of one check. Raises EngineUnavailable for an unreadable file."""
    wanted = "" if check_id is None else f" WHERE check_id = {literal(check_id)}"
    with reader() as connection:
        try:
            connection.execute(
                f"SELECT line, check_id, reason, raw FROM read_parquet({literal(str(path))}){wanted} ORDER BY line, check_id, reason"
            )
            while block := connection.fetchmany(BLOCK):
                yield from ((int(line), str(check), str(reason), raw or "") for line, check, reason, raw in block)
        except duckdb.Error as error:
            said = str(error).partition("\n")[0]
            raise EngineUnavailable(f"{path} cannot be read: {said}. tocsin doctor says what is amiss.") from error
