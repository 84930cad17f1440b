"""What is done to the bytes of a file on its way. Every damage is one that the product must refuse whole; other bytes must not matter."""

import gzip
import shutil
import zipfile
from pathlib import Path

_GZIP, _PARQUET, _ZIP = b"\x1f\x8b", b"PAR1", b"PK\x03\x04"
# A gzip file ends with the checksum and length of its content, a Parquet file with the length of its footer and its mark, a workbook
# with its table of contents: 22 bytes and more.
_GZIP_CHECKSUM_FROM, _PARQUET_END, _ZIP_END = 8, 8, 32


def damaged(body: Path, place: Path, damage: str) -> None:
    """Write a file to a new place: as it is (""), `cut`, `spoilt`, or as `other_bytes` with the same rows."""
    shutil.copyfile(body, place)
    if damage == "cut":
        _cut(place)
    elif damage == "spoilt":
        _spoil(place)
    elif damage == "other_bytes":
        _other_bytes(place)


def _begins(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(4)


def _cut(file: Path) -> None:
    """The transfer broke off. A plain text has no end to miss, so only one of which nothing came is known to be cut."""
    is_packed = _begins(file).startswith((_GZIP, _PARQUET, _ZIP))
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2 if is_packed else 0)


def _spoil(file: Path) -> None:
    begins, size = _begins(file), file.stat().st_size
    with file.open("r+b") as opened:
        if begins.startswith(_GZIP):
            opened.seek(size - _GZIP_CHECKSUM_FROM)
            checksum = opened.read(4)
            opened.seek(size - _GZIP_CHECKSUM_FROM)
            opened.write(bytes(byte ^ 0xFF for byte in checksum))
        elif begins in {_PARQUET, _ZIP}:
            end = min(size, _PARQUET_END if begins == _PARQUET else _ZIP_END)
            opened.seek(size - end)
            opened.write(bytes(end))
        else:
            # At an even place, so that two bytes are one NUL character in UTF-16 as well.
            opened.seek(size // 4 * 2)
            opened.write(bytes(2))


def _other_bytes(file: Path) -> None:
    begins = _begins(file)
    if begins == _PARQUET:
        _widen_parquet(file)
    elif begins == _ZIP:
        with zipfile.ZipFile(file, "a") as book:
            book.comment = b"sent again"
    else:
        with file.open("ab") as opened:
            if begins.startswith(_GZIP):
                # Several members are one file; an empty one adds nothing to it.
                opened.write(gzip.compress(b"", mtime=0))
            else:
                opened.write({b"\xff\xfe": b"\n\0", b"\xfe\xff": b"\0\n"}.get(begins[:2], b"\n"))


def _widen_parquet(file: Path) -> None:
    """Four bytes between the data and the footer, which names its places from the start of the file and so misses nothing."""
    with file.open("r+b") as opened:
        opened.seek(-_PARQUET_END, 2)
        length = int.from_bytes(opened.read(4), "little")
        opened.seek(-_PARQUET_END - length, 2)
        start = opened.tell()
        footer = opened.read()
        opened.seek(start)
        opened.write(bytes(4) + footer)
