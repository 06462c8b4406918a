"""What Footnote says: every text in the code that is looked up in the translations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import bot

_ROOT = Path(bot.__file__).parent
_PACKAGES = ("discord", "presenting")
# `words("…")`, `words.plural("…", "…", number)`, and `_("…")` for the names and descriptions of commands.
_SAY = {"words": 1, "_": 1, "plural": 2}


def spoken() -> dict[str, str | None]:
    """Return each text, and its plural where it has one. Raises AssertionError for one that is not written out."""
    found: dict[str, str | None] = {}
    for package in _PACKAGES:
        for path in sorted((_ROOT / package).rglob("*.py")):
            for call in _calls(path):
                one, *many = call
                found[one] = many[0] if many else found.get(one)
    return found


def _calls(path: Path) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _SAY:
            continue
        texts = node.args[: _SAY[name]]
        if path.name in ("words.py", "translations.py") or (name == "_" and not texts):
            continue
        assert all(isinstance(text, ast.Constant) for text in texts), f"{path}:{node.lineno} says a variable"
        yield tuple(str(text.value) for text in texts if isinstance(text, ast.Constant))
