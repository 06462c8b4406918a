"""Identifiers: what a button's custom id says, so that a press can be answered after any number of restarts."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

_FORM = re.compile(r"footnote:([a-z]{1,12}):([\w-]{1,24}):([\w-]{0,24})")


@dataclass(frozen=True, slots=True)
class Press:
    """What was pressed: the action, the id of the stored answer or search, and a detail such as a citation's number."""

    action: str
    subject: str
    detail: str = ""

    def __str__(self) -> str:
        return f"footnote:{self.action}:{self.subject}:{self.detail}"

    @classmethod
    def read(cls, custom_id: str) -> Press | None:
        """Return what `custom_id` says, or None when it is not one of ours."""
        found = _FORM.fullmatch(custom_id)
        return cls(found[1], found[2], found[3]) if found else None


def new_id() -> str:
    """Return a new id for a stored answer or search, or for the reference of an error."""
    return secrets.token_hex(6)
