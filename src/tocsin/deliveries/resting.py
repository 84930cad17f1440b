"""Files that have come to rest: a file that a sender still writes must not be taken in (CR1418: quarter-hours come all day)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

# Size, time of the last change, and the file itself: a file that was replaced by another of the same size is not the same.
State = tuple[int, int, int]


@dataclass
class Resting:
    """What was seen of a folder's files: one is at rest when it is found unchanged `settle_us` or longer after it was first found so.

    Instants are microseconds and come from the caller. A file that was done with and is changed later is looked at anew.
    """

    settle_us: int
    _found: dict[Path, tuple[State, int]] = field(default_factory=dict)
    _done: dict[Path, State] = field(default_factory=dict)

    def look(self, files: Iterable[Path], at: int) -> list[Path]:
        """The files that are at rest and not done with, in the order given. A file that is gone by now is passed over."""
        resting, found = [], {}
        for file in files:
            state = _state(file)
            if state is None or self._done.get(file) == state:
                continue
            before, since_at = self._found.get(file, (None, at))
            found[file] = (state, since_at if before == state else at)
            if before == state and at - since_at >= self.settle_us:
                resting.append(file)
        self._found = found
        return resting

    def done(self, file: Path) -> None:
        """The file was dealt with as it was last found."""
        if file in self._found:
            self._done[file] = self._found.pop(file)[0]

    @property
    def is_waiting(self) -> bool:
        """Whether a file was found that is not done with."""
        return bool(self._found)


def _state(file: Path) -> State | None:
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns, state.st_ino
