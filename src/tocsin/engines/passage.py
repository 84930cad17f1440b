"""How files pass between this machine and a cluster: through a folder that both see, or through a bucket of an object store.

The store of record is this machine's folder either way; what lies in the bucket is a copy that may be thrown away between two commands.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

# What Sail and Hadoop's S3A connector take for Amazon's S3 and whatever speaks as it does.
BUCKETS = ("s3", "s3a")
# Requests to an object store wait rather than work.
AT_ONCE = 8

Result = TypeVar("Result")


class Passage(Protocol):
    """The way of files to a cluster and back."""

    def address(self, path: Path) -> str:
        """Where the cluster finds, or is to write, what stands at a path here. Raises BadDeclaration for a path Spark cannot be given."""

    def shown(self, paths: Sequence[Path]) -> list[str]:
        """The addresses of files that the cluster may read from now on. Raises EngineUnavailable."""

    def fetch(self, folder: Path) -> None:
        """Let what the cluster wrote to a folder's address stand in the folder. Raises EngineUnavailable."""

    def forget(self, folder: Path) -> None:
        """Leave nothing of that folder anywhere but here."""


class SharedFolder:
    """One folder that both see, by the same path or by one that begins otherwise."""

    def __init__(self, root: Path | None, seen_as: str | None) -> None:
        self.root, self.seen_as = root, seen_as

    def address(self, path: Path) -> str:
        below = _below(self.root, path)
        return f"file://{_plain(path.absolute())}" if below is None or self.seen_as is None else f"{self.seen_as.rstrip('/')}/{below}"

    def shown(self, paths: Sequence[Path]) -> list[str]:
        return [self.address(path) for path in paths]

    def fetch(self, folder: Path) -> None:
        pass

    def forget(self, folder: Path) -> None:
        pass


class Bucket:
    """A bucket in front of a folder that only this machine sees: files go there before they are read, and parts come back from there.

    An object's name tells size and time of the file beside its path, so that a file made anew under an old name is another object.
    Credentials, region and, for a store that is not Amazon's, the address come from the environment by the names of Amazon's own tools.
    """

    def __init__(self, root: Path, seen_as: str) -> None:
        self.root, self.seen_as = root, seen_as.rstrip("/")
        self.held: set[tuple[str, int]] | None = None

    def address(self, path: Path) -> str:
        below = _below(self.root, path)
        return f"file://{_plain(path.absolute())}" if below is None else f"{self.seen_as}/{below}"

    def shown(self, paths: Sequence[Path]) -> list[str]:
        named = [(path, self._name(path)) for path in paths]
        if self.held is None:
            self.held = self._listed()
        # With the size as told by the store: an upload that broke off may have left a shorter object.
        lacking = {name: path for path, name in named if name is not None and (name, path.stat().st_size) not in self.held}
        files, base = self._opened
        self._each(lacking.items(), lambda one: files.upload(one[1], f"{base}/{one[0]}"))
        self.held |= {(name, path.stat().st_size) for name, path in lacking.items()}
        return [self.address(path) if name is None else f"{self.seen_as}/{name}" for path, name in named]

    def fetch(self, folder: Path) -> None:
        below = _below(self.root, folder)
        if below is None:
            return
        files, base = self._opened
        there = f"{base}/{below}"
        parts = self._run(lambda: files.files_below(there))
        wanted = [name for name in parts if name.endswith(".parquet")]
        for name in wanted:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        self._each(wanted, lambda name: files.download(f"{there}/{name}", folder / name))

    def forget(self, folder: Path) -> None:
        below = _below(self.root, folder)
        if below is not None:
            files, base = self._opened
            self._run(lambda: files.remove(f"{base}/{below}"))

    def _name(self, path: Path) -> str | None:
        """The name of a file's object below the base; None for a file outside the folder, which goes by its own path."""
        below = _below(self.root, path)
        if below is None:
            return None
        of = path.stat()
        stem, dot, kind = below.rpartition(".")
        return f"{stem}-{of.st_size}-{of.st_mtime_ns}{dot}{kind}"

    def _listed(self) -> set[tuple[str, int]]:
        files, base = self._opened
        return set(self._run(lambda: files.files_below(base)).items())

    @cached_property
    def _opened(self) -> tuple["_Objects", str]:
        parts = urlsplit(self.seen_as)
        return self._run(lambda: _Objects(f"s3://{parts.netloc}{parts.path}")), f"{parts.netloc}{parts.path}"

    def _each(self, given: Iterable[Any], work: Callable[[Any], None]) -> None:
        def all_of_it() -> None:
            with ThreadPoolExecutor(AT_ONCE) as at_once:
                for _ in at_once.map(work, given):
                    pass

        self._run(all_of_it)

    def _run(self, work: Callable[[], Result]) -> Result:
        try:
            return work()
        except OSError as error:
            raise EngineUnavailable(
                f"the object store {self.seen_as} ([engine] seen_as) did not do its part: {error}."
                " It needs the bucket, leave to list, read, write and remove there, credentials as Amazon's tools take them"
                " (AWS_ACCESS_KEY_ID and others) and, where it is not Amazon's, AWS_ENDPOINT_URL."
            ) from error


