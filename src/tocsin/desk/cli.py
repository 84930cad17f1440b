"""The command line: `tocsin COMMAND`. Each command is a module of `desk/commands`; engines are imported only when a command needs them."""

import inspect
import re
import sys
from collections.abc import Callable
from importlib import import_module
from typing import NoReturn

import typer

from tocsin import __version__
from tocsin.desk import STOPPED
from tocsin.desk.console import say_error
from tocsin.desk.endings import UNREAD, end_unread, full_disk_words, is_unread, unwritten
from tocsin.vocabulary.errors import TocsinError

# In the order a newcomer meets them. (A command is a desk matter, not a shelf: its place in --help is chosen.)
COMMANDS = (
    "init", "simulate", "take_in", "refused", "withdraw", "watch", "slots", "owed", "remind", "commentary", "close", "report", "sign_off",
    "publish", "figures", "compare", "reproduce", "trace", "worklist", "changes", "action", "working_day", "deadlines", "what_if",
    "appraise", "read_messages", "doctor", "serve", "demo", "demo_real",
)  # fmt: skip

EPILOG = (
    "Exit codes: 0 done, 1 the machine refused (disk full, no permission), 2 usage, 10 bad declaration, 11 delivery refused, "
    "12 month not complete, 13 engine."
)

app = typer.Typer(
    name="tocsin",
    help="Operational metrics of Great Britain's smart-metering network: from received files to the Performance Measurement Report.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"tocsin {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Say the version and stop."),
    log: bool = typer.Option(
        False,
        "--log",
        envvar="TOCSIN_LOG",
        help="Log to standard error as JSON lines: ids, counts and SQL texts that failed, never rows.",
    ),
) -> None:
    """What stands before a command."""
    import logging

    import structlog

    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if log else logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _said_first(command: Callable[..., None]) -> str:
    """The first sentence of a command's help, whole: left to itself, the list of commands cuts each short in the middle of one."""
    paragraph = " ".join((inspect.getdoc(command) or "").split("\n\n")[0].split())
    return re.split(r"(?<=\.) (?=[A-Z`])", paragraph)[0]


for _name in COMMANDS:
    _command = import_module(f"tocsin.desk.commands.{_name}").command
    app.command(_name.replace("_", "-"), short_help=_said_first(_command))(_command)


def main() -> None:
    """Run a command; a TocsinError becomes its message and its exit code, never a traceback."""
    try:
        app(prog_name="tocsin")
    except SystemExit as ended:
        # Typer, and rich, end with 1 and without a word where any pipe broke.
        broken = ended.__context__ if isinstance(ended.__context__, BrokenPipeError) else unwritten()
        if broken is None:
            raise
        _refused_by_machine(broken)
    except TocsinError as problem:
        say_error(problem)
        if room := full_disk_words(problem, sys.argv):
            typer.secho(room, err=True)
        if unwritten() is not None:
            end_unread()
        sys.exit(problem.exit_code)
    except OSError as problem:
        _refused_by_machine(problem)
    except KeyboardInterrupt:
        _stopped()
    except RuntimeError as problem:
        # So DuckDB tells a Ctrl-C that came while it worked: the KeyboardInterrupt itself it has eaten.
        if str(problem) != "Query interrupted":
            raise
        _stopped()


def _refused_by_machine(problem: OSError) -> NoReturn:
    """A full disk, a folder that may not be written, a pipe nobody reads: the machine's matter, and no traceback for the person."""
    if isinstance(problem, BrokenPipeError) and is_unread():
        end_unread()
        sys.exit(UNREAD)
    room = full_disk_words(problem, sys.argv)
    told = f"{room} Nothing is half-written; then" if room else "Nothing is half-written; put it right and"
    typer.secho(f"{type(problem).__name__}: {problem}. {told} run the same command again.", err=True)
    sys.exit(1)


def _stopped() -> NoReturn:
    typer.echo(STOPPED, err=True)
    sys.exit(130)
