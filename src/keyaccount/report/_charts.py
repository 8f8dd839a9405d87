"""Charts that others drew: let in as pictures, once seen to be nothing more."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from types import MappingProxyType
from xml.etree import ElementTree as ET

from keyaccount.exceptions import Problems


__all__ = ["NO_CHARTS", "pictures"]


NO_CHARTS: Mapping[str, str] = MappingProxyType({})

_SVG = "{http://www.w3.org/2000/svg}"
_ACTIVE = frozenset(
    {
        "a",
        "animate",
        "animateMotion",
        "animateTransform",
        "audio",
        "embed",
        "feImage",
        "foreignObject",
        "handler",
        "iframe",
        "image",
        "link",
        "object",
        "script",
        "set",
        "style",
        "video",
    }
)
_OUTWARD = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)|expression|@import", re.IGNORECASE)
_MOST_BYTES = 600_000


def pictures(charts: Mapping[str, str]) -> Mapping[str, str]:
    """Return every chart as the address of a picture that is within the page.

    A browser runs nothing in such a picture and fetches nothing for it; a chart with a
    script, a link or an address in it is refused all the same.

    Raises:
        InvalidValueError: a chart is no SVG, or more than a drawing.
    """
    problems = Problems()
    found: dict[str, str] = {}
    for name in sorted(charts):
        svg = charts[name]
        wrong = _wrong(svg)
        if wrong is not None:
            problems.add(f"charts[{name}]", "bad-syntax", wrong, _WANTED)
            continue
        told = base64.b64encode(svg.encode()).decode("ascii")
        found[name] = f"data:image/svg+xml;base64,{told}"
    problems.check("charts")
    return MappingProxyType(found)


_WANTED = "give an SVG of shapes and text, without scripts, links or addresses"


def _wrong(svg: object) -> str | None:
    """Say what of a chart does not belong into a picture; None where all is well."""
    if not isinstance(svg, str):
        return "no text"
    if len(svg) > _MOST_BYTES:
        return "too large"
    if "<!" in svg.replace("<!--", "") or "<?xml-" in svg:
        return "a document type or a style sheet"
    try:
        root = ET.fromstring(svg)  # noqa: S314 - no document type: no entity to expand
    except (ET.ParseError, ValueError) as error:
        return str(error)
    if root.tag not in {f"{_SVG}svg", "svg"}:
        return root.tag
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name in _ACTIVE:
            return name
        for key, value in element.attrib.items():
            attribute = key.rpartition("}")[2].casefold()
            outward = attribute in {"href", "src"} and not value.startswith("#")
            if attribute.startswith("on") or outward or _OUTWARD.search(value):
                return attribute
    return None
