"""Access: who may see a document, and who is looking. One predicate, `Viewer.sees`, decides for all of Footnote.

It fails closed: a viewer of whom nothing is known sees what is public, and nothing else.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

# Ids of Discord.
Ids = frozenset[int]
# The accesses, as text, of what somebody may not see.
Hidden = frozenset[str]
NOTHING_HIDDEN: Hidden = frozenset()
_NONE: Ids = frozenset()


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What must hold of a viewer: of every kind of id that is named, the viewer must have one.

    `servers` and `channels` are where the question is asked; a thread counts as the channel that it hangs in too.
    `roles` are those of the viewer. `readers_of` are channels that the viewer can read, wherever the question is asked.
    """

    servers: Ids = _NONE
    roles: Ids = _NONE
    channels: Ids = _NONE
    readers_of: Ids = _NONE

    def admits(self, viewer: Viewer) -> bool:
        """Return whether the rule holds of a viewer."""
        pairs = (
            (self.servers, viewer.servers),
            (self.roles, viewer.roles),
            (self.channels, viewer.channels),
            (self.readers_of, viewer.readable),
        )
        return all(not named or named & held for named, held in pairs)


# All rules of a document, each of which must hold.
Access = tuple[AccessRule, ...]
PUBLIC: Access = ()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking, and where: for one person, or, where an answer is posted for all, for everybody in a channel.

    Args:
        servers: The server in which it is asked; none in a private message.
        channels: The channel in which it is asked, and the one that it hangs in where it is a thread.
        roles: The roles of the person; of everybody in a channel, the role that everybody has.
        readable: The channels that the person, or everybody there, can read.
        owns: Whether the viewer is the operator at the machine, who owns the documents and sees them all.

    """

    servers: Ids = _NONE
    channels: Ids = _NONE
    roles: Ids = _NONE
    readable: Ids = _NONE
    owns: bool = False

    def sees(self, access: Access) -> bool:
        """Return whether the viewer may see what has this access."""
        return self.owns or all(rule.admits(self) for rule in access)


# Somebody of whom nothing is known.
NOBODY = Viewer()
# Whoever runs Footnote's command has the documents on the same disk.
OPERATOR = Viewer(owns=True)


def to_text(access: Access) -> str:
    """Return an access as text, the same for the same rules in whatever order."""
    forms = [{kind: sorted(ids) for kind, ids in asdict(rule).items() if ids} for rule in access]
    return json.dumps(sorted(forms, key=json.dumps))


def from_text(text: str) -> Access:
    """Return the access that `to_text` made a text of."""
    forms = json.loads(text)
    return tuple(AccessRule(**{kind: frozenset(ids) for kind, ids in form.items()}) for form in forms)
