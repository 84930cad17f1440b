"""Blocks of text are the same, and refused for the same, whether or not one look said that they are plain."""

import gzip
import random
from pathlib import Path

import pytest

pytest.importorskip("numba", reason="the extra `volume` is not installed")

import tocsin.deliveries.unpacking
import tocsin.engines.line_ends
from tocsin.deliveries.unpacking import Limits, text_blocks
from tocsin.engines.compiled.kernels import lines
from tocsin.vocabulary.errors import RefusedDelivery

assert lines.is_plain, "loaded, so that blocks are looked at by it"


def told(path: Path) -> list[bytes] | str:
    try:
        # Each as it is then: the memory that is unpacked into is used again.
        return [bytes(block) for block in text_blocks(path, "utf-8", Limits())]
    except RefusedDelivery as wrong:
        return str(wrong)


@pytest.mark.parametrize("is_packed", [False, True])
def test_plain_blocks_need_no_other_look(is_packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tocsin.deliveries.unpacking, "BLOCK", 100)
    monkeypatch.setattr(tocsin.engines.line_ends, "_LARGE", 0)
    drawn = random.Random(12)
    path = tmp_path / "text"
    refused = 0
    for _ in range(400):
        strange = drawn.choices([b"\r", b"\r\n", b"\0", "\u00e9".encode(), b"\xff", b'"', b"\n\n"], k=drawn.randrange(3))
        pieces = [*strange, *(b"x" * drawn.randrange(90) + b"\n" * drawn.randrange(2) for _ in range(drawn.randrange(1, 12)))]
        drawn.shuffle(pieces)
        content = b"".join(pieces)
        path.write_bytes(gzip.compress(content) if is_packed else content)
        found = told(path)
        with monkeypatch.context() as looked_at_twice:
            looked_at_twice.setattr(tocsin.deliveries.unpacking, "is_plain", lambda block: False)
            assert found == told(path)
        refused += isinstance(found, str)
        if isinstance(found, list):
            text = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            assert b"".join(found) == text + (b"\n" if text and not text.endswith(b"\n") else b"")
    assert 50 < refused < 350
