"""What an application command may be called, say and hold.

Discord's pages: interactions/application-commands (naming, structure, limits, localization) and reference#locales.
"""

from __future__ import annotations

import unicodedata

from tests.scenarios.discord.standin import errors
from tests.scenarios.discord.standin.errors import Form, Json, Path
from tests.scenarios.discord.standin.records import Sync
from tests.scenarios.discord.standin.world import World

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUB_COMMAND, SUB_COMMAND_GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10
LOCALES = frozenset(
    (
        *(
            "id",
            "da",
            "de",
            "en-GB",
            "en-US",
            "es-ES",
            "es-419",
            "fr",
            "hr",
            "it",
            "lt",
            "hu",
            "nl",
            "no",
            "pl",
            "pt-BR",
        ),
        *("ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"),
    )
)


class Commands:
    """The commands that are registered, everywhere (None) and in single guilds, and each time that they were."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.syncs: list[Sync] = []
        self._sets: dict[int | None, list[Json]] = {}
        self._created = 0

    def of(self, guild_id: int | None, *, localised: bool = True) -> list[Json]:
        """Return the commands of a guild, or of everywhere; unless `localised`, in one language."""
        commands = self._sets.get(guild_id, [])
        return commands if localised else [_in_one_language(command) for command in commands]

    def replace(self, guild_id: int | None, wanted: list[Json]) -> list[Json]:
        """Make this the whole set. Names that were not there before count towards 200 creates a day."""
        check_commands(wanted)
        old = {(each.get("type", 1), each["name"]): each for each in self.of(guild_id)}
        new = []
        for command in wanted:
            known = old.get((command.get("type", 1), command["name"]))
            self._created += known is None
            new.append(self._filled(command, known["id"] if known else str(self.world.snowflake()), guild_id))
        if self._created > 200:
            raise errors.too_many_creates()
        changed = [_comparable(each) for each in new] != [_comparable(each) for each in self.of(guild_id)]
        self._sets[guild_id] = new
        self.syncs.append(Sync(guild_id, tuple(each["name"] for each in new), changed))
        return new

    def _filled(self, command: Json, command_id: str, guild_id: int | None) -> Json:
        given = {name: value for name, value in command.items() if value is not None}
        filled: Json = {"type": 1, "description": "", "options": [], "nsfw": False, "default_member_permissions": None}
        filled |= {"contexts": None if guild_id else [0, 1, 2], "integration_types": [0, 1], **given}
        filled |= {"id": command_id, "version": str(self.world.snowflake()), "application_id": str(self.world.bot.id)}
        return filled | ({"guild_id": str(guild_id)} if guild_id else {})


def check_commands(commands: list[Json]) -> None:
    """Check a whole set, as a bulk overwrite sends it: 100 slash, 15 user and 15 message commands, names unique."""
    form = Form()
    for kind, most in ((CHAT_INPUT, 100), (USER, 15), (MESSAGE, 15)):
        names = [command.get("name") for command in commands if command.get("type", CHAT_INPUT) == kind]
        if len(names) > most:
            form.refuse((), "APPLICATION_COMMANDS_MAX", f"Maximum number of application commands reached ({most})")
        if len(names) != len(set(names)):
            text = "Application command names must be unique"
            form.refuse((), "APPLICATION_COMMANDS_DUPLICATE_NAME", text)
    for number, command in enumerate(commands):
        _command(form, (number,), command)
    form.done()


def _command(form: Form, at: Path, command: Json) -> None:
    kind = command.get("type", CHAT_INPUT)
    if kind == CHAT_INPUT:
        _named(form, at, command)
        _options(form, (*at, "options"), command.get("options") or [])
        if weight(command) > 8000:
            text = "Command exceeds maximum size (8000)"
            form.refuse(at, "APPLICATION_COMMAND_TOO_LARGE", text)
    else:
        form.size((*at, "name"), command.get("name"), 32, low=1)
        _localised(form, (*at, "name_localizations"), command.get("name_localizations"), 32)
        if command.get("description"):
            text = "Context menu commands cannot have description"
            form.refuse((*at, "description"), "APPLICATION_COMMAND_DESCRIPTION_INVALID", text)
    for field, allowed in (("integration_types", (0, 1)), ("contexts", (0, 1, 2))):
        for value in command.get(field) or ():
            form.choice((*at, field), value, allowed)


def _named(form: Form, at: Path, thing: Json) -> None:
    _name(form, (*at, "name"), thing.get("name") or "")
    form.size((*at, "description"), thing.get("description"), 100, low=1)
    _localised(form, (*at, "description_localizations"), thing.get("description_localizations"), 100)
    localised: dict[str, str] = thing.get("name_localizations") or {}
    _localised(form, (*at, "name_localizations"), localised, 32)
    for locale, name in localised.items():
        _name(form, (*at, "name_localizations", locale), name)


def _name(form: Form, at: Path, name: str) -> None:
    r"""Match the documented pattern: ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$, in lower case."""
    if not 1 <= len(name) <= 32 or name != name.lower() or not all(map(_in_name, name)):
        form.refuse(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _in_name(character: str) -> bool:
    marks = unicodedata.name(character, "").startswith(("DEVANAGARI", "THAI"))
    return character in "-_'" or unicodedata.category(character)[0] in "LN" or marks


def _localised(form: Form, at: Path, texts: dict[str, str] | None, high: int) -> None:
    for locale, text in (texts or {}).items():
        if locale not in LOCALES:
            form.refuse((*at, locale), "BASE_TYPE_CHOICES", f"Value must be one of {sorted(LOCALES)}.")
        form.size((*at, locale), text, high, low=1)


def _options(form: Form, at: Path, options: list[Json]) -> None:
    form.size(at, options, 25)
    names = [option.get("name") for option in options]
    optional = False
    for number, option in enumerate(options):
        here = (*at, number)
        _named(form, here, option)
        if option.get("name") in names[:number]:
            text = "Option names must be unique"
            form.refuse((*here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", text)
        kind = option.get("type")
        form.choice((*here, "type"), kind, tuple(range(1, 12)))
        if kind in (SUB_COMMAND, SUB_COMMAND_GROUP):
            _options(form, (*here, "options"), option.get("options") or [])
            continue
        if option.get("required") and optional:
            text = "Required options must be placed before non-required options"
            form.refuse(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        optional = optional or not option.get("required")
        _choices(form, here, option)
        for field, low in (("min_length", 0), ("max_length", 1)):
            if field in option and not (kind == STRING and low <= option[field] <= 6000):
                form.refuse((*here, field), "NUMBER_TYPE_MAX", "int value should be less than or equal to 6000.")


def _choices(form: Form, at: Path, option: Json) -> None:
    choices: list[Json] = option.get("choices") or []
    form.size((*at, "choices"), choices, 25)
    if choices and option.get("autocomplete"):
        text = "Autocomplete cannot be enabled on an option with choices"
        form.refuse(at, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", text)
    for number, choice in enumerate(choices):
        here = (*at, "choices", number)
        form.size((*here, "name"), choice.get("name"), 100, low=1)
        _localised(form, (*here, "name_localizations"), choice.get("name_localizations"), 100)
        if isinstance(choice.get("value"), str):
            form.size((*here, "value"), choice["value"], 100, low=1)


def weight(thing: Json) -> int:
    """Count what a command spends of its 8,000 characters: of every text, the longest of its localisations."""
    total = 0
    for field in ("name", "description"):
        texts: dict[str, str] = thing.get(f"{field}_localizations") or {}
        total += max(len(text) for text in (thing.get(field) or "", *texts.values()))
    for choice in thing.get("choices") or ():
        total += len(choice.get("name", "")) + len(str(choice.get("value", "")))
    return total + sum(weight(option) for option in thing.get("options") or ())


def _comparable(command: Json) -> Json:
    """Return a command without what Discord adds: two that compare equal are the same command."""
    return {name: value for name, value in command.items() if name not in ("id", "application_id", "version")}


def _in_one_language(thing: Json) -> Json:
    plain = {name: value for name, value in thing.items() if not name.endswith("_localizations")}
    return plain | ({"options": [_in_one_language(each) for each in thing["options"]]} if thing.get("options") else {})
