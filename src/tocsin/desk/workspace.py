"""A workspace: one folder that holds a company's settings, files, store and runs (architecture section 7)."""

import json
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tocsin.desk.settings import FIRST_SETTINGS, Settings, amiss
from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import PROFILES
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.table_file import check_folder

FILE = "workspace.toml"
FOLDERS = ("incoming", "shapes", "reference", "store", "runs", "secret")


@dataclass(frozen=True)
class Workspace:
    """The folder and its settings."""

    root: Path
    settings: Settings

    @classmethod
    def create(cls, root: Path, title: str | None = None) -> "Workspace":
        """Make the folders and a commented workspace.toml. Raises BadDeclaration where a workspace already is."""
        if (root / FILE).exists():
            raise BadDeclaration(f"{root / FILE} is there already: this folder is a workspace. Nothing was changed.")
        named = (title or root.resolve().name).strip() or "tocsin"
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True, exist_ok=True)
        secret = root / "secret" / "anonymity.key"
        if not secret.exists():
            # Party codes are a keyed hash (domain.md 6.5): whoever holds this key can undo them, so it stays out of store and runs.
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_hex(32) + "\n")
        # JSON's text is TOML's text: a title may hold quotation marks.
        (root / FILE).write_text(FIRST_SETTINGS.format(title=json.dumps(named, ensure_ascii=False)), encoding="utf-8")
        return cls.open(root)

    @classmethod
    def open(cls, root: Path) -> "Workspace":
        """Read a workspace's settings. Raises BadDeclaration naming the file, the key, what was expected and found."""
        path = root / FILE
        if not path.is_file():
            raise BadDeclaration(f"{root} is not a workspace: no {FILE} there. Make one with: tocsin init {root}")
        try:
            settings = Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
            raise BadDeclaration(f"{path}: expected TOML in UTF-8, found {wrong}. Correct the file.") from wrong
        except ValidationError as wrong:
            first = wrong.errors()[0]
            key = ".".join(str(piece) for piece in first["loc"])
            raise BadDeclaration(f"{path}: {key}: {amiss(first)} Correct the file.") from wrong
        if settings.workspace.calendar_profile not in PROFILES:
            raise BadDeclaration(
                f'{path}: workspace.calendar_profile: expected one of {", ".join(PROFILES)}, found "{settings.workspace.calendar_profile}".'
            )
        for expected in settings.expected:
            if expected.feed not in all_feeds():
                raise BadDeclaration(f'{path}: expected.feed: "{expected.feed}" is no feed. Known: {", ".join(all_feeds())}.')
            if expected.since is not None and expected.until is not None and expected.until <= expected.since:
                raise BadDeclaration(
                    f"{path}: expected.until of {expected.feed} from {expected.sender}: expected a day after since, {expected.since}, found"
                    f" {expected.until}: nothing would ever be owed. Correct the file."
                )
        check_folder(root / "reference")
        return cls(root, settings)

    @property
    def incoming(self) -> Path:
        return self.root / "incoming"

    @property
    def shapes(self) -> Path:
        return self.root / "shapes"

    @property
    def store(self) -> Path:
        return self.root / "store"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def reference(self) -> Path:
        """Dated rows of the workspace's own, laid over the shipped tables."""
        return self.root / "reference"

    @property
    def actions(self) -> Path:
        """The journal of actions against changes; there is none until the first is recorded."""
        return self.root / "actions.jsonl"

    @property
    def sign_offs(self) -> Path:
        """The journal of sign-offs and publications; there is none until the first."""
        return self.root / "sign_offs.jsonl"

    @property
    def commentary(self) -> Path:
        """The journal of commentary asked of Service Providers; there is none until the first request."""
        return self.root / "commentary.jsonl"

    @property
    def anonymity_secret(self) -> bytes:
        """The key of the party codes. Raises BadDeclaration when it is missing: new codes would break comparison within a year."""
        path = self.root / "secret" / "anonymity.key"
        told = path.read_text(encoding="utf-8", errors="replace").strip() if path.is_file() else ""
        if not told:
            raise BadDeclaration(f"{path} is missing or empty. Restore it from a copy: party codes of this reporting year depend on it.")
        try:
            return bytes.fromhex(told)
        except ValueError as wrong:
            raise BadDeclaration(f"{path}: hexadecimal digits were expected, found something else. Restore it from a copy.") from wrong

    def override(self, table: str) -> Path | None:
        """The workspace's own dated rows for a shipped table, if it has any."""
        path = self.reference / f"{table}.csv"
        return path if path.is_file() else None
