"""Shapes: what a TOML file may say, and what each mistake is answered with."""

from pathlib import Path

import pytest

from tocsin.feeds.shape_file import load_shape, load_shapes
from tocsin.vocabulary.calendar import parse_instant
from tocsin.vocabulary.errors import BadDeclaration, RefusedDelivery

GOOD = """
feed = "party_list"
sender = "DCC"
pattern = "PARTIES_{day}.csv"
[columns]
user_id = "User"
sec_party = "Party"
"""


def load(tmp_path: Path, text: str):
    path = tmp_path / "parties.toml"
    path.write_text(text)
    return load_shape(path)


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (("feed = ", "feed"), ["expected TOML"]),
        (('feed = "party_list"', 'feed = "parties"'), ["feed", "expected one of", "party_list", 'found "parties"']),
        (('sender = "DCC"', ""), ["sender", "Field required"]),
        (('sender = "DCC"', 'sender = "DCC"\nspeed = 1'), ["speed", "Extra inputs are not permitted", "found 1"]),
        (('sender = "DCC"', 'sender = "DCC"\nspeed = 1'), ["docs/shapes.md tells the keys there are"]),
        (('sender = "DCC"', 'sender = "DCC"\ndelimeter = ";"'), ["delimeter", "Was delimiter meant?"]),
        (('"Party"', '{column = "Party", when_emtpy = "x"}'), ["when_emtpy", "Was when_empty meant?"]),
        (('sender = "DCC"', 'sender = "DCC"\nformat = "ods"'), ["format", "'csv', 'parquet', 'xlsx' or 'jsonl'", "found 'ods'"]),
        (('sender = "DCC"', 'sender = "DCC"\ndelimiter = ";;"'), ["delimiter", "at most 1 character", "found ';;'"]),
        (('sender = "DCC"', 'sender = "DCC"\ndelimiter = \'"\''), ["delimiter", "one plain character"]),
        (('sender = "DCC"', 'sender = "DCC"\nencoding = "utf-9"'), ["encoding", '"utf-9" is not known', "such as utf-8"]),
        (('sender = "DCC"', 'sender = "DCC"\nheader = false'), ["positions", "name the columns in order"]),
        (('sender = "DCC"', 'sender = "DCC"\nheader = false\npositions = ["User"]'), ["positions", '"Party" is read but not named']),
        (('sender = "DCC"', 'sender = "DCC"\ncovers = ["2026-03-02", "2026-03-02"]'), ["covers", "must come later"]),
        (('sender = "DCC"', 'sender = "DCC"\ncovers_zone = "London"'), ['zone "London" is not known']),
        (("{day}", "{day:%Q}"), ["pattern", '"%Q" is not known', "%Y"]),
        (("{day}", "{day}{day}"), ["pattern", "stands twice"]),
        (("{day}", "{day}{month}"), ["pattern", "both say what a file covers"]),
        (("{day}", "{day"), ["pattern", "does not begin or end a piece"]),
        (('sec_party = "Party"', ""), ["[columns]", "column sec_party of feed party_list is required and is not mapped"]),
        (('sec_party = "Party"', 'sec_party = "Party"\nsrv = "x"'), ['"srv" is no column of feed party_list', "user_role"]),
        (('"Party"', "{}"), ["sec_party", "expected exactly one of column, constant, line, join"]),
        (('"Party"', '{column = "Party", line = true}'), ["sec_party", "expected exactly one of"]),
        (('"Party"', '{column = "Party", colour = "red"}'), ["sec_party", "colour", "Extra inputs"]),
        (('"Party"', '{column = "Party", pattern = "("}'), ["sec_party", "no regular expression"]),
        (('"Party"', '{column = "Party", pattern = "x"}'), ["sec_party", "0 groups; expected one"]),
        (('"Party"', '{column = "Party", zone = "UTC"}'), ["sec_party", "are for instants", "of kind text"]),
        (('"Party"', '{column = "Party", format = "soon"}'), ["sec_party", '"soon" is not known', "epoch_ms"]),
        (('"Party"', '{column = "Party", format = "%d/%m/%Y"}'), ["sec_party", "needs its zone"]),
        (('"Party"', '{column = "Party", plus = [{unit = "ms"}]}'), ["sec_party", "exactly one of column, whole"]),
    ],
    ids=lambda value: None if isinstance(value, list) else value[1][:40],
)
def test_a_mistake_names_file_key_expected_and_found(tmp_path: Path, change: tuple[str, str], parts: list[str]) -> None:
    assert change[0] in GOOD
    with pytest.raises(BadDeclaration) as raised:
        load(tmp_path, GOOD.replace(*change))
    for part in ["parties.toml", *parts]:
        assert part in str(raised.value)


