"""How much room words take. Estimated from letter classes: close enough to place labels without a browser."""

NARROW = frozenset("iljtfrI.,:;'|!()[]-’‘ /")
WIDE = frozenset("mwMW%@—")


def text_width(text: str, size: float = 14) -> float:
    """The width of the text in user units at the font size, a little on the safe side."""
    width = 0.0
    for letter in text:
        if letter in NARROW:
            width += 0.34
        elif letter in WIDE:
            width += 0.9
        elif letter.isupper():
            width += 0.69
        else:
            width += 0.57
    return width * size


def shortened(text: str, room: float, size: float = 14) -> str:
    """The text, or as much of it as the room takes with an ellipsis."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, room: float, size: float = 14, most: int = 3) -> list[str]:
    """The text in at most `most` lines that fit the room; what is left over becomes an ellipsis."""
    lines: list[str] = []
    words = text.split()
    line = ""
    for position, word in enumerate(words):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        if len(lines) == most:
            break
        if len(lines) == most - 1:
            line = shortened(" ".join(words[position:]), room, size)
            break
        line = shortened(word, room, size)
    if line and len(lines) < most:
        lines.append(line)
    return lines or [""]
