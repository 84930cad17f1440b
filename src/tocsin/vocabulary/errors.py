"""The few things that stop the work. Bad data is a row; only these are exceptions (architecture section 7)."""


class TocsinError(Exception):
    """Something a person must act on. The message says what, where, expected, found and what to do."""

    exit_code = 1


class LedgerUnavailable(TocsinError):
    """The ledger's database cannot be opened, read or written: the machine's matter, or the server's; what was entered stays entered."""


class BadDeclaration(TocsinError):
    """A feed, Shape, measure, process, table or workspace setting is declared wrongly; it names file, rule and word."""

    exit_code = 10


class RefusedDelivery(TocsinError):
    """A whole file cannot be taken in. Nothing of it is accepted; the file itself is kept."""

    exit_code = 11


class MonthNotComplete(TocsinError):
    """A final report was asked for while owed files are missing."""

    exit_code = 12


class EngineUnavailable(TocsinError):
    """The engine named in the workspace cannot be reached or gave up; nothing was half-written."""

    exit_code = 13
