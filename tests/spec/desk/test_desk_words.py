"""What the command line says of itself, Working Days, making a workspace, and settings that are wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from desk_road import Desk, new_desk, tocsin
from tocsin import __version__
from tocsin.desk.cli import COMMANDS

# Ends with 1 when the command has loaded what it has no use for.
PROBE = """
import sys
import tocsin.desk.cli as cli
try:
    cli.main()
finally:
    sys.exit(any(name in sys.modules for name in ("duckdb", "pyspark", "typst", "sqlalchemy")))
"""
WORDS = [name.replace("_", "-") for name in COMMANDS]


@pytest.mark.parametrize("command", WORDS)
def test_help_is_worth_reading(command: str) -> None:
    said = tocsin(command, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: tocsin {command}")
    sentence = " ".join(said.out.split("\n\n")[1].split())
    assert sentence.endswith(".") and len(sentence.split()) >= 5
    options = said.out.partition("Options:")[2]
    for line in options.splitlines():
        if line.strip().startswith("-") and "--help" not in line:
            assert len(line.split()) >= 3, f"{command}: an option without a word about it: {line}"


def test_help_lists_every_command_and_the_exit_codes() -> None:
    said = tocsin("--help")
    assert said.code == 0
    assert all(f"  {word} " in said.out for word in WORDS)
    assert "..." not in said.out.partition("Commands:")[2], "a sentence that breaks off says nothing"
    assert all(str(code) in said.out for code in (0, 1, 2, 10, 11, 12, 13))


def test_the_console_script_runs_without_loading_an_engine() -> None:
    """The command a user types, in a process of its own; printing a date must not wait for an engine's library."""
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, "working-day", "2021-08", "18"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.stdout.strip(), ran.returncode) == ("2021-09-24", 0), ran.stderr
    script = Path(sys.executable).with_name("tocsin")
    assert subprocess.run([script, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout == f"tocsin {__version__}\n"


@pytest.mark.parametrize(
    ("words", "date"),
    [
        (("2021-08", "18"), "2021-09-24"),
        (("2021-09", "18"), "2021-10-26"),
        (("2021-11", "25"), "2022-01-07"),
        (("2021-11", "25", "--profile", "with_scotland"), "2022-01-10"),
        (("2021-07", "10"), "2021-08-13"),
        (("2021-07", "10", "--profile", "with_scotland"), "2021-08-16"),
    ],
)
def test_working_day(words: tuple[str, ...], date: str) -> None:
    said = tocsin("working-day", *words)
    assert (said.code, said.out, said.err) == (0, f"{date}\n", "")


def test_working_day_by_the_workspaces_own_calendar(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w", '[workspace]\ncalendar_profile = "with_scotland"\n')
    assert desk("working-day", "2021-07", 10).out == "2021-08-16\n"
    assert desk("working-day", "2021-07", 10, "--profile", "england_and_wales").out == "2021-08-13\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("2021-13", "18"), 2), (("August", "18"), 2), (("2021-08",), 2), (("2021-08", "x"), 2),
        (("2021-08", "0"), 10), (("2021-08", "18", "--profile", "wales"), 10),
    ],
)  # fmt: skip
def test_working_day_wrongly_asked(words: tuple[str, ...], code: int) -> None:
    said = tocsin("working-day", *words)
    assert (said.code, said.out) == (code, "")
    assert said.err and "Traceback" not in said.err


def test_a_command_that_is_not_there() -> None:
    assert tocsin("clsoe").code == 2
    assert tocsin("figures", "2021-08", "--measrue", "cpm_1").code == 2


def test_init_makes_a_workspace_that_opens_and_is_sound(tmp_path: Path) -> None:
    said = tocsin("init", tmp_path / "Metrics of DCC")
    assert said.code == 0 and "Next:" in said.out
    made = Desk(tmp_path / "Metrics of DCC")
    assert {path.name for path in made.root.iterdir()} == {"workspace.toml", "incoming", "shapes", "reference", "store", "runs", "secret"}
    assert (made.root / "secret" / "anonymity.key").stat().st_mode & 0o077 == 0
    assert made("doctor").code == 0
    assert made("slots", "2021-08").code == 0
    assert made("take-in").code == 0


def test_init_twice_changes_nothing(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    before = {path: path.read_bytes() for path in desk.root.rglob("*") if path.is_file()}
    said = tocsin("init", desk.root)
    assert said.code == 10 and "Nothing was changed" in said.err
    assert {path: path.read_bytes() for path in desk.root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("title", ['The "best" \\ metrics', "Mesuryddion Cymru: tŷ", "  ", "a\nb"])
def test_init_with_any_title(tmp_path: Path, title: str) -> None:
    assert tocsin("init", tmp_path / "w", "--title", title).code == 0
    assert Desk(tmp_path / "w")("doctor").code == 0


def test_init_where_a_file_stands(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("a file")
    said = tocsin("init", tmp_path / "w")
    assert said.code == 1 and "Traceback" not in said.err and str(tmp_path / "w") in said.err


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('[workspace]\nperiod_zoen = "UTC"\n', 'workspace.period_zoen: there is no such setting. Was "period_zone" meant?'),
        ('[wokspace]\ntitle = "x"\n', 'wokspace: there is no such setting. Was "workspace" meant?'),
        ('[workspace]\nperiod_zone = "Europe/Paris"\n', "workspace.period_zone"),
        ('[workspace]\ncalendar_profile = "wales"\n', "workspace.calendar_profile: expected one of england_and_wales, with_scotland"),
        ('[engine]\nname = "sparkle"\n', "engine.name"),
        ("[engine]\nthreads = 0\n", "engine.threads"),
        ('[engine]\nmemory_limit = "lots"\n', "engine.memory_limit"),
        ('[intake]\nmax_unpacked = "1 GB"\n', "intake.max_unpacked"),
        ('[[expected]]\nfeed = "audit"\nsender = "DSP"\nevery = "day"\n', 'expected.feed: "audit" is no feed. Known: '),
        ('[[expected]]\nfeed = "audit_trail"\nsender = "DSP"\nevery = "week"\n', "expected.0.every"),
        ('[[expected]]\nfeed = "audit_trail"\nevery = "day"\n', "expected.0.sender"),
        ('[expected]\nfeed = "audit_trail"\n', "expected: expected tables that each begin with [[expected]], found a single table."),
        ('[sign_off]\nrequired = "DCC"\n', "sign_off.required: expected a list such as [\"DSP\"], found 'DCC'."),
        (
            '[[expected]]\nfeed = "audit_trail"\nsender = "DSP"\nevery = "day"\nsince = 2021-10-01\nuntil = 2021-09-01\n',
            "expected.until of audit_trail from DSP: expected a day after since, 2021-10-01, found 2021-09-01",
        ),
        ("[workspace\n", "expected TOML in UTF-8"),
        ('[workspace]\ntitle = "\ud800"\n', "expected TOML in UTF-8"),
    ],
)
def test_a_misspelt_setting_is_named_with_its_file(tmp_path: Path, settings: str, said: str) -> None:
    desk = new_desk(tmp_path / "w")
    (desk.root / "workspace.toml").write_bytes(settings.encode("utf-8", "surrogatepass"))
    for command in (("slots", "2021-08"), ("close", "2021-08"), ("doctor",)):
        found = desk(*command)
        assert found.code == 10
        assert found.err.startswith(f"BadDeclaration: {desk.root / 'workspace.toml'}: ") and said in found.err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("setting.csv", 'there is no such table to override. Was "settings.csv" meant?'),
        ("Settings.CSV", 'there is no such table to override. Was "settings.csv" meant?'),
        ("zzz.csv", "there is no such table to override. Known: alert_codes.csv, "),
    ],
)
def test_a_table_of_the_workspace_that_would_be_passed_over_is_refused(tmp_path: Path, name: str, said: str) -> None:
    """A misspelt override would leave the shipped rows in force, and no figure would show it."""
    desk = new_desk(tmp_path / "w")
    table = desk.root / "reference" / name
    table.write_text("name,since,value,unit,sentence,status,source\n", encoding="utf-8")
    for command in (("slots", "2021-08"), ("close", "2021-08"), ("doctor",)):
        found = desk(*command)
        assert found.code == 10 and found.err.startswith(f"BadDeclaration: {table}: {said}")
    table.rename(table.with_name("settings.csv"))
    (desk.root / "reference" / "README.md").write_text("why", encoding="utf-8")
    assert desk("doctor").code == 0
    (desk.root / "reference" / "smki_targets.csv").mkdir()
    assert "expected a CSV file, found something else" in desk("doctor").err


def test_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    said = Desk(tmp_path)("close", "2021-08")
    assert said.code == 10 and "tocsin init" in said.err


def test_the_key_of_the_party_codes_is_not_made_anew(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    for told in ("", "not hexadecimal"):
        (desk.root / "secret" / "anonymity.key").write_text(told)
        said = desk("doctor")
        assert said.code == 10 and "Restore it from a copy" in said.err
