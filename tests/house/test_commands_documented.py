"""docs/commands.md tells every command with all its options, every key of its JSON, and every exit code."""

import re
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from tocsin.desk.cli import COMMANDS, app
from tocsin.desk.endings import UNREAD
from tocsin.reports.figure_files import FIGURES
from tocsin.vocabulary import errors

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
# Told once, above all commands.
EVERYWHERE = {"--help", "--workspace", "-w"}


def section(command: str) -> str:
    found = re.search(rf"^## tocsin {command}\b.*?(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no section for tocsin {command}"
    return found.group()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_told_and_none_that_is_not_there(name: str) -> None:
    command = name.replace("_", "-")
    group = get_command(app)
    declared = group.commands[command]  # type: ignore[attr-defined]  # a Typer app with commands is a group
    options = {word for option in declared.params for word in option.opts if word.startswith("-")} - EVERYWHERE
    told = {
        word
        for line in section(command).splitlines()
        if line.startswith("| `-")
        for word in re.findall(r"(?<![\w-])--?[a-z-]+", line.split("|")[1])
    }
    assert told == options


@pytest.mark.parametrize("name", COMMANDS)
def test_every_key_of_the_json_is_told(name: str) -> None:
    headings = getattr(import_module(f"tocsin.desk.commands.{name}"), "HEADINGS", ())
    if name == "figures":
        headings = tuple(column for column, _ in FIGURES.columns)
    if name == "trace":
        assert headings
    told = section(name.replace("_", "-"))
    table = told.partition("| key | is |")[2]
    keys = [key for line in table.splitlines() if line.startswith("| `") for key in re.findall(r"`([a-z_]+)`", line.split("|")[1])]
    assert keys == list(headings)


def test_every_exit_code_is_told() -> None:
    raised = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.TocsinError)}
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    assert told == raised | {0, 2, 130, UNREAD}


def test_the_page_and_the_app_have_the_same_commands() -> None:
    assert re.findall(r"^## tocsin ([a-z-]+)", PAGE, re.MULTILINE) == [name.replace("_", "-") for name in COMMANDS]
    assert isinstance(app, typer.Typer)
