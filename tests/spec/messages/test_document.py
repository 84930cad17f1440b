"""XML that attacks, breaks or deceives: each gives a finding that names what and where; nothing is expanded or fetched."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.spec.messages.drawn_messages import DEVICE, GATEWAY, REQUEST_ID, answer, device_alert, grouping, request, response

from tocsin.messages.document import NAMESPACES, safe_parser
from tocsin.messages.duis import read_message
from tocsin.messages.finding import CHECKS, MalformedMessage

GOOD = request("<ReadInventory/>").decode()
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def refused(xml: bytes | str, **settings: int) -> tuple[str, str, str]:
    with pytest.raises(MalformedMessage) as caught:
        read_message(xml.encode() if isinstance(xml, str) else xml, **settings)
    finding = caught.value.finding
    assert finding.check_id in CHECKS and finding.expected and finding.to_do
    return finding.check_id, finding.where, finding.found


@pytest.mark.parametrize(
    ("prolog", "construct"),
    [
        ('<!DOCTYPE Request [<!ENTITY x SYSTEM "file:///etc/hostname">]>', 'an external entity ("x") in a document type (DTD)'),
        ('<!DOCTYPE Request [<!ENTITY % x PUBLIC "-" "http://127.0.0.1:9/x">]>', 'an external entity ("x") in a document type (DTD)'),
        ('<!DOCTYPE Request SYSTEM "http://127.0.0.1:9/x.dtd">', "a document type with an external subset (SYSTEM)"),
        ('<!DOCTYPE Request [<!ENTITY x "harmless">]>', 'an entity ("x") in a document type (DTD)'),
        (f'<!DOCTYPE Request [<!ENTITY l0 "ha">{LAUGHS}]>', 'an entity ("l0") in a document type (DTD)'),
        ("<!DOCTYPE Request>", "a document type (DTD)"),
        ('<?xml version="1.0"?>\n<!-- a --><?b c?>\n<!DOCTYPE Request [<!ATTLIST Request a CDATA "5.4">]>', "a document type (DTD)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_document_types_are_refused_by_name(prolog: str, construct: str, encoding: str) -> None:
    assert refused((prolog + GOOD).encode(encoding)) == ("DM-02", "before the root element", construct)


def test_an_external_entity_never_brings_a_file_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("4712")
    xml = f'<!DOCTYPE Request [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + GOOD.replace("4711", "&x;")
    assert refused(xml)[0] == "DM-02"


def test_a_document_type_in_an_encoding_that_hides_it_is_refused_too() -> None:
    xml = '<?xml version="1.0" encoding="UTF-32"?><!DOCTYPE Request [<!ENTITY x "y">]>' + GOOD.replace("4711", "&x;")
    assert refused(xml.encode("utf-32"))[0] == "DM-02"


@pytest.mark.parametrize("entity", ['"4712"', 'SYSTEM "{}"'])
def test_the_parser_itself_expands_nothing(tmp_path: Path, entity: str) -> None:
    """The last line of defence, were the two refusals before it passed by."""
    secret = tmp_path / "secret.xml"
    secret.write_text("<b>4712</b>")
    xml = f"<!DOCTYPE a [<!ENTITY x {entity.format(secret.as_uri())}>]><a>&x;</a>"
    root = etree.fromstring(xml.encode(), safe_parser())
    # The reference stands as it was written, as a node of its own.
    assert root.text is None and [str(child) for child in root] == ["&x;"]


def test_a_document_type_that_is_only_talked_about_is_no_attack() -> None:
    assert read_message(f"<!-- <!DOCTYPE a> -->{GOOD}".encode()).request_id_text == REQUEST_ID


def test_entities_and_inclusions_without_a_document_type() -> None:
    assert refused(GOOD.replace("4711", "&x;"))[0] == "DM-02"
    include = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/hostname"/>'
    assert refused(request(include))[::2] == ("DM-02", "an external reference (XInclude)")


@pytest.mark.parametrize(
    ("xml", "check_id", "where"),
    [
        (b"", "DM-04", "file"),
        (b"\xef\xbb\xbf \n", "DM-04", "file"),
        (b"not XML", "DM-01", "line 1, column 1"),
        (b"<Request>\n  <Header>\n</Request>", "DM-01", "line 3, column 11"),
        (GOOD[:-5].encode(), "DM-01", f"line 1, column {len(GOOD) - 4}"),
        ((GOOD + GOOD).encode(), "DM-01", f"line 1, column {len(GOOD) + 1}"),
        (("<a>" * 400 + "</a>" * 400).encode(), "DM-01", "line 1, column 771"),
        (b"<a>\xff</a>", "DM-05", "line 1, column 4"),
        (b'<?xml version="1.0" encoding="utf-8"?><a>caf\xe9</a>', "DM-05", "line 1, column 45"),
        (b'<?xml version="1.0" encoding="x-none"?><a/>', "DM-05", "line 1, column 38"),
        (b"<a>\0</a>", "DM-05", "line 1, column 4"),
        (b"<html/>", "DM-06", "root element, line 1"),
        (b"\n<Request xmlns='urn:other'/>", "DM-06", "root element, line 2"),
        (f"<Header xmlns='{GATEWAY}'/>".encode(), "DM-06", "root element, line 1"),
    ],
)  # fmt: skip
def test_broken_files_say_what_and_where(xml: bytes, check_id: str, where: str) -> None:
    assert refused(xml)[:2] == (check_id, where)


def test_a_file_may_be_as_large_as_the_limit_and_no_larger() -> None:
    xml = GOOD.encode()
    assert read_message(xml, limit=len(xml)).request_id_text == REQUEST_ID
    assert refused(xml, limit=len(xml) - 1) == ("DM-03", "file", f"{len(xml)} bytes")


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_a_declared_encoding_is_obeyed(encoding: str) -> None:
    assert read_message(f'<?xml version="1.0" encoding="{encoding}"?>{GOOD}'.encode(encoding)).request_id_text == REQUEST_ID


def test_a_namespace_of_a_sender_s_own_is_a_setting() -> None:
    own = GOOD.replace(GATEWAY, "urn:adapter:duis").encode()
    assert refused(own)[0] == "DM-06"
    assert read_message(own, {**NAMESPACES, "urn:adapter:duis": "sr"}).srv == "4.1.1"


MESSAGES = [
    request(f"<UpdateFirmware><DeviceIDList>{DEVICE}</DeviceIDList></UpdateFirmware>", variant=8, srv="11.1"),
    response(answer(f"<d:GBCSPayload>{'A' * 40}</d:GBCSPayload>")),
    response(device_alert("8F66", grouping(3, 0xCC, b"\x0f")), request_id=None, response_id=REQUEST_ID),
]


@given(st.sampled_from(MESSAGES), st.data())
def test_with_any_bytes_changed_nothing_but_malformed_message_is_raised(xml: bytes, data: st.DataObject) -> None:
    changed = bytearray(xml)
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_message(bytes(changed))
    except MalformedMessage as reason:
        assert reason.finding.check_id in CHECKS
