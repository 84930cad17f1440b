"""What was said of a run after it was frozen: sign-offs and its publication. It is told beside the run and never in its file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignedLine:
    """What an organisation said last of its part of a run: awaited, accepted, queried, rejected or waived.

    `part` is the digest of what it answers for; `run_id` the run it looked at, which may be an earlier one with the same part.
    """

    of: str
    said: str
    part: str
    is_required: bool
    by: str = ""
    at: int = 0
    run_id: str = ""
    comment: str = ""


@dataclass(frozen=True)
class SignedLines:
    """All of it; `published_at` is 0 for a run that is not published. `digest` is that of the figures as published."""

    lines: tuple[SignedLine, ...] = ()
    published_at: int = 0
    published_by: str = ""
    digest: str = ""


NO_SIGN_OFFS = SignedLines()
