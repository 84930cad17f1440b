"""tocsin serve: pages and an API whose every number is that of the run, told to nobody else and changing nothing."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from lxml import etree

from browser import browsing
from desk_month import CLEAR_NAMES, MONTH, closed_month
from desk_road import Desk, tocsin
from served import API, TestClient, asking
from tocsin.desk.web.guards import LOOPBACK, host_name
from tocsin.vocabulary.calendar import parse_instant

OWED = (("audit_trail", "day"), ("incidents", "day"))


def read(text: str) -> etree._Element:
    return etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8"))


def files_of(root: Path) -> dict[str, tuple[int, int]]:
    # SQLite keeps its shared memory beside the ledger while anybody reads it; it is no part of what is kept.
    found = [path for path in root.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal"))]
    return {str(path.relative_to(root)): (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


@pytest.fixture(scope="module")
def client(month: Desk) -> TestClient:
    return asking(month)


@pytest.fixture(scope="module")
def figures(month: Desk) -> dict[str, dict[str, Any]]:
    return month.figures(MONTH)


def told_figures(client: TestClient, **asked: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    offset: int | None = 0
    while offset is not None:
        page = client.get(f"{API}/{MONTH}/figures", params={**asked, "offset": offset, "limit": 700}).json()  # type: ignore[dict-item]  # words and numbers
        found += page["figures"]
        offset = page["next_offset"]
    assert len(found) == page["total"]
    return found


def test_the_api_tells_every_figure_as_the_command_does(client: TestClient, figures: dict[str, dict[str, Any]]) -> None:
    told = {figure["name"]: figure for figure in told_figures(client)}
    assert told.keys() == figures.keys()
    for name, figure in told.items():
        for key in ("counted", "met", "value", "shown", "status", "filled", "expected", "so_far"):
            assert figure[key] == figures[name][key], (name, key)


def test_figures_are_chosen_by_subject_and_by_what_they_are_broken_down_by(client: TestClient, figures: dict[str, dict[str, Any]]) -> None:
    assert {one["name"] for one in told_figures(client, measure="cpm_5")} == {n for n in figures if re.match(r"cpm_5(/|\.|$)", n)}
    found = told_figures(client, region="north", indicator="volume")
    assert found
    assert all(one["breakdown"]["region"] == "north" and one["indicator"] == "volume" for one in found)
    wrong = client.get(f"{API}/{MONTH}/figures?regoin=north")
    assert (wrong.status_code, wrong.headers["content-type"]) == (400, "application/problem+json")
    assert '"regoin" was found' in wrong.json()["detail"]
    assert "region" in wrong.json()["detail"]


def test_every_number_of_the_dashboard_that_leads_to_a_figure_is_that_figure(
    client: TestClient, figures: dict[str, dict[str, Any]]
) -> None:
    page = read(client.get("/").text)
    links = page.xpath("//td/a[starts-with(@href, '/figure?')]")
    assert len(links) > 15
    for link in links:
        asked = parse_qs(urlsplit(link.get("href")).query)
        figure = figures[asked["name"][0]]
        words = figure["shown"].partition(" (")[0]
        if figure["unit"] == "count" and figure["value"] is not None:
            words = f"{figure['counted']:,}"
        expected = {words, f"{figure['so_far']} so far"} if figure["so_far"] else {words}
        assert link.text in expected, figure["name"]
        own = read(client.get(link.get("href")).text)
        facts = {row[0].text: "".join(row[1].itertext()) for row in own.xpath("//section[@aria-labelledby='figure']//tr[td]")}
        assert facts["Name"] == figure["name"]
        assert facts["Counted"] == ("No data" if figure["counted"] is None else f"{figure['counted']:,}")


def test_it_says_how_old_it_is_and_what_came_since(month_copy: Desk) -> None:
    before = asking(month_copy)
    assert "2 days ago. Nothing came since." in before.get("/").text
    file = next(path for path in sorted(month_copy.incoming.iterdir()) if path.name.startswith("INVENTORY"))
    again = file.with_name("INVENTORY_202109.csv")
    again.write_bytes(file.read_bytes())
    month_copy("take-in", again, "--received-at", "2021-09-21T09:00Z")
    # The same server, asked again: nothing is kept that could be old.
    assert "1 delivery since" in before.get("/").text
    run = month_copy.close(MONTH, "2021-09-21T10:00Z")
    assert run in before.get("/").text
    assert (
        "As at 21 September 2021 10:00:00 UTC, less than a minute ago."
        in asking(month_copy, parse_instant("2021-09-21T10:00Z")).get("/").text
    )


def lead_of(page: etree._Element) -> str:
    return "".join(page.xpath("//p[contains(@class, 'lead')]")[0].itertext())


def table_of(page: etree._Element, section: str, place: int = 0) -> list[list[str]]:
    (table,) = page.xpath(f"//section[@aria-labelledby='{section}']//table")[place : place + 1]
    return [["".join(cell.itertext()).strip() for cell in row] for row in table.xpath(".//tbody/tr")]


def test_the_top_says_how_the_month_went_and_when_its_report_is_due(client: TestClient, figures: dict[str, dict[str, Any]]) -> None:
    lead = lead_of(read(client.get("/").text))
    below = [name for name, figure in figures.items() if figure["status"] == "below_minimum" and re.fullmatch("cpm_[0-9]", name)]
    assert below
    assert f"Below minimum: {', '.join(f'CPM {name[-1]}' for name in sorted(below))}." in lead
    assert "due by 14 September 2021 (legal), missed; 5 October 2021 (operative), met." in lead


def test_what_is_missing_stands_with_what_rests_on_it_and_a_deadline_that_passed_since(tmp_path: Path) -> None:
    owed = "\n".join(f'[[expected]]\nfeed = "{feed}"\nsender = "DSP"\nevery = "{every}"' for feed, every in OWED)
    owing = closed_month(tmp_path / "owing", owed)
    in_time, passed = (read(asking(owing, parse_instant(at)).get("/").text) for at in ("2021-10-01T10:00Z", "2021-10-07T10:00Z"))
    assert "Incomplete: CPM 1" in lead_of(in_time)
    assert [row[3:] for row in table_of(in_time, "awaited")] == [["Missed", "16 days 11 hours ago"], ["Not yet", "in 4 days 13 hours"]]
    assert [row[3] for row in table_of(passed, "awaited")] == ["Missed", "Overdue"]
    assert "5 October 2021 (operative), overdue." in lead_of(passed)
    rows = {row[0]: row for row in table_of(in_time, "awaited", 1) if row[2] == "the month"}
    assert rows["Audit trail"][1:4] == ["DSP", "the month", "28"]
    assert "CPM 1, CPM 2" in rows["Audit trail"][-1]
    assert rows["Incidents"][3] == "31"


def test_a_delivery_taken_back_since_is_told(month_copy: Desk) -> None:
    client = asking(month_copy)
    assert "Withdrawn since" not in client.get("/").text
    (one, *_) = client.get(f"{API}/{MONTH}/deliveries").json()["deliveries"]
    said = month_copy("withdraw", one["delivery"], "--by", "A. Checker", "--reason", "sent for another month")
    assert said.code == 0, said.err
    told = asking(month_copy, parse_instant("2036-01-01T00:00Z")).get("/").text
    assert f"Withdrawn since this run was made, and counted in it: {one['delivery']}." in told
    assert "A. Checker" not in told


def test_months_before_are_drawn_told_in_words_and_led_to(month_copy: Desk) -> None:
    assert "No trend is drawn" in asking(month_copy).get("/").text
    august = month_copy.incoming / "DSP_SAT_20210805_final.csv"
    july = august.with_name("DSP_SAT_20210705_final.csv")
    # Other devices, so that no request is one of August's.
    july.write_text(august.read_text(encoding="utf-8").replace("2021-08-", "2021-07-").replace("00-DB-", "00-DC-"), encoding="utf-8")
    month_copy.take_in(july, received_at="2021-09-06T09:00Z")
    for label in ("2021-07", MONTH):
        month_copy.close(label, "2021-09-21T10:00Z")
    before, now = (month_copy.figures(label)["cpm_1"] for label in ("2021-07", MONTH))
    page = read(asking(month_copy).get("/").text)
    assert "No trend is drawn" not in "".join(page.itertext())
    (drawn,) = page.xpath("//section[@aria-labelledby='cpm']//div[@role='img']")
    assert drawn.xpath(".//*[local-name()='svg']")
    assert f"Aug 2021: {now['shown']} %, below minimum." in drawn.get("aria-label")
    trend = {row[0]: row for row in table_of(page, "cpm", 1)}
    assert trend["CPM 1"][-2:] == [before["shown"], now["shown"]]
    assert set(trend["CPM 1"][1:-2]) == {"no run"}
    measures = {row[0].partition(":")[0]: row for row in table_of(page, "cpm")}
    points = Decimal(now["value"]) - Decimal(before["value"])
    assert abs(Decimal(measures["CPM 1"][5].replace("\u2212", "-")) - points) <= Decimal("0.01")
    (link,) = page.xpath("//section[@aria-labelledby='months']//a[text()='2021-07']")
    assert "July 2021" in asking(month_copy).get(link.get("href")).text


def test_a_superseded_run_is_shown_as_such_and_a_broken_off_one_not_at_all(month_copy: Desk) -> None:
    client = asking(month_copy)
    first = client.get(f"{API}/{MONTH}/run").json()["run"]
    (month_copy.root / "runs" / MONTH / ".2021-08-20210930T000000-00000000.making-1").mkdir()
    (month_copy.root / "runs" / MONTH / "2021-08-20210930T000000-00000001").mkdir()
    (month_copy.root / "runs" / "2021-09").mkdir()
    assert [one["run_id"] for one in client.get(f"{API}/{MONTH}").json()["runs"]] == [first["run_id"]]
    assert client.get(f"{API}/2021-09").status_code == 404
    second = month_copy.close(MONTH, "2021-09-21T10:00Z")
    runs = client.get(f"{API}/{MONTH}").json()["runs"]
    assert [(one["run_id"], one["is_latest"]) for one in runs] == [(first["run_id"], False), (second, True)]
    assert "A later run of August 2021 is there" in client.get(f"/?month={MONTH}&run={first['run_id']}").text
    assert "A later run of August 2021 is there" not in client.get("/").text


def test_a_workspace_without_a_run_says_what_to_do(tmp_path: Path) -> None:
    assert tocsin("init", tmp_path / "new").code == 0
    before = files_of(tmp_path)
    client = asking(Desk(tmp_path / "new"))
    assert "tocsin close MONTH" in client.get("/").text
    assert client.get(API).json()["months"] == []
    assert client.get(f"/?month={MONTH}").status_code == 404
    assert files_of(tmp_path) == before


def test_nothing_is_written_and_no_name_gets_out(month_copy: Desk) -> None:
    before = files_of(month_copy.root)
    client = asking(month_copy)
    asked = [
        "/",
        API,
        *(f"{API}/{MONTH}{part}" for part in ("", "/run", "/figures?limit=3000", "/figures.csv", "/changes", "/slots", "/deliveries")),
    ]
    for address in asked:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not [name for name in CLEAR_NAMES if name in answer.text], address
    assert ".csv" not in client.get(f"{API}/{MONTH}/deliveries").text
    assert files_of(month_copy.root) == before


@pytest.mark.parametrize(
    "address",
    [
        f"{API}/2021-07",
        f"{API}/..%2f..%2fsecret",
        f"{API}/%2e%2e/run",
        f"{API}/{MONTH}/run?run=../../secret",
        f"{API}/{MONTH}/figure?name=x",
    ],
)
def test_what_is_not_there_is_a_problem_in_words(client: TestClient, month: Desk, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"]
    assert str(month.root) not in answer.text


def test_only_its_own_names_are_answered_and_nothing_can_be_changed(client: TestClient) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "", "[::2]:80"):
        assert client.get("/", headers={"Host": host}).status_code == 421, host
    for host in ("localhost", "LOCALHOST:8021", "127.0.0.1:8021", "[::1]:8021"):
        assert client.get("/", headers={"Host": host}).status_code == 200, host
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        refused = client.request(method, f"{API}/{MONTH}")
        assert (refused.status_code, "is read alone" in refused.json()["detail"]) == (405, True), method
    assert client.head("/").status_code == 200
    assert host_name("[::1]:80") in LOOPBACK


def test_what_was_told_once_is_told_by_its_digest(client: TestClient) -> None:
    first = client.get(f"{API}/{MONTH}/run")
    again = client.get(f"{API}/{MONTH}/run", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{API}/{MONTH}/run", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_run_that_was_changed_is_not_shown(month_copy: Desk) -> None:
    (path,) = (month_copy.root / "runs" / MONTH).glob("*/run.json")
    path.write_text(path.read_text(encoding="utf-8").replace("cpm_5", "cpm_6", 1), encoding="utf-8")
    answer = asking(month_copy).get(f"{API}/{MONTH}/run")
    assert answer.status_code == 500
    assert "its bytes were changed" in answer.json()["detail"]
    assert str(month_copy.root) not in answer.text


@pytest.mark.parametrize("address", ["/", f"/figure?month={MONTH}&name=cpm_5", "/nowhere"])
def test_pages_ask_nobody_and_axe_finds_nothing(client: TestClient, tmp_path: Path, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    page = read(answer.text)
    assert not page.xpath("//script | //link | //img | //iframe | //form")
    assert all(link.startswith(("#", "/")) and not link.startswith("//") for link in page.xpath("//@href | //@src"))
    file = tmp_path / "page.html"
    file.write_text(answer.text, encoding="utf-8")
    with browsing() as browser:
        shown = browser.new_page(bypass_csp=True)
        asked: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(file.as_uri())
        assert asked == [file.as_uri()]
        shown.add_script_tag(path=str(AXE_FILE_PATH))
        found = shown.evaluate("axe.run(document, {resultTypes: ['violations']}).then(told => told.violations)")
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        narrow = browser.new_page(viewport={"width": 320, "height": 800})
        narrow.goto(file.as_uri())
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_packages_that_are_lacking_are_named(month: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "uvicorn", None)
    said = month("serve")
    assert said.code == 10
    assert "pip install 'tocsin[serve]'" in said.err
