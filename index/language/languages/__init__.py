"""The languages, one module each with its `LANGUAGE`: to add a language is to add its module here."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from index.language.language import Language, together

UNKNOWN = "und"

# Words of these stand in texts of every language: the one is quoted everywhere, the other cannot be mistaken.
_EVERYWHERE = ("en", "zh")


@cache
def known() -> Mapping[str, Language]:
    """Return every language that there is a module for, by its code."""
    modules = (import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {module.LANGUAGE.code: module.LANGUAGE for module in modules}


@cache
def of(code: str | None) -> Language:
    """Return the tables by which a text in this language (ISO 639-1) is read, with those of English and Chinese.

    A text in an unknown language, or in one that has no module, is read by these two alone.
    """
    if code is None or code not in known():
        return of(_EVERYWHERE[0])
    return together([known()[each] for each in dict.fromkeys((code, *_EVERYWHERE))])