class _Objects:
    """The few things asked of an object store, each an OSError where it fails."""

    def __init__(self, uri: str) -> None:
        # pyarrow comes with the client of Spark (the extra `cluster`).
        from pyarrow import fs

        self.fs: Any = fs
        self.here = fs.LocalFileSystem()
        # pyarrow itself looks at no such variable (apache/arrow issue 49643); without a region it asks Amazon for the bucket's.
        told = {
            "endpoint_override": os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"),
            "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
        }
        query = urlencode({key: value for key, value in told.items() if value})
        try:
            self.there, _ = fs.FileSystem.from_uri(f"{uri}?{query}" if query else uri)
        except ValueError as error:
            raise BadDeclaration(f'[engine] seen_as: {error}; expected such as "s3a://bucket/tocsin".') from error

    def files_below(self, folder: str) -> dict[str, int]:
        """Sizes by the path below a folder; none where nothing is there."""
        asked = self.fs.FileSelector(folder, allow_not_found=True, recursive=True)
        found = [one for one in self.there.get_file_info(asked) if one.is_file]
        return {one.path[len(folder) + 1 :]: one.size for one in found}

    def upload(self, path: Path, name: str) -> None:
        self.fs.copy_files(str(path), name, source_filesystem=self.here, destination_filesystem=self.there, use_threads=False)

    def download(self, name: str, path: Path) -> None:
        self.fs.copy_files(name, str(path), source_filesystem=self.there, destination_filesystem=self.here, use_threads=False)

    def remove(self, folder: str) -> None:
        if self.there.get_file_info(folder).type != self.fs.FileType.NotFound:
            self.there.delete_dir(folder)


def passage(root: Path | None, seen_as: str | None) -> Passage:
    """How files go to a cluster that sees the folder `root` as `seen_as`; by their own paths where that is not said."""
    if root is not None and seen_as is not None and urlsplit(seen_as).scheme in BUCKETS:
        return Bucket(root, seen_as)
    return SharedFolder(root, seen_as)


def _below(root: Path | None, path: Path) -> str | None:
    if root is None or not path.absolute().is_relative_to(root.absolute()):
        return None
    return _plain(path.absolute().relative_to(root.absolute()))


def _plain(path: Path) -> str:
    """A path as Spark takes it: nothing percent-encoded, and no sign it would take for a pattern."""
    odd = sorted(set(str(path)) & set("*?[]{}\\%#"))
    if odd:
        raise BadDeclaration(f"{path}: Spark cannot be given a path with {' '.join(odd)} in it. Rename the file or folder.")
    return str(path)
