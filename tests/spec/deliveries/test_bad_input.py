"""Files that cannot be taken in whole: each is refused with what, where, expected, found and what to do; it is kept; the others go on."""

import gzip
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

import tocsin.deliveries.keeping
from made_store import SAT_HEADER, MadeStore, make_store, sat_row
from tocsin.deliveries.contract import Means
from tocsin.deliveries.unpacking import Limits

GOOD = "\n".join([SAT_HEADER, sat_row(1), sat_row(2), ""])
NAME = "DSP_SAT_20260301_final.csv"


@pytest.fixture
def made(tmp_path: Path) -> MadeStore:
    return make_store(tmp_path)


def refusal(made: MadeStore, name: str, content: str | bytes, means: Means | None = None) -> str:
    """The reason a file is refused for; checks what holds of every refusal."""
    file = made.file(name, content)
    (receipt,) = made.take_in(file, means=means)
    assert receipt.status == "refused"
    assert file.exists()
    assert receipt.delivery.reason.startswith(f"{name}: ")
    assert made.ledger().deliveries()[-1] == receipt.delivery
    assert made.ledger().basis(2**62).deliveries == ()
    assert list(made.store.deliveries.iterdir()) == []
    if receipt.delivery.digest:
        assert made.store.raw_file(receipt.delivery.digest).read_bytes() == file.read_bytes()
    return receipt.delivery.reason


def says(reason: str, *parts: str) -> None:
    for part in parts:
        assert part in reason


def test_a_truncated_gzip(made: MadeStore) -> None:
    packed = gzip.compress((GOOD + sat_row(3) * 1000).encode())
    says(refusal(made, NAME + ".gz", packed[:-20]), "gzip is cut short", "was expected", "Ask the sender to send the file again, whole")


def test_a_damaged_gzip(made: MadeStore) -> None:
    packed = bytearray(gzip.compress(GOOD.encode()))
    packed[-8] ^= 0xFF
    says(refusal(made, NAME + ".gz", bytes(packed)), "gzip is damaged", "expected", "found", "Ask the sender")


def test_gzip_within_gzip_is_told_as_that(made: MadeStore) -> None:
    twice = gzip.compress(gzip.compress(GOOD.encode()))
    says(refusal(made, NAME + ".gz", twice), "gzip within gzip", "text was expected", "Ask the sender to pack it once")


def test_a_wrong_encoding_names_line_and_byte(made: MadeStore) -> None:
    reason = refusal(made, NAME, (GOOD + sat_row(3, code="caf\u00e9") + "\n").encode("cp1252"))
    says(reason, "line 4", "text in utf-8 was expected", "found byte 0xE9", 'encoding = "cp1252"')


def test_utf_16_is_told_by_its_nul_bytes(made: MadeStore) -> None:
    says(refusal(made, NAME, GOOD.encode("utf-16-le")), "line 1", "a NUL byte", "utf-16")


def test_an_encoding_of_the_shape_that_does_not_fit(made: MadeStore) -> None:
    path = made.root / "shapes" / "dsp_audit_trail.toml"
    path.write_text('encoding = "utf-16"\n' + path.read_text())
    says(refusal(made, NAME, b"\xff\xfeabc"), "text in utf-16 was expected", "Say the encoding")


def test_a_renamed_header_names_the_likely_new_name(made: MadeStore) -> None:
    reason = refusal(made, NAME, GOOD.replace("point,class", "point,klass"))
    says(
        reason, 'column "class" is missing', "found: id, at, point, klass", 'renamed to "klass"', "dsp_audit_trail", "audit_trail", "Shape"
    )


def test_a_missing_column(made: MadeStore) -> None:
    says(refusal(made, NAME, "id,at,point\na,b,c\n"), 'column "class" is missing', "found: id, at, point")


def test_a_column_that_stands_twice(made: MadeStore) -> None:
    says(refusal(made, NAME, GOOD.replace("srv,code", "srv,srv").replace("device", "device,code")), 'column "srv" stands 2 times')


def test_an_empty_file(made: MadeStore) -> None:
    says(refusal(made, NAME, b""), "empty (0 bytes)", "header line", "Ask the sender")


def test_a_file_of_blank_lines(made: MadeStore) -> None:
    says(refusal(made, NAME, b"\n\n  \n"), "a header line was expected", "found an empty file")


def test_an_empty_gzip(made: MadeStore) -> None:
    says(refusal(made, NAME + ".gz", gzip.compress(b"")), "a header line was expected", "found an empty file")


def test_a_zip_bomb_by_its_ratio(made: MadeStore) -> None:
    means = Means(limits=Limits(ratio_from_bytes=1_000_000))
    reason = refusal(made, NAME + ".gz", gzip.compress(GOOD.encode() + b" " * 40_000_000), means)
    says(reason, "zip bomb", "bytes unpack to more than 400 times", "Ask the sender")


def test_a_file_that_unpacks_to_more_than_is_allowed(made: MadeStore) -> None:
    means = Means(limits=Limits(max_unpacked_bytes=1_000_000))
    lines = GOOD + "\n".join(sat_row(number) for number in range(10_000))
    says(refusal(made, NAME + ".gz", gzip.compress(lines.encode()), means), "more than the 1000000 allowed", "max_unpacked")


def test_a_workbook_that_is_a_zip_bomb_is_not_unpacked(made: MadeStore) -> None:
    path = made.incoming / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    means = Means(limits=Limits(ratio_from_bytes=1_000_000))
    says(refusal(made, "DSP_SAT_20260301_final.xlsx", path.read_bytes(), means), "zip bomb", "50000000")


