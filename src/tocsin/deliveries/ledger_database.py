"""The database of a ledger: SQLite in the store, or what `ledger` in workspace.toml names; and how it says that it does not answer."""

from collections.abc import Sequence
from typing import Any, NoReturn

import sqlalchemy as sa

from tocsin.vocabulary.errors import BadDeclaration, LedgerUnavailable

SERVER = "postgresql+psycopg://user@host/database"


def ledger_database(url: str) -> sa.Engine:
    """The database at an URL. Raises BadDeclaration for what is no URL, or one whose driver is not installed; it is not opened yet.

    Whatever goes wrong in it later is raised as LedgerUnavailable.
    """
    try:
        # A server started anew, or a line that was cut while nothing was asked, is noticed before the next question and not by it.
        database = sa.create_engine(url, pool_pre_ping=True)
    except (sa.exc.ArgumentError, ValueError) as wrong:
        # What is no URL may still have a password in it: it is not told.
        raise BadDeclaration(f'workspace.toml: workspace.ledger: an URL such as "{SERVER}" was expected, found none.') from wrong
    except ImportError as wrong:
        # psycopg without its library names no package.
        package = wrong.name or "psycopg"
        to_do = "Install tocsin[shared-ledger]" if package.startswith("psycopg") else "Install it beside tocsin"
        raise BadDeclaration(
            f"workspace.toml: workspace.ledger: the ledger's database is read by the Python package {package}, which is not installed."
            f" {to_do}, or correct the file."
        ) from wrong
    if database.dialect.name == "sqlite":
        sa.event.listen(database, "connect", _durable)
    sa.event.listen(database, "handle_error", _unavailable)
    return database


def make_tables(database: sa.Engine, tables: sa.MetaData, which: Sequence[sa.Table]) -> None:
    """Make the tables that are not there, as one process or several at once. Raises LedgerUnavailable."""
    try:
        tables.create_all(database, tables=which)
    except LedgerUnavailable:
        # Another process may have made them between our look and our making: then they are there now. Else the same is said again.
        tables.create_all(database, tables=which)


def _durable(connection: Any, _record: Any) -> None:
    # A line of the ledger that was entered must survive a loss of power; readers do not wait for the writer (stack.md).
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {setting}")


def _unavailable(context: sa.engine.ExceptionContext) -> None:
    if context.engine is not None and isinstance(context.sqlalchemy_exception, sa.exc.DBAPIError):
        _raise(context.engine.url, context.original_exception)


def _raise(url: sa.URL, error: BaseException) -> NoReturn:
    # Its statement and values stay out: they name files of senders.
    said = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__).rstrip(".")
    # A password may also stand among the parameters.
    told = url.difference_update_query([name for name in url.query if "password" in name]).render_as_string(hide_password=True)
    raise LedgerUnavailable(
        f"the ledger at {told} cannot be opened, read or written: {said}. What was entered stays"
        " entered, and nothing is half-written: put the disk or the server right, or correct `ledger` in workspace.toml, and run the"
        " same command again. A damaged ledger is restored from a copy of the workspace."
    ) from error
