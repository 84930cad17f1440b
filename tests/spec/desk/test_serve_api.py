"""The API of tocsin serve: what it says of itself holds of every answer, what is asked wrongly is refused, and CSV is the same as JSON."""

import csv
import io
import json
import shutil
from errno import EACCES
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from desk_month import MONTH
from desk_road import Desk
from served import API, TestClient, asking
from tocsin.reports.run_store import FILE

# Every route with what it is asked with here.
ROUTES = {
    API: API,
    f"{API}/{{month}}": f"{API}/{MONTH}",
    f"{API}/{{month}}/run": f"{API}/{MONTH}/run",
    f"{API}/{{month}}/figures": f"{API}/{MONTH}/figures?limit=3000",
    f"{API}/{{month}}/figure": f"{API}/{MONTH}/figure?name=cpm_5",
    f"{API}/{{month}}/changes": f"{API}/{MONTH}/changes",
    f"{API}/{{month}}/slots": f"{API}/{MONTH}/slots",
    f"{API}/{{month}}/deliveries": f"{API}/{MONTH}/deliveries",
    **{f"{API}/{{month}}/{name}.csv": f"{API}/{MONTH}/{name}.csv" for name in ("figures", "changes", "slots", "deliveries")},
}


@pytest.fixture(scope="module")
def client(month: Desk) -> TestClient:
    return asking(month)


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def held_to(description: dict[str, Any], schema: dict[str, Any], told: object) -> None:
    jsonschema.Draft202012Validator({**schema, "components": description["components"]}).validate(told)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_answer_is_as_the_description_says(client: TestClient, description: dict[str, Any]) -> None:
    assert set(description["paths"]) == set(ROUTES)
    for path, address in ROUTES.items():
        responses = description["paths"][path]["get"]["responses"]
        answer = client.get(address)
        assert answer.status_code == 200, address
        ((kind, content),) = responses["200"]["content"].items()
        assert answer.headers["content-type"].partition(";")[0] == kind, address
        if kind == "application/json":
            held_to(description, content["schema"], answer.json())
        wrong = client.get(address, params={"nonsense": "x", "name": "cpm_5"} if path.endswith("/figure") else {"nonsense": "x"})
        assert wrong.status_code == 400, address
        assert '"nonsense" was found' in wrong.json()["detail"], address
        assert set(responses) >= {"400", "404", "default"} and "422" not in responses
        held_to(description, responses["400"]["content"][wrong.headers["content-type"]]["schema"], wrong.json())


def test_a_described_figure_has_the_keys_of_the_published_schema(description: dict[str, Any]) -> None:
    published = json.loads((Path(__file__).parents[3] / "docs" / "schemas" / "figures.schema.json").read_text(encoding="utf-8"))["$defs"]
    described = description["components"]["schemas"]
    for name, model in (("figure", "Figure"), ("wait", "Wait")):
        assert set(described[model]["properties"]) == set(published[name]["properties"]), name
    assert set(described["Run"]["properties"]) == set(published["run"]["properties"]) | {"digest", "is_latest"}


def test_csv_is_the_same_figures_and_the_report_s_own(client: TestClient, month: Desk, tmp_path: Path) -> None:
    told = client.get(f"{API}/{MONTH}/figures.csv")
    assert month("report", MONTH, "--out", tmp_path, "--formats", "csv").code == 0
    (own,) = tmp_path.rglob("figures.csv")
    assert told.content == own.read_bytes()
    assert len(rows_of(told.text)) > 1_000, "one piece alone is no test of the second"
    some = {"measure": "cpm_5", "status": "no_events"}
    chosen = client.get(f"{API}/{MONTH}/figures", params=some).json()["figures"]
    assert [row["name"] for row in rows_of(client.get(f"{API}/{MONTH}/figures.csv", params=some).text)] == [one["name"] for one in chosen]


@pytest.mark.parametrize(
    ("what", "by", "word"),
    [("deliveries", "feed", "audit_trail"), ("deliveries", "status", "superseded"), ("changes", "kind", "fell")],
)
def test_lists_are_chosen_from_and_told_as_csv(client: TestClient, what: str, by: str, word: str) -> None:
    every = client.get(f"{API}/{MONTH}/{what}").json()[what]
    found = client.get(f"{API}/{MONTH}/{what}", params={by: word}).json()[what]
    assert found == [line for line in every if line[by] == word]
    assert len(found) < len(every)
    table = rows_of(client.get(f"{API}/{MONTH}/{what}.csv", params={by: word}).text)
    assert table == [{key: "" if cell is None else str(cell) for key, cell in line.items()} for line in found]


def test_a_withdrawn_delivery_is_told_as_such_and_not_by_whom(month_copy: Desk) -> None:
    client = asking(month_copy)
    (one, *_) = client.get(f"{API}/{MONTH}/deliveries?feed=audit_trail").json()["deliveries"]
    words = ("--by", "A. Checker", "--reason", "sent for another month", "--at", "2021-09-21T09:00Z")
    assert month_copy("withdraw", one["delivery"], *words).code == 0
    month_copy.close(MONTH, "2021-09-21T10:00Z")
    told = client.get(f"{API}/{MONTH}/deliveries?status=withdrawn")
    assert [(line["delivery"], line["accepted"], line["stands"]) for line in told.json()["deliveries"]] == [(one["delivery"], None, "")]
    assert "Checker" not in told.text
    assert one["delivery"] not in client.get(f"{API}/{MONTH}/deliveries?status=stands").text


