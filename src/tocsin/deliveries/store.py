"""Where a workspace keeps what it received: raw files by digest, one folder a delivery, and the ledger that says what is true."""

from dataclasses import dataclass
from pathlib import Path

ASIDE = ".aside-"


@dataclass(frozen=True)
class Store:
    """The folder `store/` of a workspace. `ledger` is a database URL; SQLite in the folder without one."""

    root: Path
    ledger: str | None = None

    @property
    def raw(self) -> Path:
        """Received files as they came, each named by its SHA-256: never changed, never removed."""
        return self.root / "raw"

    @property
    def deliveries(self) -> Path:
        """One folder for each accepted delivery, with accepted.parquet and refused.parquet."""
        return self.root / "deliveries"

    @property
    def ledger_url(self) -> str:
        return self.ledger or f"sqlite:///{(self.root / 'ledger.sqlite').resolve()}"

    def make(self) -> None:
        """Make the folders that are not there."""
        self.raw.mkdir(parents=True, exist_ok=True)
        self.deliveries.mkdir(parents=True, exist_ok=True)

    def raw_file(self, digest: str) -> Path:
        return self.raw / digest

    def accepted(self, delivery_id: str) -> Path:
        return self.deliveries / delivery_id / "accepted.parquet"

    def refused(self, delivery_id: str) -> Path:
        return self.deliveries / delivery_id / "refused.parquet"
