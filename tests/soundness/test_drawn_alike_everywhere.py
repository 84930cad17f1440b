"""A graph is the same in every time zone: its months once stood one to the left on a machine west of Greenwich."""

import json
import os
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

# One month by its name, drawn by the same library in a process whose zone is another: the zone is read once a process.
DRAW = "import sys; from tocsin.reports.drawing import svg_of; from tocsin.reports.blocks import *; import json; "
DRAW += "t = Table('t', (Column('Month'),), (), 'none'); print(svg_of(Graph('g', 'c', 'a', json.loads(sys.argv[1]), t)))"
SOURCES = sorted(Path(str(resources.files("tocsin"))).rglob("*.py"))


def drawn(spec: dict[str, object], zone: str) -> str:
    command = [sys.executable, "-c", DRAW, json.dumps(spec)]
    done = subprocess.run(command, env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("word", ["utcFormat", "timeFormat"])
def test_utc_is_the_same_everywhere_and_local_time_is_not(word: str) -> None:
    month = {"field": "month", "type": "ordinal", "axis": {"labelExpr": f"{word}(toDate(datum.value), '%b')"}}
    spec: dict[str, object] = {"data": {"values": [{"month": "2021-09"}]}, "mark": "point", "encoding": {"x": month}}
    told = [re.findall(r">(Aug|Sep)<", drawn(spec, zone)) for zone in ("UTC", "America/New_York")]
    assert told == ([["Sep"], ["Sep"]] if word == "utcFormat" else [["Sep"], ["Aug"]])


@pytest.mark.parametrize("path", [path for path in SOURCES if "graph" in path.name], ids=lambda path: path.name)
def test_no_graph_asks_the_machine_for_its_zone(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        assert "timeFormat(" not in line, f"line {number}: say utcFormat"
        assert '"temporal"' not in line or '"utc"' in line, f"line {number}: a temporal scale is utc"
        assert '"timeUnit": "' not in line or '"timeUnit": "utc' in line, f"line {number}: a unit of time is utc"
