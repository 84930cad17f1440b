"""From the bytes of a received file to whole lines of UTF-8 text, within stated limits; a file that cannot be read so is refused whole."""

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tocsin.engines.inflating import inflated
from tocsin.engines.line_ends import is_plain
from tocsin.vocabulary.errors import RefusedDelivery

GZIP = b"\x1f\x8b"
# Of this size the same memory is used over and over: blocks of 16 MB cost twice as much to read, cut and look at.
BLOCK = 4 << 20
# Without a line end for so long it is no text of lines; shorter lines that are too long are single refused rows.
LONGEST_REST = 32 << 20


@dataclass(frozen=True)
class Limits:
    """How much a file may unpack to, absolutely and against its size, and how long a line may be (in bytes)."""

    max_unpacked_bytes: int = 64 * 10**9
    # Real deliveries pack 4 to 60 times; deflate cannot pack more than 1,032 times.
    max_ratio: int = 400
    ratio_from_bytes: int = 256 << 20
    max_line_bytes: int = 256 << 10


def blocks(path: Path, limits: Limits) -> Iterator[bytes]:
    """The bytes of a file, unpacked where they are gzip (several members are one file); a block is good until the next is asked for.

    Raises RefusedDelivery.
    """
    size = path.stat().st_size
    with path.open("rb") as plain:
        is_packed = plain.read(2) == GZIP
        plain.seek(0)
        if not is_packed:
            while block := plain.read(BLOCK):
                yield block
            return
        unpacked = 0
        try:
            for block in inflated(path, BLOCK):
                if not unpacked and bytes(block[:2]) == GZIP:
                    raise RefusedDelivery("gzip within gzip: text was expected in the packed file. Ask the sender to pack it once.")
                unpacked += len(block)
                _within(unpacked, size, limits)
                yield block
        except EOFError as wrong:
            raise RefusedDelivery(
                f"the gzip is cut short: after {size} bytes received ({unpacked} unpacked) the end of the packed data was expected and"
                " not found. Ask the sender to send the file again, whole."
            ) from wrong
        except (gzip.BadGzipFile, zlib.error) as wrong:
            raise RefusedDelivery(
                f"the gzip is damaged: sound packed data was expected, found {wrong} after {unpacked} unpacked bytes."
                " Ask the sender to send the file again."
            ) from wrong


def _within(unpacked: int, size: int, limits: Limits) -> None:
    if unpacked > limits.max_unpacked_bytes:
        raise RefusedDelivery(
            f"{size} bytes unpack to more than the {limits.max_unpacked_bytes} allowed. If the file is honest, raise max_unpacked under"
            " [intake] in workspace.toml; otherwise ask the sender."
        )
    if unpacked > limits.ratio_from_bytes and unpacked > size * limits.max_ratio:
        raise RefusedDelivery(
            f"{size} bytes unpack to more than {limits.max_ratio} times as much ({unpacked} bytes so far): that is no delivery but a zip"
            " bomb. Ask the sender for the file unpacked, or packed in smaller pieces."
        )


def text_blocks(path: Path, encoding: str, limits: Limits) -> Iterator[bytes]:
    """The text of a file as UTF-8 in blocks of whole lines, each line ended by a line feed; no byte order mark.

    Lines may end in LF, CR LF or CR. Raises RefusedDelivery naming line and byte for text of another encoding.
    """
    rest, passed, is_first = b"", 0, True
    # Whether nothing in the rest needs another look.
    was_plain = True

    def line() -> int:
        """The first line of the block at hand, counted only when something is wrong: the file is read once more for it."""
        return 1 + sum(block.count(b"\n") for block in islice(text_blocks(path, encoding, limits), passed))

    for coming in _decoded(blocks(path, limits), encoding):
        block = coming.removeprefix(codecs.BOM_UTF8) if is_first else coming
        is_first = False
        plain = is_plain(block)
        if (not plain and b"\r" in block) or rest.endswith(b"\r"):
            joined = rest + block
            plain = False
            # A CR at the very end may be half of a CR LF: it waits for the next block.
            held = b"\r" if joined.endswith(b"\r") else b""
            block, rest = joined.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n") + held, b""
        cut = block.rfind(b"\n") + 1
        # Copied once and not twice: new memory for another copy costs as much as to unpack half the block.
        whole = b"".join((rest, memoryview(block)[:cut])) if cut else b""
        rest = block[cut:] if cut else rest + block
        if len(rest) > LONGEST_REST:
            raise RefusedDelivery(
                f"line {line() + whole.count(10)}: no line end within {len(rest)} characters; lines of at most {limits.max_line_bytes} were"
                " expected. This is not delimited text as the Shape says; ask the sender."
            )
        if whole:
            if not (plain and was_plain):
                _checked(whole, line, encoding)
            yield whole
            passed += 1
        was_plain = plain and (was_plain or bool(cut))
    if rest := bytes(rest).replace(b"\r", b"\n"):
        rest = rest if rest.endswith(b"\n") else rest + b"\n"
        _checked(rest, line, encoding)
        yield rest


def _decoded(source: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    if codecs.lookup(encoding).name == "utf-8":
        yield from source
        return
    decoder, passed = codecs.getincrementaldecoder(encoding)("strict"), 0
    try:
        for block in source:
            yield decoder.decode(block).encode()
            passed += len(block)
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as wrong:
        raise RefusedDelivery(
            f"after byte {passed}: text in {encoding} was expected, found something else ({wrong})."
            " Say the encoding the sender writes in the Shape, or ask the sender."
        ) from wrong


def _checked(text: bytes, line: Callable[[], int], encoding: str) -> None:
    """Text that is not what the Shape says is refused whole: wrongly read names and codes would look like real ones."""
    if text.isascii():
        wrong = text.find(b"\0")
        found = "a NUL byte"
    else:
        try:
            text.decode()
            wrong, found = text.find(b"\0"), "a NUL byte"
        except UnicodeDecodeError as reason:
            wrong, found = reason.start, f"byte 0x{text[reason.start]:02X}"
    if wrong >= 0:
        raise RefusedDelivery(
            f"line {line() + text.count(10, 0, wrong)}: text in {encoding} was expected, found {found}. If the sender writes another"
            ' encoding, say so in the Shape, such as encoding = "cp1252" or "utf-16"; otherwise ask for the file again.'
        )
