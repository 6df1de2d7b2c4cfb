"""Elements of WordprocessingML, made in one line each."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

# Word's own limit of a bookmark's name.
_LONGEST_NAME = 40


def element(tag: str, *children: Any, **attributes: Any) -> Any:
    """`w:tag` with its attributes in the same namespace and its children; None among them are left out."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name.rstrip('_')}"), str(value))
    made.extend(child for child in children if child is not None)
    return made


def text_run(text: str, *properties: Any) -> Any:
    """A run of text; a tab or a line break in it is one in Word."""
    run = element("r", element("rPr", *properties) if properties else None)
    for piece in re.split("([\t\n])", text):
        if piece == "\t":
            run.append(element("tab"))
        elif piece == "\n":
            run.append(element("br"))
        elif piece:
            words = element("t")
            words.text = piece
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(words)
    return run


def character_style(name: str) -> Any:
    return element("rStyle", val=name)


def field(instruction: str, shown: str = "", *properties: Any) -> Iterator[Any]:
    """A field that Word works out, with the text that stands there until it does."""
    yield element("r", element("fldChar", fldCharType="begin"))
    yield _instruction(instruction)
    yield element("r", element("fldChar", fldCharType="separate"))
    yield text_run(shown, *properties)
    yield element("r", element("fldChar", fldCharType="end"))


def open_field(instruction: str) -> list[Any]:
    """The beginning of a field whose text runs over several paragraphs; Word works it out when the file is opened."""
    return [
        element("r", element("fldChar", fldCharType="begin", dirty="true")),
        _instruction(instruction),
        element("r", element("fldChar", fldCharType="separate")),
    ]


def close_field() -> Any:
    return element("r", element("fldChar", fldCharType="end"))


def _instruction(words: str) -> Any:
    instruction = element("instrText")
    instruction.text = f" {words} "
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("r", instruction)


def bookmark_name(anchor: str) -> str:
    """The name of an HTML id in Word: letters, digits and underscores, at most forty."""
    name = re.sub(r"\W", "_", anchor, flags=re.ASCII)
    if not re.match("[A-Za-z_]", name):
        name = f"a_{name}"
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 9]}_{sha256(anchor.encode()).hexdigest()[:8]}"
