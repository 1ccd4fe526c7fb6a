"""An HTML page as a tree, with what every page of the product must keep to."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SHAPES = {"path", "rect", "line", "circle", "polyline", "polygon", "ellipse", "use", "stop"}
QUIET = {"hidden", "submit", "button", "reset", "image"}


@dataclass
class Element:
    """A tag with its attributes, its texts and the elements inside."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Element | str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __iter__(self) -> Iterator[Element]:
        """The element and everything inside it, from the top."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [part for part in reversed(element.inside) if isinstance(part, Element)]

    def all(self, tag: str, **wanted: str) -> list[Element]:
        """The elements of this tag inside, whose attributes are as wanted; ``class_`` asks for one class."""
        css = wanted.pop("class_", None)
        return [
            found
            for found in self
            if found.tag == tag
            and all(found[name] == value for name, value in wanted.items())
            and (css is None or css in found["class"].split())
        ]

    def one(self, tag: str, **wanted: str) -> Element:
        """The only element of this kind."""
        found = self.all(tag, **wanted)
        assert len(found) == 1, f"{len(found)} <{tag}> with {wanted}"
        return found[0]

    @property
    def text(self) -> str:
        """The words inside, blanks evened out."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for part in self.inside:
            if isinstance(part, str):
                yield part
            elif part.tag not in {"script", "style"}:
                yield from part._texts()
                if part.tag not in {"span", "strong", "a", "em"}:
                    yield " "


@dataclass(frozen=True)
class Form:
    """A form as a browser would send it."""

    action: str
    method: str
    fields: dict[str, str]
    element: Element


class Page(HTMLParser):
    """A page that was opened."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = source
        self.root = Element("#page")
        self.open = [self.root]
        self.crooked: list[str] = []
        self.feed(source)
        self.close()
        self.crooked += [f"<{element.tag}> is never closed" for element in self.open[1:]]

    def updatepos(self, i: int, j: int) -> int:
        """Lines are not counted: nobody asks on which one something stands."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID | SHAPES:
            self.crooked.append(f"<{tag}/> does not close itself")

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.crooked.append(f"</{tag}> closes <{self.open[-1].tag}>")

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    @property
    def text(self) -> str:
        """All words of the page's body."""
        return self.root.one("body").text

    @property
    def heading(self) -> str:
        """The page's one heading."""
        return self.root.one("h1").text

    @property
    def messages(self) -> str:
        """What the page says about the last thing that was done."""
        return self.root.one("div", class_="messages").text

    def form(self, action: str, *, method: str | None = None) -> Form:
        """The form that is sent to this address; an empty one stands for the page itself."""
        found = [form for form in self.root.all("form") if form["action"] == action]
        if method is not None:
            found = [form for form in found if (form["method"] or "get") == method]
        there = [form["action"] for form in self.root.all("form")]
        assert len(found) == 1, f"{len(found)} forms to {action!r} among {there}"
        return Form(action, found[0]["method"] or "get", _fields(found[0]), found[0])


def _fields(form: Element) -> dict[str, str]:
    fields = {}
    for element in form:
        name = element["name"]
        if not name or "disabled" in element.attributes:
            continue
        if element.tag == "textarea":
            fields[name] = "".join(part for part in element.inside if isinstance(part, str))
        elif element.tag == "select":
            options = element.all("option")
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            fields[name] = chosen[0]["value"] if chosen else ""
        elif element.tag == "input" and element["type"] in {"checkbox", "radio"}:
            if "checked" in element.attributes:
                fields[name] = element["value"] or "on"
        elif element.tag == "input" and element["type"] != "submit":
            fields[name] = element["value"]
    return fields


def faults(page: Page) -> list[str]:
    """What is wrong with a page, in sentences; an empty list for a good one."""
    found = list(page.crooked)
    elements = list(page.root)
    tagged: dict[str, list[Element]] = defaultdict(list)
    for element in elements:
        tagged[element.tag].append(element)
    if not page.source.lstrip().lower().startswith("<!doctype html>"):
        found.append("there is no doctype")
    html = tagged["html"]
    if len(html) != 1 or html[0]["lang"] not in {"zh-CN", "en"}:
        found.append("the language is not said")
    if len(tagged["h1"]) != 1:
        found.append(f"there are {len(tagged['h1'])} h1")
    titles = [title for title in tagged["title"] if title.text.strip(" ·")]
    if not titles:
        found.append("there is no title")
    ids = Counter(element["id"] for element in elements if element["id"])
    found += [f"the id {name} stands {count} times" for name, count in ids.items() if count > 1]
    for element in elements:
        if element.attributes or element.tag in {"style", "script", "img"}:
            found += _faults_of(element, ids)
    found += [f"no label for {name}" for name in _unlabelled(tagged)]
    found += [
        f"the form to {form['action'] or 'the page itself'} has no token"
        for form in tagged["form"]
        if form["method"] == "post" and not _fields(form).get("csrf_token")
    ]
    if _UNFILLED.search(page.source):
        found.append("something was left unfilled")
    return found


_FAR = re.compile(r"\s*(javascript:|https?:|//)", re.IGNORECASE)
_UNFILLED = re.compile(r"%\((?!x\))\w+\)s|\{\{|\}\}|>None<|Undefined")
_LEADING = {"href", "src", "action"}
_NAMING = {"aria-describedby", "aria-labelledby", "for"}


def _faults_of(element: Element, ids: Counter[str]) -> Iterator[str]:
    for name in element.attributes:
        if name == "style" or name.startswith("on"):
            yield f"<{element.tag} {name}> is inline"
    if element.tag == "style" or (element.tag == "script" and not element["src"]):
        yield f"an inline <{element.tag}>"
    for name in _LEADING & element.attributes.keys():
        value = element[name]
        if not value.strip("# ") and name != "action":
            yield f"<{element.tag}> has an empty {name}"
        if _FAR.match(value):
            yield f"<{element.tag}> leads to {value}"
        if value.startswith("#") and value[1:] and value[1:] not in ids:
            yield f"<{element.tag}> leads to {value}, which is not on the page"
    for name in _NAMING & element.attributes.keys():
        for wanted in element[name].split():
            if wanted not in ids:
                yield f"<{element.tag} {name}> names {wanted}, which is not on the page"
    if element.tag == "img" and "alt" not in element.attributes:
        yield "an image without words"


def _unlabelled(tagged: Mapping[str, list[Element]]) -> Iterator[str]:
    labels = tagged["label"]
    named = {label["for"] for label in labels if label.text}
    wrapped = {id(inner) for label in labels if label.text for inner in label}
    for element in [*tagged["input"], *tagged["select"], *tagged["textarea"]]:
        if element["type"] in QUIET:
            continue
        if element["id"] in named or id(element) in wrapped or element["aria-label"]:
            continue
        if not element["aria-labelledby"]:
            yield element["name"] or element["id"] or element.tag
    for button in tagged["button"]:
        if not button.text and not button["aria-label"]:
            yield "a button"
    for link in tagged["a"]:
        if not link.text and not link["aria-label"]:
            yield f"the link to {link['href']}"
