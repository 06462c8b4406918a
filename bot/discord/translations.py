"""Translations: the names and descriptions of commands in people's own languages.

Discord chooses by each person's client (https://docs.discord.com/developers/interactions/application-commands#localization).
"""

from __future__ import annotations

from discord import Locale, app_commands
from discord.app_commands import TranslationContextTypes, locale_str

from bot.presenting.words import ENGLISH, words_in


class Translations(app_commands.Translator):
    """Translates what the commands are called; what has no translation stays English."""

    async def translate(self, string: locale_str, locale: Locale, _: TranslationContextTypes) -> str | None:
        """Return `string` in `locale`, or None where that is no other text."""
        words = words_in(str(locale))
        if words is ENGLISH:
            return None
        translated = words(string.message)
        return translated if translated != string.message else None
