"""Words: the text that Footnote says, in the language of whoever reads it.

The English text stands where it is said, and is what a translation is looked up by, as gettext does it
(https://www.gnu.org/software/gettext/manual/). The translations are the `.po` files in `locale/`.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")


class Words:
    """What Footnote says in one language; `words("…")` says it, with what stands in braces filled in."""

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._translations = translations

    def __call__(self, english: str, **values: object) -> str:
        """Return the text in this language."""
        said = self._translations.gettext(english)
        return said.format(**values) if values else said

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """Return the one text or the other, as the language has it for `number`, which stands in them by that name."""
        return self._translations.ngettext(one, many, number).format(number=number, **values)


ENGLISH = Words("en", gettext.NullTranslations())


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are translations into, such as "pt_BR"."""
    return tuple(sorted(file.stem for file in LOCALE.glob("*.po")))


def words_in(locale: str) -> Words:
    """Return the words in the language of a locale such as "pt-BR" or "es-419", those in English where there are none.

    Of a language that is written in two ways, one locale is never given for the other.
    """
    code = locale.replace("-", "_")
    known = languages()
    found = code if code in known else code.partition("_")[0]
    return _words(found) if found in known else ENGLISH


def language_name(code: str, words: Words) -> str:
    """Return what a language (ISO 639-1) is called in the language of these words."""
    from babel import Locale

    return Locale.parse(words.language).languages.get(code) or code


@cache
def _words(language: str) -> Words:
    """Return the words of a `.po` file, compiled in memory; kept, since it never changes while the program runs."""
    # Imported here because only those who read no English need it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (LOCALE / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Words(language, gettext.GNUTranslations(compiled))
