"""Which Business Process an SRV belongs to (domain.md 5.2 and 5.3)."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tocsin.vocabulary.business_processes import OTHER, TITLES, primary_process, rows
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.service_requests import variants

ON = date(2021, 8, 31)
HEADING = "srv,process,since,strength,status,source\n"


def test_every_srv_has_one_home_and_47_have_none_of_the_twelve() -> None:
    homes = [(srv, process) for srv, process, strength in rows(ON) if strength == "primary"]
    assert len(homes) == len(dict(homes)) == 129
    assert set(dict(homes)) == set(variants())
    assert Counter(process for _, process in homes)[OTHER] == 47
    assert len(TITLES) == 12


@pytest.mark.parametrize(
    ("srv", "process"),
    [
        ("2.2", "PPM"),
        ("4.8.1", "MRD"),
        ("6.23", "COS"),
        ("8.14.2", "INC"),
        ("8.14.3", "CHO"),
        ("11.1", "FWM"),
        ("3.1", OTHER),
        ("99.9", OTHER),
    ],
)
def test_homes(srv: str, process: str) -> None:
    assert primary_process(srv, ON) == process


def test_the_map_is_the_table_of_the_domain_sheet(shared: Path) -> None:
    """domain.md 5.3, line by line: primary, and the processes of `also`."""
    text = (shared / "domain.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (\d+\.[\d.]+) \| [^|]+ \| [^|]+ \| [^|]+ \| ([A-Z]{3}) \| ([A-Z ]*)\|$", text, re.MULTILINE)
    assert len(table) == 82
    ours = {(srv, process, strength) for srv, process, strength in rows(ON) if primary_process(srv, ON) != OTHER}
    told = {(srv, home, "primary") for srv, home, _ in table} | {(srv, one, "also") for srv, _, also in table for one in also.split()}
    assert ours == told


def test_an_srv_moves_from_a_day_on(tmp_path: Path) -> None:
    file = tmp_path / "business_processes.csv"
    file.write_text(
        HEADING
        + "2.2,PPM,2021-08-01,none,verified,OPSG\n2.2,MRD,2021-08-01,primary,verified,OPSG\n7.17,TAR,2021-08-01,primary,assumed,x\n",
        encoding="utf-8",
    )
    assert (primary_process("2.2", date(2021, 7, 31), tmp_path), primary_process("2.2", ON, tmp_path)) == ("PPM", "MRD")
    assert primary_process("7.17", ON, tmp_path) == "TAR"
    assert ("2.2", "PPM", "none") not in rows(ON, tmp_path)


def test_two_homes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "business_processes.csv").write_text(HEADING + "2.2,MRD,2021-08-01,primary,verified,OPSG\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"SRV 2\.2 has two primary processes on 2021-08-31"):
        rows(ON, tmp_path)


def test_an_unknown_process_is_named(tmp_path: Path) -> None:
    (tmp_path / "business_processes.csv").write_text(HEADING + "2.2,XYZ,2021-08-01,also,verified,OPSG\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r'business_processes\.csv: line 2: column "process".*"XYZ"'):
        primary_process("2.2", ON, tmp_path)
