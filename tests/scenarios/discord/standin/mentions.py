"""Whom a message mentions and whom it notifies: resources/message#allowed-mentions-object.

Mentions inside code are counted too, so a test that finds nobody pinged has found nobody at all.
"""

from __future__ import annotations

import re

from tests.scenarios.discord.standin.errors import Json
from tests.scenarios.discord.standin.records import Pings

USERS, ROLES, EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")


def named(content: str) -> Pings:
    """Everybody whom a text names."""
    return Pings(
        frozenset(map(int, USERS.findall(content))),
        frozenset(map(int, ROLES.findall(content))),
        bool(EVERYONE.search(content)),
    )


def notified(content: str, allowed: Json | None, *, replied_to: int | None, webhook: bool) -> Pings:
    """Whom a text notifies under `allowed_mentions`.

    Without the object a bot's message parses everything and notifies the author replied to; an interaction's response
    parses users only.
    """
    everybody = named(content)
    if allowed is None:
        if webhook:
            return Pings(users=everybody.users)
        return Pings(everybody.users | ({replied_to} if replied_to else set()), everybody.roles, everybody.everyone)
    parse = allowed.get("parse") or ()
    users = everybody.users if "users" in parse else everybody.users & set(map(int, allowed.get("users") or ()))
    roles = everybody.roles if "roles" in parse else everybody.roles & set(map(int, allowed.get("roles") or ()))
    if allowed.get("replied_user") and replied_to:
        users |= {replied_to}
    return Pings(users, roles, everybody.everyone and "everyone" in parse)
