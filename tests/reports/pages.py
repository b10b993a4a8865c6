"""What tests ask of every HTML page and mail."""

import html5lib

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
GROUND = {"background-color": "#FFFFFF", "color": "#000000"}


def parse(html):
    """Parse as browsers do, and fail where they would have to guess."""
    return html5lib.HTMLParser(strict=True).parse(html)


def local(element):
    return element.tag.removeprefix(NAMESPACE) if isinstance(element.tag, str) else ""


def contrast(one, other):
    """The ratio of WCAG 2 for two six-digit colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def texts(element, style=GROUND):
    """Yield each text with the colours that its style attributes give it."""
    if local(element) in ("head", "style", "title", ""):
        return
    own = {
        name.strip(): value.strip()
        for name, _, value in (
            part.partition(":") for part in element.get("style", "").split(";") if ":" in part
        )
    }
    if own.get("display") == "none":
        return
    style = {**style, **{name: own[name] for name in GROUND if name in own}}
    if element.text and element.text.strip():
        yield element.text.strip(), style
    for child in element:
        yield from texts(child, style)
        if child.tail and child.tail.strip():
            yield child.tail.strip(), style