def test_a_feed_that_is_owed_needs_what_it_covers(tmp_path: Path) -> None:
    text = 'feed = "incidents"\nsender = "DCC"\npattern = "x.csv"\n[columns]\nincident_id = "a"\nsubmitted_at = "b"\nstatus = "c"\n'
    with pytest.raises(BadDeclaration, match=r"covers: feed incidents is sent every day: expected \{day\}"):
        load(tmp_path, text)


def test_what_a_file_covers(tmp_path: Path) -> None:
    def covers(pattern: str, name: str, more: str = "") -> tuple[str, str, str] | None:
        found = load(tmp_path, GOOD.replace("PARTIES_{day}.csv", pattern).replace("[columns]", more + "\n[columns]")).covering(name)
        return found and (found.start_at, found.end_at, found.submission)

    def between(start: str, end: str, submission: str = "final") -> tuple[int, int, str]:
        return parse_instant(start), parse_instant(end), submission

    assert covers("A_{day}.csv*", "A_20260301.csv.gz") == between("2026-03-01T00:00Z", "2026-03-02T00:00Z")
    assert covers("A_{day}.csv", "A_20260230.csv") is None
    assert covers("A_{day}.csv", "B_20260301.csv") is None
    assert covers("A_{month}_{submission}.csv", "A_202512_INITIAL.csv") == between("2025-12-01T00:00Z", "2026-01-01T00:00Z", "initial")
    assert covers("A_{month:%b%Y}.csv", "A_Feb2026.csv") == between("2026-02-01T00:00Z", "2026-03-01T00:00Z")
    assert covers("A_{quarter_hour}.csv", "A_20260301T2345.csv") == between("2026-03-01T23:45Z", "2026-03-02T00:00Z")
    london = 'covers_zone = "Europe/London"'
    assert covers("A_{day}.csv", "A_20260329.csv", london) == between("2026-03-29T00:00Z", "2026-03-29T23:00Z")
    fixed = 'covers = ["2016-02-29", "2016-05-01"]\nsubmission = "initial"'
    assert covers("log-?.csv", "log-1.csv", fixed) == between("2016-02-29T00:00Z", "2016-05-01T00:00Z", "initial")
    assert covers("A_{run}_x.csv", "A_77_x.csv") == (None, None, "final")


def test_two_shapes_for_one_name_and_a_folder_of_shapes(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.toml").write_text(GOOD)
    shapes = load_shapes(tmp_path)
    assert [shape.name for shape in shapes] == ["a", "b"]
    assert load_shapes(tmp_path / "nowhere") == ()
    from tocsin.deliveries.recognising import recognise

    with pytest.raises(BadDeclaration, match=r"expected one Shape that fits, found 2: .*a\.toml.*b\.toml"):
        recognise("PARTIES_20260301.csv", shapes)


@pytest.mark.parametrize("name", ["holiday.jpg", "photo.csv.gz", "data.csv", "20210901.csv.gz", "a"])
def test_of_many_patterns_none_is_told_where_none_is_like_the_name(name: str) -> None:
    from tocsin.deliveries.recognising import recognise
    from tocsin.estate import senders

    shapes = load_shapes(Path(str(senders.__file__)).parent / "shapes")
    with pytest.raises(RefusedDelivery) as refused:
        recognise(name, shapes)
    said = str(refused.value)
    assert f"None of the {len(shapes)} patterns known is like it; they stand in shapes/." in said
    assert "(" not in said and "Add a Shape to shapes/, or ask the sender for the agreed name." in said


def test_of_many_patterns_the_likest_are_told() -> None:
    from tocsin.deliveries.recognising import recognise
    from tocsin.estate import senders

    shapes = load_shapes(Path(str(senders.__file__)).parent / "shapes")
    with pytest.raises(RefusedDelivery) as refused:
        recognise("DSP_ALERT_20210901T0015.csv.gz", shapes)
    said = str(refused.value)
    assert (
        f'Of the {len(shapes)} patterns known the likest are "DSP_ALERTS_{{quarter_hour:%Y%m%dT%H%M}}.csv.gz" (dsp_alert_stages), ' in said
    )
    assert said.count("(") == 3 and "the others stand in shapes/." in said
    with pytest.raises(RefusedDelivery, match=r'the likest is "DSP_NOWAN_INCIDENTS_\{day\}\.csv\.gz" \(dsp_no_sm_wan\); the others'):
        recognise("incidents 2021-09.csv", shapes)
    with pytest.raises(RefusedDelivery, match="Patterns known: none, the workspace has no Shapes"):
        recognise("DSP_ALERT_20210901T0015.csv.gz", ())
