"""Custom ids: what a component's id says, so that its use can be answered after any number of restarts."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

_WIRE_FORMAT = re.compile(r"footnote:([a-z]{1,12}):([\w-]{1,24}):([\w-]{0,24})")


@dataclass(frozen=True, slots=True)
class CustomId:
    """The id of a button, menu or modal: an action, the id of what it acts on, and a detail such as a number."""

    action: str
    subject: str
    detail: str = ""

    def __str__(self) -> str:
        return f"footnote:{self.action}:{self.subject}:{self.detail}"

    @classmethod
    def parse(cls, text: str) -> CustomId | None:
        """Return the id that `text` is, or None when it is not one of ours."""
        found = _WIRE_FORMAT.fullmatch(text)
        return cls(found[1], found[2], found[3]) if found else None


def new_id() -> str:
    """Return a new id for a stored answer or search, or for the reference of an error."""
    return secrets.token_hex(6)
