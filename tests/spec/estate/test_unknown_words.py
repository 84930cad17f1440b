"""Unknown codes are counted as they stand in the files that come: by sender, a copied row twice, a lost row not at all."""

import numpy as np

from tocsin.estate.block import Block
from tocsin.estate.faults.kinds import ROW_FAULTS
from tocsin.estate.senders.rhythm import TRAIL_SENDERS
from tocsin.estate.truth.unknown_words import UnknownWords
from tocsin.estate.words import UNKNOWN_CODE, UNKNOWN_REGION_WORD, UNKNOWN_SRV, WORDS, number

COPIED = ROW_FAULTS.index("copied")


def rows(*drawn: tuple[str, str, str, int, int]) -> Block:
    """Rows of (srv, response code, region, fault, sender)."""
    columns = [np.array(column) for column in zip(*drawn, strict=True)]
    coded = [
        np.array([number(name, str(word)) for word in words])
        for name, words in zip(("srv", "response_code", "region"), columns[:3], strict=True)
    ]
    names = ("srv", "response_code", "region", "fault", "sender")
    return Block(dict(zip(names, [*coded, columns[3].astype(np.int8), columns[4].astype(np.int8)], strict=True)))


def test_each_sender_and_column_is_counted_apart() -> None:
    words = UnknownWords()
    drawn = rows(
        (UNKNOWN_SRV, "I0", "north", 0, 0),
        (UNKNOWN_SRV, UNKNOWN_CODE, "north", COPIED, 0),
        (UNKNOWN_SRV, "", "", 0, 3),
        ("4.1.1", "8F66", UNKNOWN_REGION_WORD, 0, 3),
        ("", "", "", 0, 3),
        (UNKNOWN_SRV, UNKNOWN_CODE, UNKNOWN_REGION_WORD, 0, 1),
    )
    delivered = np.array([True] * 5 + [False])
    words.add(drawn, delivered)
    words.add(drawn.take(np.array([0])), np.array([True]))
    found = [(fault.kind, fault.sender, fault.count, fault.named_as, fault.file) for fault in words.planted()]
    dsp, third = TRAIL_SENDERS[0], TRAIL_SENDERS[3]
    assert sorted(found) == sorted(
        [
            ("unknown_code", dsp, 2, "check:AT-UNKNOWN:response_code", ""),
            ("unknown_region", third, 1, "check:AT-UNKNOWN:region", ""),
            ("unknown_srv", dsp, 4, "check:AT-UNKNOWN:srv", ""),
            ("unknown_srv", third, 1, "check:AT-UNKNOWN:srv", ""),
        ]
    )


def test_only_the_words_meant_to_be_unknown_are() -> None:
    words = UnknownWords()
    strange = {column: [WORDS[column][n] for n in np.flatnonzero(is_unknown)] for column, is_unknown in words.is_unknown.items()}
    assert strange == {"srv": [UNKNOWN_SRV], "response_code": [UNKNOWN_CODE], "region": [UNKNOWN_REGION_WORD]}