def test_slots_are_chosen_by_state(client: TestClient) -> None:
    every = client.get(f"{API}/{MONTH}/slots").json()
    states = {line["state"] for line in every["slots"]}
    assert states == {"not_expected"}
    assert client.get(f"{API}/{MONTH}/slots", params={"state": "not_expected"}).json()["total"] == every["total"]
    assert client.get(f"{API}/{MONTH}/slots", params={"state": "missing"}).json()["total"] == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("figures?measure=cpm_55", 'measure: "cpm_55" was found. Expected one of: cpm_1'),
        ("figures?status=fine", 'status: "fine" was found. Expected one of: met'),
        ("figures?unit=%25", 'unit: "%" was found. Expected one of: percent, seconds, count'),
        ("figures?region=north&region=south", '"region" was found 2 times, expected once'),
        ("figures?limit=3001", "limit: input should be less than or equal to 3000"),
        ("figures?offset=-1", "offset: "),
        ("figures.csv?measure=cpm_55", 'measure: "cpm_55" was found'),
        ("slots?measure=cpm_5", '"measure" was found, which says nothing here. Expected: run, feed, sender, state, offset, limit.'),
        ("figure?name=cpm_5/resolver_group=DSQ", "Names like it: cpm_5/resolver_group=DSP"),
        ("figure?name=" + "x" * 5_000, "There are figures of: alert"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_what_there_is(client: TestClient, asked: str, said: str) -> None:
    answer = client.get(f"{API}/{MONTH}/{asked}")
    assert answer.status_code == (404 if asked.startswith("figure?") else 400)
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_pages_of_a_list_are_together_the_whole_in_its_order(client: TestClient) -> None:
    whole = [one["name"] for one in client.get(f"{API}/{MONTH}/figures?limit=3000").json()["figures"]]
    paged: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = client.get(f"{API}/{MONTH}/figures", params={"offset": offset, "limit": 333}).json()
        paged += [one["name"] for one in page["figures"]]
        offset = page["next_offset"]
    assert paged == whole
    assert client.get(f"{API}/{MONTH}/figures?offset=99999").json()["figures"] == []


def test_an_answer_of_a_run_can_be_kept_and_nobody_elsewhere_reads_it(client: TestClient) -> None:
    for address in (f"{API}/{MONTH}/figures", f"{API}/{MONTH}/slots.csv", f"/figure?month={MONTH}&name=cpm_5"):
        first = client.get(address, headers={"Origin": "https://elsewhere.example"})
        assert not [name for name in first.headers if name.startswith("access-control")]
        assert first.headers["last-modified"].endswith(" GMT")
        assert first.headers["cache-control"] == "no-cache"
        assert (first.headers["referrer-policy"], first.headers["x-content-type-options"]) == ("no-referrer", "nosniff")
        assert "frame-ancestors 'none'" in first.headers["content-security-policy"]
        for tag in (first.headers["etag"], f'W/{first.headers["etag"]}, "other"', "*"):
            assert client.get(address, headers={"If-None-Match": tag}).status_code == 304, tag
        assert client.get(address, headers={"If-Modified-Since": first.headers["last-modified"]}).status_code == 200
    refused = client.options(f"{API}/{MONTH}", headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


def test_the_same_run_is_another_answer_once_a_later_one_is_there(month_copy: Desk) -> None:
    client = asking(month_copy)
    first = client.get(f"{API}/{MONTH}/run")
    one = first.json()["run"]["run_id"]
    month_copy.close(MONTH, "2021-09-21T10:00Z")
    again = client.get(f"{API}/{MONTH}/run", params={"run": one}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.json()["run"]["is_latest"]) == (200, False)


def test_a_folder_beside_the_months_is_no_month_and_a_file_that_is_none_says_so(month_copy: Desk) -> None:
    runs = month_copy.root / "runs"
    shutil.copytree(runs / MONTH, runs / f"{MONTH}.bak")
    client = asking(month_copy)
    assert [one["month"] for one in client.get(API).json()["months"]] == [MONTH]
    assert client.get("/").status_code == 200
    assert client.get(f"{API}/{MONTH}.bak").status_code == 404
    (path,) = (runs / MONTH).glob(f"*/{FILE}")
    path.unlink()
    path.mkdir()
    answer = asking(month_copy).get(f"{API}/{MONTH}/run")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert str(month_copy.root) not in answer.text


def test_a_file_that_may_not_be_read_says_so_without_where_it_lies(month: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, *_: object) -> None:
        raise PermissionError(EACCES, "Permission denied", str(path))

    monkeypatch.setattr("tocsin.desk.web.held_runs.read_run", refused)
    for address in ("/", f"{API}/{MONTH}/run"):
        answer = asking(month).get(address)
        assert answer.status_code == 500
        assert "a file of the workspace cannot be read: Permission denied." in answer.text
        assert str(month.root) not in answer.text


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_a_ledger_that_does_not_answer_is_told_without_where_it_lies_and_is_not_made(month_copy: Desk, content: bytes) -> None:
    ledger = month_copy.root / "store" / "ledger.sqlite"
    ledger.write_bytes(content)
    answer = asking(month_copy).get("/")
    assert answer.status_code == 500
    assert "the ledger does not answer" in answer.text
    assert str(month_copy.root) not in answer.text
    # Were it opened for writing, the tables of an empty one would have been made.
    assert ledger.read_bytes() == content
