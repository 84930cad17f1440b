"""Floor 7: where people meet tocsin. The only floor that knows "now" and which engine."""

import sys
from types import TracebackType

STOPPED = "Stopped. Nothing is half-written; run the same command again to go on."


def _told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        print(STOPPED, file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


# A Ctrl-C while modules are still read, before the command line can catch it: a person sees no traceback then either, and 130 all the same.
sys.excepthook = _told
