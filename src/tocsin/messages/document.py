"""XML read safely: no DTD, no entities, nothing fetched, no huge trees (duis.md 0.10); and elements named apart from their prefixes."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from lxml import etree

from tocsin.messages.finding import Finding, MalformedMessage, shown

LARGEST_MESSAGE = 8 * 1024 * 1024  # bytes; the greatest DUIS field, 50,000 device ids, is 1.2 MB

# Prefixes differ between senders and some adapters wrap messages in a namespace of their own, so the map is a setting (duis.md section 1).
NAMESPACES: Mapping[str, str] = MappingProxyType(
    {"http://www.dccinterface.co.uk/ServiceUserGateway": "sr", "http://www.dccinterface.co.uk/ResponseAndAlert": "ra"}
)

_XINCLUDE = "{http://www.w3.org/2001/XInclude}*"
_PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ENTITY = re.compile(r"<!ENTITY\s+(?:%\s+)?(\S+)\s+(SYSTEM|PUBLIC)?")
_EXTERNAL = re.compile(r"<!DOCTYPE\s+\S+\s+(SYSTEM|PUBLIC)")
_ERRORS = etree.ErrorTypes
_ENCODING_ERRORS = {_ERRORS.ERR_INVALID_ENCODING, _ERRORS.ERR_UNSUPPORTED_ENCODING, _ERRORS.ERR_UNKNOWN_ENCODING, _ERRORS.ERR_INVALID_CHAR}
_ENTITY_ERRORS = {_ERRORS.ERR_UNDECLARED_ENTITY, _ERRORS.WAR_UNDECLARED_ENTITY, _ERRORS.ERR_ENTITY_LOOP}
_ASK = "Ask the sender for the message as it was sent."


class Part:
    """One element. Its children are asked for by prefixed name, such as "sr:Header", whatever prefix the sender used."""

    __slots__ = ("_element", "_namespaces")

    def __init__(self, element: etree._Element, namespaces: Mapping[str, str]) -> None:
        self._element = element
        self._namespaces = namespaces

    @property
    def local_name(self) -> str:
        return str(self._element.tag).rpartition("}")[2]

    @property
    def name(self) -> str:
        """Prefixed by the role of its namespace; an unknown namespace is written out in braces."""
        space, _, local = str(self._element.tag).rpartition("}")
        role = self._namespaces.get(space[1:])
        return f"{role}:{local}" if role else str(self._element.tag)

    @property
    def text(self) -> str:
        """Its own text without surrounding blanks."""
        return (self._element.text or "").strip()

    @property
    def line(self) -> int:
        return self._element.sourceline or 0

    def attribute(self, name: str) -> str | None:
        value = self._element.get(name)
        return None if value is None else str(value)

    def __iter__(self) -> Iterator["Part"]:
        for element in self._element:
            yield Part(element, self._namespaces)

    def child(self, name: str) -> "Part | None":
        """The first child of this name, or None."""
        return next((part for part in self if part.name == name), None)

    def texts(self) -> dict[str, str]:
        """Texts of all elements below, by local name, the first of each name; empty ones left out."""
        found: dict[str, str] = {}
        for element in self._element.iterdescendants():
            text = (element.text or "").strip()
            if text:
                found.setdefault(str(element.tag).rpartition("}")[2], text)
        return found

    def below(self, local_name: str) -> str | None:
        """The text of the first element of this local name anywhere below, or None."""
        found = next(self._element.iterdescendants(f"{{*}}{local_name}"), None)
        return None if found is None else (found.text or "").strip()

    def attributes_below(self, local_name: str, attribute: str) -> list[str]:
        """This attribute of all elements of a local name anywhere below; those without it are left out."""
        found = (element.get(attribute) for element in self._element.iterdescendants(f"{{*}}{local_name}"))
        return [str(value) for value in found if value is not None]


def read_document(xml: bytes, namespaces: Mapping[str, str] = NAMESPACES, limit: int = LARGEST_MESSAGE) -> Part:
    """The root of an XML document. Raises MalformedMessage: DM-01 to DM-05."""
    if len(xml) > limit:
        raise too_large(len(xml), limit)
    if not xml.strip(b" \t\r\n\xef\xbb\xbf\x00"):
        raise MalformedMessage(Finding("DM-04", "the file is empty", "file", "one message", f"{len(xml)} bytes and no text", _ASK))
    _refuse_doctype(xml)
    try:
        root = etree.fromstring(xml, safe_parser())
    except etree.XMLSyntaxError as reason:
        raise _broken(reason) from reason
    # The prolog above is read as ASCII or UTF-16; in any other encoding a DTD shows only here. Nothing of it was expanded or fetched.
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("a document type (DTD)")
    if next(root.iter(_XINCLUDE), None) is not None:
        raise _refused("an external reference (XInclude)")
    return Part(root, namespaces)


def too_large(size: int, limit: int) -> MalformedMessage:
    """The complaint about a file beyond the limit, which need not have been read for it."""
    to_do = "Check that it holds one message only."
    return MalformedMessage(Finding("DM-03", "the file is too large", "file", f"at most {limit} bytes", f"{size} bytes", to_do))


def safe_parser() -> etree.XMLParser:
    """A parser that expands, fetches and repairs nothing."""
    return etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, attribute_defaults=False, no_network=True, huge_tree=False,
        recover=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _refuse_doctype(xml: bytes) -> None:
    """Refuses a document type before a parser sees it, and names what is in it."""
    wide = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}.get(xml[:2])
    # Markup is ASCII in every other encoding that senders use, so Latin-1, which never fails, finds it.
    text = xml.decode(wide, "replace") if wide else xml.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    start = _PROLOG.match(text.removeprefix("\ufeff"))
    rest = text.removeprefix("\ufeff")[start.end() if start else 0 :]
    if not rest[:9].upper().startswith("<!DOCTYPE"):
        return
    if external := _EXTERNAL.match(rest):
        raise _refused(f"a document type with an external subset ({external[1]})")
    if entity := _ENTITY.search(rest):
        raise _refused(f'{"an external entity" if entity[2] else "an entity"} ("{entity[1][:40]}") in a document type (DTD)')
    raise _refused("a document type (DTD)")


def _refused(construct: str) -> MalformedMessage:
    to_do = "Do not open it with other tools either: such constructs are used for attacks. Ask the sender."
    return MalformedMessage(
        Finding("DM-02", "the file is refused unread", "before the root element", "no DTD, entity or external reference", construct, to_do)
    )


def _broken(reason: etree.XMLSyntaxError) -> MalformedMessage:
    line, column = reason.position
    code, where = reason.code, f"line {line}, column {column}"
    found = shown(reason.msg or "no element", 200)
    if code in _ENCODING_ERRORS:
        return MalformedMessage(
            Finding("DM-05", "the text is not in the encoding declared", where, "bytes of the declared encoding", found, _ASK)
        )
    if code in _ENTITY_ERRORS:
        return MalformedMessage(Finding("DM-02", "the file is refused", where, "no entity of its own", found, _ASK))
    return MalformedMessage(Finding("DM-01", "the file is not well-formed XML", where, "well-formed XML", found, _ASK))
