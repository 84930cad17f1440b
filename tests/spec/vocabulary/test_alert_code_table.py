"""Alert codes (domain.md 7)."""

import csv
from collections import Counter
from pathlib import Path

from tocsin.vocabulary.alerts import alert_code, alert_codes


def test_the_255_codes() -> None:
    assert Counter(one.kind for one in alert_codes().values()) == {"device": 189, "dcc": 66}


def test_8f3e_is_no_restore_alert() -> None:
    """A common mistake: 8F35 and 8F36 say that the supply is back; 8F3E tells of an unauthorised access (domain.md 7.2)."""
    names = {code: found.name.lower() for code in ("8F3E", "8F35", "8F36") if (found := alert_code(code))}
    assert "unauthorised" in names["8F3E"]
    assert "restor" not in names["8F3E"]
    assert "restor" in names["8F35"]
    assert "restor" in names["8F36"]


def test_critical_or_not_or_no_gbcs_message() -> None:
    told = {code: found.is_critical for code in ("8F35", "8002", "N42", "AD1") if (found := alert_code(code))}
    assert told == {"8F35": True, "8002": False, "N42": None, "AD1": None}
    assert all(one.is_critical is None for one in alert_codes().values() if one.kind == "dcc")


def test_an_unknown_code_is_none_and_a_recalled_name_is_assumed() -> None:
    assert alert_code("9999") is None
    recalled = alert_code("N42")
    assert recalled is not None and recalled.status == "assumed"


def test_the_table_is_the_reference_list(shared: Path) -> None:
    with (shared / "reference" / "alert_codes.csv").open(encoding="utf-8") as file:
        reference = {row["code"]: (row["alert_kind"], row["name"]) for row in csv.DictReader(file)}
    assert {code: (one.kind, one.name) for code, one in alert_codes().items()} == reference
