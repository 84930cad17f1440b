"""The catalogue of Service Request Variants (domain.md 5)."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.service_requests import variant, variants


def test_the_counts_of_the_matrix() -> None:
    """129 SRVs: 37 critical, 16 non-device, future-dated by device 11, by DSP 45, by both one (domain.md 5.1)."""
    known = variants().values()
    assert len(known) == 129
    assert sum(one.is_critical for one in known) == 37
    assert sum(one.is_non_device for one in known) == 16
    assert Counter(one.future_dated for one in known) == {"none": 72, "dsp": 45, "device": 11, "both": 1}
    # 13 in the service matrix; the schema lists 4.2 as well, and its row says so (duis.md 6.1).
    assert sum(one.is_schedulable for one in known) == 14
    assert known_status("4.2") == "inferred"


def known_status(srv: str) -> str:
    found = variant(srv)
    assert found is not None
    return found.status


def test_what_is_true_of_every_srv() -> None:
    for one in variants().values():
        assert one.srv.startswith(one.service_reference), one.srv
        # A critical request is sent twice: variant 4 to be transformed, then signed (domain.md 5.1).
        assert (4 in one.command_variants) == one.is_critical, one.srv
        assert (one.command_variants == (8,)) == one.is_non_device, one.srv
    assert {one.srv for one in variants().values() if not one.user_roles} == {"7.16", "8.5", "8.6"}


def test_text_not_number() -> None:
    """4.1 is a service, 4.10 a variant; as numbers they would be the same."""
    four_ten = variant("4.10")
    assert four_ten is not None and four_ten.name == "Read Network Data"
    assert variant("4.1") is None
    assert variant("99.9") is None


def test_one_row_of_each_kind() -> None:
    top_up, inventory = variant("2.2"), variant("8.2")
    assert top_up is not None and inventory is not None
    assert (top_up.is_critical, top_up.command_variants, top_up.user_roles, top_up.device_types) == (
        False,
        (1, 2, 3),
        ("IS", "GS"),
        ("ESME", "GSME"),
    )
    assert (inventory.is_non_device, inventory.is_on_demand, inventory.device_types) == (True, False, ())
    assert known_status("2.2") == "verified"


def test_the_table_is_the_reference_catalogue(shared: Path) -> None:
    with (shared / "reference" / "srv_catalogue.csv").open(encoding="utf-8") as file:
        reference = {row["srv"]: row for row in csv.DictReader(file)}
    assert set(reference) == set(variants())
    for srv, row in reference.items():
        ours = variant(srv)
        assert ours is not None
        assert (ours.name, ours.service_reference, ours.is_critical) == (row["name"], row["service_reference"], row["critical"] == "Y")
        assert ours.command_variants == tuple(int(word) for word in row["command_variants"].split(";"))
        assert ours.user_roles == tuple(row["eligible_user_roles"].split(";") if row["eligible_user_roles"] else ())
        assert (ours.is_on_demand, ours.is_schedulable, ours.is_non_device) == tuple(
            row[column] == "Y" for column in ("on_demand", "dcc_scheduled", "non_device")
        )


def test_a_workspace_adds_a_new_srv_from_its_day(tmp_path: Path) -> None:
    (tmp_path / "service_request_variants.csv").write_text(
        "srv,since,service_reference,name,is_critical,command_variants,is_on_demand,future_dated,is_schedulable,is_non_device,"
        "user_roles,device_types,status,source\n7.17,2025-06-01,7.17,A later service,no,1 2 3,yes,none,no,no,IS OU,ESME,verified,DUIS 6\n",
        encoding="utf-8",
    )
    assert "7.17" in variants(override=tmp_path)
    assert "7.17" not in variants(date(2025, 5, 31), tmp_path)
    assert len(variants(override=tmp_path)) == 130
    assert "7.17" not in variants()


@pytest.mark.parametrize(
    ("cell", "word"),
    [("is_critical", "maybe"), ("future_dated", "later"), ("command_variants", "9"), ("user_roles", "XX"), ("device_types", "TV")],
)
def test_a_bad_cell_is_named(tmp_path: Path, cell: str, word: str) -> None:
    row = {
        **dict.fromkeys(("is_critical", "is_on_demand", "is_schedulable", "is_non_device"), "no"),
        "srv": "7.17",
        "since": "2025-06-01",
        "service_reference": "7.17",
        "name": "x",
        "command_variants": "1",
        "future_dated": "none",
        "user_roles": "IS",
        "device_types": "ESME",
        "status": "assumed",
        "source": "x",
        cell: word,
    }
    (tmp_path / "service_request_variants.csv").write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=f'service_request_variants.csv: line 2: column "{cell}".*"{word}"'):
        variants(override=tmp_path)
