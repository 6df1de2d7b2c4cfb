"""Lists as Word counts them: each list is an instance of one of two kinds, so that each begins anew."""

from typing import Any

from .markup import element

_LEVELS = 9
_STEP = 397
_BULLETS = ("\u2022", "\u2013", "\u25aa")
_COUNTED = ("decimal", "lowerLetter", "lowerRoman")
_BULLETED, _NUMBERED = 1, 2


class Numbering:
    """The numbering part of a document. `root` is its element, to which each list adds an instance."""

    def __init__(self, root: Any) -> None:
        for child in list(root):
            root.remove(child)
        self._root = root
        self._instances = 0
        for kind in (_BULLETED, _NUMBERED):
            levels = [self._level(number, is_numbered=kind == _NUMBERED) for number in range(_LEVELS)]
            root.append(
                element(
                    "abstractNum",
                    element("multiLevelType", val="hybridMultilevel"),
                    *levels,
                    abstractNumId=kind,
                )
            )

    def begin(self, *, is_numbered: bool, level: int, start: int) -> int:
        """A new list at this level; returns the number by which its items name it."""
        self._instances += 1
        instance = element(
            "num",
            element("abstractNumId", val=_NUMBERED if is_numbered else _BULLETED),
            numId=self._instances,
        )
        if is_numbered:
            override = element("startOverride", val=start)
            instance.append(element("lvlOverride", override, ilvl=min(level, _LEVELS - 1)))
        self._root.append(instance)
        return self._instances

    @staticmethod
    def indent(level: int) -> int:
        return _STEP * (level + 1)

    def _level(self, number: int, *, is_numbered: bool) -> Any:
        shown = f"%{number + 1}." if is_numbered else _BULLETS[number % len(_BULLETS)]
        form = _COUNTED[number % len(_COUNTED)] if is_numbered else "bullet"
        return element(
            "lvl",
            element("start", val=1),
            element("numFmt", val=form),
            element("lvlText", val=shown),
            element("lvlJc", val="left"),
            element("pPr", element("ind", left=self.indent(number), hanging=_STEP)),
            ilvl=number,
        )
