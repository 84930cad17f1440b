"""Digests beside the files of a folder, in the layout of `sha256sum -c`: whoever changes a byte of what is kept is found out."""

import hashlib
import os
from collections.abc import Container, Iterator
from pathlib import Path

FILE = "SHA256SUMS"
MISSING = "missing"


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS for every file below a folder, on the disk before this returns."""
    told = "".join(f"{digest_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in _files(folder))
    with (folder / FILE).open("w", encoding="utf-8") as file:
        file.write(told)
        file.flush()
        os.fsync(file.fileno())


def wrong_sums(folder: Path, only: Container[str] | None = None) -> Iterator[tuple[Path, str]]:
    """Files that are missing or whose bytes are not those of SHA256SUMS, each with what is wrong; the list itself where it cannot be read.

    `only` names those to be looked at, all of them where it is None. A folder without a list gives nothing: those made before there was
    one are judged by their row counts alone.
    """
    sums = folder / FILE
    if not sums.is_file():
        return
    for line in sums.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        path = folder / name
        if len(digest) != 64 or not name:
            yield sums, f'a digest and a name were expected in each line, found "{line[:80]}"'
        elif only is not None and name not in only:
            continue
        elif not path.is_file():
            yield path, MISSING
        elif (found := digest_of(path)) != digest:
            yield path, f"its bytes were changed: digest {found[:16]}… where {digest[:16]}… was entered"


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != FILE)
