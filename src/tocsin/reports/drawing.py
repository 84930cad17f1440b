"""A graph's specification drawn as SVG or PNG, each once however many formats want it."""

import json
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import vl_convert
from lxml import etree

from tocsin.reports.typefaces import FOLDER, width_em

# What only draws specifications that are ready (pdf_process.py) starts without what graphs are made of.
if TYPE_CHECKING:
    from tocsin.reports.blocks import Graph

# A pinned language version: a newer one could draw the same specification differently.
VEGA_LITE = "5.20"
# A report has about eighty graphs, and its PDF and its HTML want the same drawings one after the other.
_KEPT = 128
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_BOLD = frozenset({"bold", "600", "700"})


@cache
def _with_typeface() -> None:
    vl_convert.register_font_directory(str(FOLDER))


def svg_of(graph: "Graph") -> str:
    """The drawing as SVG text: no outside address, no script, sized by its view box, its ids its own, hidden from a screen reader.

    The words of `graph.alt` stand for it; the drawing library's own labels would be read out beside them.
    """
    return svg_of_spec(*spec_of(graph))


def spec_of(graph: "Graph") -> tuple[str, str]:
    """The specification as text and the name of the drawing: all that `svg_of_spec` asks for."""
    return json.dumps(graph.spec), graph.name


@lru_cache(maxsize=_KEPT)
def svg_of_spec(spec: str, name: str) -> str:
    """The same by the specification's text."""
    _with_typeface()
    return tidy_svg(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]), name)


def measured(svg: str) -> str:
    """The drawing with the width of each of its texts told, as it is in the report's own typeface.

    A page that is read where that typeface is not has another one, often wider: told its width, no text runs into the next or is cut.
    """
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for text in root.iter("{*}text"):
        weight, size = text.get("font-weight", "normal"), text.get("font-size", "").removesuffix("px")
        for part in text.iter("{*}text", "{*}tspan"):
            words = " ".join((part.text or "").split())
            if words and size:
                part.set("textLength", f"{width_em(words, is_bold=weight in _BOLD) * float(size):.2f}")
                part.set("lengthAdjust", "spacingAndGlyphs")
    return str(etree.tostring(root, encoding="unicode"))


def png_of(graph: "Graph") -> bytes:
    """The drawing as a PNG, twice as fine as a screen's."""
    _with_typeface()
    return bytes(vl_convert.vegalite_to_png(json.dumps(graph.spec), vl_version=VEGA_LITE, scale=2, allowed_base_urls=[]))


def tidy_svg(drawn: str, name: str) -> str:
    """An SVG that may stand inside a page beside others: see `svg_of`.

    The drawing library numbers ids on through all that a process draws; here they are of the drawing alone, so that the same graph gives
    the same bytes whatever was drawn before it.
    """
    ids: dict[str, str] = {}

    def own(drawn_id: str) -> str:
        return ids.setdefault(drawn_id, f"{name}-{drawn_id.rstrip('0123456789')}{len(ids)}")

    root = etree.fromstring(drawn.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or etree.QName(element).localname in {"script", "foreignObject", "a"}:
            element.getparent().remove(element)
            continue
        for key, value in list(element.attrib.items()):
            local = etree.QName(key).localname
            if local.startswith(("aria-", "on")) or local in {"role", "href", "pointer-events"}:
                del element.attrib[key]
            elif local == "id":
                element.set(key, own(value))
            elif "url(#" in value:
                element.set(key, _REFERENCE.sub(lambda found: f"url(#{own(found[1])})", value))
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return str(etree.tostring(root, encoding="unicode"))
