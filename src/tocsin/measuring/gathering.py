"""Gathered: rows to which every bucket of a journey adds, asked bucket by bucket and summed up once (docs/decisions/0002)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.engines import Relation, Session


@dataclass(frozen=True)
class Gathered:
    """The first step of a journey whose rows are sums over all buckets, such as a quarter-hour's over all keys.

    `sql` gives a bucket's share under `name`; `rest` is what follows it behind WITH and its comma, and reads all shares together. `sql`
    alone may ask for what is of a bucket.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    sql: str
    rest: str

    @property
    def whole(self) -> str:
        """Both steps as the text of the journey, for a period that is one bucket."""
        return f"WITH {self.name} AS (\n{self.sql}\n),\n{self.rest}"

    @property
    def last(self) -> str:
        """The text of the journey where the shares of all buckets stand under `name`."""
        return f"WITH {self.rest}"


def gather(session: Session, gathered: Gathered, asked: Sequence[Mapping[str, int]], aside: Path, grouped: Sequence[str] = ()) -> None:
    """Let a session hold the shares of all buckets, by their parameters. Raises EngineUnavailable."""
    parts = [aside / f"{gathered.name}-{place:04d}.parquet" for place in range(len(asked))]
    for at, part in zip(asked, parts, strict=True):
        session.write_parquet(gathered.sql, part, at, grouped)
    session.add(Relation(gathered.name, gathered.columns, tuple(map(str, parts))))