def test_no_line_end_at_all(made: MadeStore) -> None:
    says(refusal(made, NAME, GOOD.encode() + b"x" * 40_000_000), "line 4", "no line end within", "lines of at most 262144 were expected")


def test_formats_that_are_not_what_the_name_says(made: MadeStore) -> None:
    says(refusal(made, "DSP_SAT_20260301_final.parquet", GOOD), "parquet was expected", "does not begin as one")
    says(refusal(made, "DSP_SAT_20260302_final.xlsx", GOOD), "xlsx was expected", "does not begin as one")
    says(refusal(made, "DSP_SAT_20260303_final.csv", b"PAR1xxxx"), "csv was expected", "found parquet", 'format = "parquet"')
    told = refusal(made, "DSP_SAT_20260304_final.parquet", b"PAR1xxxxPAR1")
    says(told, "a Parquet file was expected", "cannot be read")
    # Where the store lies, and what the engine was asked, stand in no report.
    assert "\n" not in told
    assert str(made.store.root) not in told
    says(refusal(made, "DSP_SAT_20260305_final.xlsx", b"PK\x03\x04xxxx"), "an XLSX workbook was expected", "no workbook")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (os.fsdecode(b"DSP_SAT_202603\xff01_final.csv"), r"DSP_SAT_202603\xff01_final.csv"),
        ("DSP_SATURDAY.csv\n", r"DSP_SATURDAY.csv\n"),
        ("DSP_SAT_\u202e20260301.csv", r"DSP_SAT_\u202e20260301.csv"),
        ("caf\u00e9 1.csv", "caf\u00e9 1.csv"),
    ],
    ids=["bytes", "line_end", "direction", "letters"],
)
def test_a_name_that_is_no_plain_text_is_entered_and_told_escaped(made: MadeStore, name: str, told: str) -> None:
    """A file system's name is bytes; the ledger's is text: one such name ended the intake of all files beside it."""
    for threads in (1, 2):
        bad, good = made.file(name, GOOD), made.file(f"DSP_SAT_2026030{threads}_final.csv", GOOD)
        first, second = made.take_in(bad, good, means=Means(threads=threads))
        assert (first.status, second.status) == ("refused", "accepted")
        assert first.file_name == first.delivery.file_name == told
        assert first.delivery.reason.startswith(f"{told}: no Shape fits this file name.")
    # Told twice, entered once.
    assert [one.file_name for one in made.ledger().deliveries()].count(told) == 1


def test_a_name_no_shape_fits(made: MadeStore) -> None:
    reason = refusal(made, "report.csv", GOOD)
    says(reason, "no Shape fits this file name", '"DSP_SAT_{day}_{submission}.*" (dsp_audit_trail)', "Add a Shape")
    # Trying again says the same again and does not fill the ledger.
    made.take_in(made.incoming / "report.csv")
    assert len(made.ledger().deliveries()) == 1


def test_a_file_that_changes_while_it_is_read(made: MadeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    file = made.file(NAME, GOOD)

    class Slow:
        """A digest during which the sender writes on."""

        def update(self, block: bytes) -> None:
            with file.open("a") as sender:
                sender.write(sat_row(3) + "\n")

        def hexdigest(self) -> str:
            return "00"

    monkeypatch.setattr(tocsin.deliveries.keeping.hashlib, "sha256", Slow)
    (receipt,) = made.take_in(file)
    says(
        receipt.delivery.reason,
        NAME,
        "changed while it was read",
        f"{len(GOOD)} bytes were expected",
        "was left where it is",
        "take it in again",
    )
    assert file.read_text().startswith(GOOD)
    assert list(made.store.raw.iterdir()) == []
    monkeypatch.undo()
    (receipt,) = made.take_in(file)
    assert receipt.status == "accepted"


def test_a_file_that_is_not_there(made: MadeStore) -> None:
    (receipt,) = made.take_in(made.incoming / NAME)
    says(receipt.delivery.reason, NAME, "cannot be read", "Check that it is there")


def test_a_refused_file_does_not_stop_the_next_and_may_come_again_mended(made: MadeStore) -> None:
    bad = made.file(NAME, GOOD.replace("class", "klass"))
    good = made.file("DSP_SAT_20260302_final.csv", GOOD)
    assert [receipt.status for receipt in made.take_in(bad, good)] == ["refused", "accepted"]
    # The same file under the same Shape is refused with the same words, without another entry.
    (again,) = made.take_in(bad)
    assert again.status == "refused" and "Refused for this before" in again.delivery.reason
    assert len(made.ledger().deliveries()) == 2
    # Under a mended Shape it is taken in.
    path = made.root / "shapes" / "dsp_audit_trail.toml"
    path.write_text(path.read_text().replace('"class"', '"klass"'))
    (mended,) = made.take_in(bad)
    assert mended.status == "accepted"


def test_a_file_that_may_not_be_read(made: MadeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's refusal is played: root, as whom a container may run the tests, may read every file."""
    file, opened = made.file(NAME, GOOD), Path.open

    def refused(path: Path, *how: Any, **more: Any) -> Any:
        if path == file:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *how, **more)

    monkeypatch.setattr(Path, "open", refused)
    (receipt,) = made.take_in(file)
    says(receipt.delivery.reason, "cannot be read")
