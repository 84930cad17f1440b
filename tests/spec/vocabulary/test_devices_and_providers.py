"""Devices, regions and Service Providers (domain.md 1.1, 1.2 and 6.5)."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tocsin.vocabulary.devices import DEVICE_TYPES, REGIONS, generation_of, region_of, region_words
from tocsin.vocabulary.service_providers import senders, service_providers


@pytest.mark.parametrize(
    ("word", "region", "generation"),
    [
        ("North", "north", "SMETS2+"),
        ("Central", "central", "SMETS2+"),
        ("South", "south", "SMETS2+"),
        ("4G North", "north", "SMETS2+"),
        ("4G Central", "central", "SMETS2+"),
        ("4G South", "south", "SMETS2+"),
        ("SMETS1", "smets1", "SMETS1"),
        ("Unknown", "unknown", None),
        ("Atlantis", "unknown", None),
        (" north ", "north", "SMETS2+"),
    ],
)
def test_regions_of_the_eight_words(word: str, region: str, generation: str | None) -> None:
    assert region_of(word) == region
    assert generation_of(region) == generation


def test_a_workspace_may_show_4g_apart(tmp_path: Path) -> None:
    (tmp_path / "csp_regions.csv").write_text(
        "csp_region,since,region,status,source\n4G North,2025-01-01,4g_north,assumed,our own wish\n", encoding="utf-8"
    )
    assert region_of("4G North", date(2025, 1, 1), tmp_path) == "4g_north"
    assert region_of("4G North", date(2024, 12, 31), tmp_path) == "north"
    assert generation_of("4g_north") == "SMETS2+"


def test_words_that_senders_write_for_a_region(tmp_path: Path) -> None:
    words = region_words()
    assert {words[word] for word in ("North", "NORTH", "north", "4G North", "4G NORTH")} == {"north"}
    assert words["UNKNOWN"] == words["Unknown"] == "unknown" and "North Sea" not in words
    (tmp_path / "csp_regions.csv").write_text("csp_region,since,region,status,source\nWales,2025-01-01,wales,assumed,our own wish\n")
    assert region_words(date(2025, 1, 1), tmp_path)["WALES"] == "wales" and "WALES" not in region_words(date(2024, 1, 1), tmp_path)


def test_device_types() -> None:
    assert {"NONE", "UNKNOWN"} < set(DEVICE_TYPES)


def test_thirteen_senders() -> None:
    """One DSP, two CSPs, ten on the SMETS1 side (domain.md 1.1); CSP C&S is one sender with two regions."""
    providers = service_providers().values()
    assert len(senders()) == 13
    assert Counter(one.role for one in providers) == {"s1sp": 9, "csp": 3, "dsp": 1, "dco": 1}
    assert {one.code: one.region for one in providers if one.role == "csp"} == {"CSPN": "north", "CSPC": "central", "CSPS": "south"}
    assert {one.sender for one in providers if one.company == "Telefonica"} == {"CSPCS"}
    assert {one.region for one in providers} == {"all", *REGIONS}


def test_a_company_we_do_not_know_is_empty_and_assumed() -> None:
    assert all(one.status == "assumed" for one in service_providers().values() if not one.company)
