"""Which zone a month is read in: workspace.toml, else the dated setting; what a company chose is printed as no assumption."""

from pathlib import Path

from tocsin.desk.month import period_of
from tocsin.desk.workspace import FILE, Workspace
from tocsin.reports.texts import assumption_lines
from tocsin.vocabulary.calendar import Period

ROW = "name,since,value,unit,sentence,status,source\nperiod_zone,2021-09-01,Europe/London,zone,Months are UK local.,verified,our board\n"


def zone_assumed(period: Period, reference: Path) -> list[str]:
    return [line.value for line in assumption_lines(period, reference) if line.key == "period_zone"]


def test_the_dated_setting_holds_where_the_workspace_says_nothing(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "w")
    assert period_of(made, "2021-09").zone == "UTC"
    (assumed,) = zone_assumed(period_of(made, "2021-09"), made.reference)
    assert assumed.startswith("UTC")
    (made.reference / "settings.csv").write_text(ROW)
    assert [period_of(made, month).zone for month in ("2021-08", "2021-09")] == ["UTC", "Europe/London"]


def test_the_workspace_outranks_it_and_the_report_does_not_say_utc(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "w")
    (made.root / FILE).write_text('[workspace]\nperiod_zone = "Europe/London"\n')
    period = period_of(Workspace.open(made.root), "2021-09")
    assert period.zone == "Europe/London"
    assert not zone_assumed(period, made.reference)
