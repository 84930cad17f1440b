"""Sign-offs and publication at the command line: who may, what it is bound to, what stands in the way, and that it stays."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_month import MONTH, S1SP_COLUMNS, s1sp_rows
from desk_road import Desk, Said, write_rows
from tocsin.deliveries.sums import write_sums

SETTINGS = """
[sign_off]
required = ["DCC", "DSP", "SECAS"]

[[signatory]]
name = "anne"
of = ["DCC"]

[[signatory]]
name = "dev"
of = ["DSP", "S1SP-5"]

[[signatory]]
name = "sue"
of = ["SECAS"]
"""


@pytest.fixture
def desk(month_copy: Desk) -> Desk:
    told = (month_copy.root / "workspace.toml").read_text(encoding="utf-8")
    month_copy.settings(told + SETTINGS)
    return month_copy


def sign(desk: Desk, verb: str, of: str, by: str, comment: str = "") -> Said:
    return desk("sign-off", verb, MONTH, "--of", of, "--by", by, "--comment", comment, "--format", "json")


def says(desk: Desk) -> dict[str, str]:
    return {row["of"]: row["says"] for row in desk("sign-off", "list", MONTH, "--format", "json").rows}


def test_a_run_is_published_when_everybody_asked_has_agreed(desk: Desk) -> None:
    assert says(desk) == {"DCC": "awaited", "DSP": "awaited", "SECAS": "awaited"}
    assert sign(desk, "accept", "DCC", "anne").code == 0
    assert sign(desk, "query", "DSP", "dev", "Whose are the rows of the 14th?").code == 0
    refused = desk("publish", MONTH, "--by", "anne")
    assert refused.code == 12 and "DSP (queried), SECAS (awaited)" in refused.err
    assert sign(desk, "accept", "DSP", "dev").code == 0
    assert sign(desk, "waive", "SECAS", "anne", "No reply within 5 Working Days").code == 0
    assert says(desk) == {"DCC": "accepted", "DSP": "accepted", "SECAS": "waived"}
    published = desk("publish", MONTH, "--by", "anne")
    assert published.code == 0 and "Digest of its figures: " in published.out
    digest = published.out.split("Digest of its figures: ")[1].split()[0]
    page = next((desk.root / "runs" / MONTH).glob("*/report/pmr-*.html")).read_text(encoding="utf-8")
    assert "Published by anne for the DCC" in page and page.count(digest) >= 2
    assert "No reply within 5 Working Days" in page
    # Nothing more is said of it, and it is not published twice.
    assert sign(desk, "reject", "DSP", "dev", "Too late").code == 10
    assert desk("publish", MONTH, "--by", "anne").code == 10
    assert desk("doctor").code == 0


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (("accept", "DCC", "dev", ""), '"dev" may not sign for DCC; nothing was recorded. Those who may: anne'),
        (("accept", "CSPN", "dev", ""), "Those who may: nobody yet"),
        (("query", "DSP", "dev", " "), "comment: 1 to 2,000 characters"),
        (("waive", "SECAS", "sue", "We are busy"), '"sue" may not sign for DCC'),
        (("waive", "DCC", "anne", "I am busy"), "cannot waive its own"),
    ],
)
def test_who_may_not_is_told_and_nothing_is_recorded(desk: Desk, told: tuple[str, str, str, str], said: str) -> None:
    refused = sign(desk, *told)
    assert refused.code == 10 and said in refused.err
    assert not (desk.root / "sign_offs.jsonl").exists() or not (desk.root / "sign_offs.jsonl").read_bytes()


def test_a_word_holds_for_a_later_run_while_the_part_is_the_same(desk: Desk) -> None:
    for of, by in (("DCC", "anne"), ("DSP", "dev"), ("SECAS", "sue")):
        sign(desk, "accept", of, by)
    # A file of the S1SP comes late: the DSP's part is what it was, the whole is not.
    late = datetime(2021, 8, 26, tzinfo=UTC)
    path = write_rows(desk.incoming / "S1SP_SAT_20210826.csv", S1SP_COLUMNS, *s1sp_rows(random.Random(26), late))
    desk.take_in(path, received_at="2021-09-21T08:00Z")
    desk.close(MONTH, "2021-09-22T09:00Z")
    assert says(desk) == {"DCC": "awaited", "DSP": "accepted", "SECAS": "awaited"}
    (first, _) = sorted((desk.root / "runs" / MONTH).glob("[!.]*"))
    rows = desk("sign-off", "list", MONTH, "--run", first.name, "--format", "json").rows
    assert {row["says"] for row in rows} == {"accepted"}


def test_a_published_run_whose_bytes_were_changed_is_found(desk: Desk) -> None:
    desk.settings((desk.root / "workspace.toml").read_text(encoding="utf-8").replace('["DCC", "DSP", "SECAS"]', "[]"))
    assert desk("publish", MONTH, "--by", "anne").code == 0
    (run,) = (path.parent for path in (desk.root / "runs" / MONTH).glob("[!.]*/run.json"))
    frozen = json.loads((run / "run.json").read_text(encoding="utf-8"))
    frozen["figures"][0]["counted"] = 1
    (run / "run.json").write_text(json.dumps(frozen), encoding="utf-8")
    said = desk("doctor")
    assert said.code == 10 and "its figures are not those published" in said.out
    # Whoever covers it up in the list of digests is found all the same.
    write_sums(run)
    assert "its list of files was changed" in desk("doctor").out


def test_a_month_without_a_run_cannot_be_signed(desk: Desk) -> None:
    assert sign(desk, "accept", "DCC", "anne").code == 0
    for command in (("sign-off", "accept", "2021-07", "--of", "DCC", "--by", "anne"), ("publish", "2021-07", "--by", "anne")):
        said = desk(*command)
        assert said.code == 10 and "2021-07: no run yet" in said.err
    assert desk("publish", MONTH, "--by", "anne", "--run", "no-such-run").code == 10


def test_the_report_of_a_run_that_nobody_signed_says_so(month: Desk, tmp_path: Path) -> None:
    month("report", MONTH, "--out", tmp_path, "--formats", "html")
    page = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert "No sign-off is asked for in this workspace" in page


def test_where_nobody_is_asked_the_empty_list_says_so(month_copy: Desk) -> None:
    said = month_copy("sign-off", "list", MONTH)
    assert said.code == 0 and "nobody's word is needed or was given; [sign_off] of workspace.toml" in said.err
