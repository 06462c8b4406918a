"""Redaction: what is written down without the secrets in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOKENS = (
    re.compile(r"(?<=/webhooks/)(\d+)/[\w.-]+"),
    re.compile(r"(?<=/interactions/)(\d+)/[\w.-]+"),
    re.compile(r"()\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"),
    re.compile(r"()\bBot [\w.-]{20,}"),
)


class Redaction:
    """Takes out `secrets`, and whatever looks like the token of a Discord bot or of an interaction.

    discord.py itself logs addresses that hold such a token when it is rate limited.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)

    def __call__(self, text: str) -> str:
        """Return the text with "[redacted]" in the place of each secret."""
        for secret in self._secrets:
            text = text.replace(secret, "[redacted]")
        for token in _TOKENS:
            text = token.sub(r"\1[redacted]", text)
        return text
