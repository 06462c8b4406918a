"""A small Discord on loopback for the unmodified discord.py client: see `server.Standin`."""

from tests.scenarios.discord.standin.faults import Hang, Held, RateLimit, Reset, Route, Slow, Status
from tests.scenarios.discord.standin.interactions import Interaction
from tests.scenarios.discord.standin.people import Person
from tests.scenarios.discord.standin.records import Message
from tests.scenarios.discord.standin.server import TOKEN, Standin
from tests.scenarios.discord.standin.world import FORUM, MANAGE_GUILD, Channel, Guild

__all__ = [
    "FORUM",
    "MANAGE_GUILD",
    "TOKEN",
    "Channel",
    "Guild",
    "Hang",
    "Held",
    "Interaction",
    "Message",
    "Person",
    "RateLimit",
    "Reset",
    "Route",
    "Slow",
    "Standin",
    "Status",
]
