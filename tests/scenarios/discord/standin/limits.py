"""What a message, a component tree, a modal and a list of choices may be.

Discord's pages: resources/message (content, embed limits, allowed mentions, nonce),
components/reference, interactions/receiving-and-responding (choices, modals).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.scenarios.discord.standin.errors import ApiError, Form, Json, Path, empty_message, units

ROW, BUTTON, SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 19, 21, 22, 23
LINK = 5
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
FILE_LIMIT = 10 * 1024 * 1024


def check_message(body: Json, files: dict[int, bytes], *, edits: bool = False) -> None:
    """Check what a message is sent or edited with (resources/message#create-message)."""
    form = Form()
    form.size(("content",), (body.get("content") or "").strip(), 2000)
    form.size(("nonce",), str(body.get("nonce") or ""), 25)
    _embeds(form, body.get("embeds") or [])
    flags = body.get("flags") or 0
    components: list[Json] = body.get("components") or []
    if flags & COMPONENTS_V2:
        for field in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(field):
                text = "The 'MessageFlags.IS_COMPONENTS_V2' flag cannot be used with this field"
                form.refuse((field,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)
    check_components(form, components, v2=bool(flags & COMPONENTS_V2))
    check_allowed_mentions(form, body.get("allowed_mentions"))
    form.size(("attachments",), body.get("attachments"), 10)
    form.done()
    if (
        not edits
        and not files
        and not any(
            (body.get("content") or "").strip() if field == "content" else body.get(field)
            for field in ("content", "embeds", "components", "sticker_ids", "poll", "attachments")
        )
    ):
        raise empty_message()
    if any(len(data) > FILE_LIMIT for data in files.values()) or sum(map(len, files.values())) > 25 * 1024 * 1024:
        raise ApiError(413, 40005, "Request entity too large")


def _embeds(form: Form, embeds: list[Json]) -> None:
    """resources/message#embed-object-embed-limits: every text is trimmed first, and 6,000 bounds the sum of all."""
    form.size(("embeds",), embeds, 10)
    total = 0
    for number, embed in enumerate(embeds):
        at: Path = ("embeds", number)
        texts = [
            (("title",), embed.get("title"), 256),
            (("description",), embed.get("description"), 4096),
            (("footer", "text"), (embed.get("footer") or {}).get("text"), 2048),
            (("author", "name"), (embed.get("author") or {}).get("name"), 256),
        ]
        fields: list[Json] = embed.get("fields") or []
        form.size((*at, "fields"), fields, 25)
        for place, field in enumerate(fields):
            for name, high in (("name", 256), ("value", 1024)):
                text = (field.get(name) or "").strip()
                form.size((*at, "fields", place, name), text, high, low=1)
                total += units(text)
        for path, text, high in texts:
            text = (text or "").strip()
            form.size((*at, *path), text, high)
            total += units(text)
        form.link((*at, "url"), embed.get("url"))
        for name in ("image", "thumbnail"):
            form.link((*at, name, "url"), (embed.get(name) or {}).get("url"), ("http", "https", "attachment"))
    if total > 6000:
        text = "Embed size exceeds maximum size of 6000"
        form.refuse(("embeds", len(embeds) - 1), "MAX_EMBED_SIZE_EXCEEDED", text)


def walk(components: list[Json], at: Path = ("components",)) -> Iterator[tuple[Path, Json]]:
    """Yield every component of a tree with its path, parents first."""
    for number, component in enumerate(components):
        path = (*at, number)
        yield path, component
        yield from walk(component.get("components") or [], (*path, "components"))
        for single in ("accessory", "component"):
            if component.get(single):
                yield (*path, single), component[single]


def check_components(form: Form, components: list[Json], *, v2: bool) -> None:
    """components/reference: 5 rows (40 components with the v2 flag), 5 buttons or 1 select a row, unique custom ids."""
    everything = list(walk(components))
    top = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER) if v2 else (ROW,)
    if not v2:
        form.size(("components",), components, 5)
    elif len(everything) > 40:
        form.refuse(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "Must be 40 or fewer in all.")
    for number, component in enumerate(components):
        form.choice(("components", number, "type"), component.get("type"), top)
    if sum(len(each.get("content", "")) for _, each in everything if each.get("type") == TEXT) > 4000:
        form.refuse(("components",), "COMPONENT_TEXT_SIZE_EXCEEDED", "Text must be 4000 or fewer in all.")
    seen: set[str] = set()
    for path, each in everything:
        _component(form, path, each)
        custom_id = each.get("custom_id")
        if custom_id is not None and custom_id in seen:
            text = "Component custom id cannot be duplicated"
            form.refuse((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", text)
        seen.add(custom_id or "")


def _component(form: Form, path: Path, each: Json) -> None:
    kind = each.get("type")
    if kind == ROW:
        inside: list[Json] = each.get("components") or []
        form.size((*path, "components"), inside, 5, low=1)
        if any(child.get("type") in SELECTS for child in inside) and len(inside) > 1:
            text = "The specified component exceeds the maximum width"
            form.refuse((*path, "components", 1), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text)
    elif kind == BUTTON:
        form.size((*path, "label"), each.get("label"), 80, low=0 if each.get("emoji") else 1)
        form.choice((*path, "style"), each.get("style"), (1, 2, 3, 4, 5, 6))
        if each.get("style") == LINK:
            form.size((*path, "url"), each.get("url"), 512, low=1)
            form.link((*path, "url"), each.get("url"), ("http", "https", "discord"))
            if each.get("custom_id"):
                text = "A custom id and url cannot both be specified"
                form.refuse(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", text)
        else:
            form.size((*path, "custom_id"), each.get("custom_id"), 100, low=1)
    elif kind in SELECTS:
        form.size((*path, "custom_id"), each.get("custom_id"), 100, low=1)
        form.size((*path, "placeholder"), each.get("placeholder"), 150)
        if kind == SELECT:
            _options(form, path, each, 25)
    elif kind == SECTION:
        form.size((*path, "components"), each.get("components"), 3, low=1)
    elif kind == GALLERY:
        form.size((*path, "items"), each.get("items"), 10, low=1)
    elif kind == TEXT:
        form.size((*path, "content"), each.get("content"), 4000, low=1)


def _options(form: Form, path: Path, each: Json, high: int, low: int = 1) -> None:
    options: list[Json] = each.get("options") or []
    form.size((*path, "options"), options, high, low=low)
    values = [option.get("value") for option in options]
    for number, option in enumerate(options):
        here = (*path, "options", number)
        form.size((*here, "label"), option.get("label"), 100, low=1)
        form.size((*here, "value"), option.get("value"), 100, low=1)
        form.size((*here, "description"), option.get("description"), 100)
        if option.get("value") in values[:number]:
            text = "The specified option value is already used"
            form.refuse((*here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text)


def check_modal(data: Json) -> None:
    """components/reference and receiving-and-responding: title 45, 1-5 components, each a label around one input."""
    form = Form()
    form.size(("data", "title"), data.get("title"), 45, low=1)
    form.size(("data", "custom_id"), data.get("custom_id"), 100, low=1)
    components: list[Json] = data.get("components") or []
    form.size(("data", "components"), components, 5, low=1)
    seen: set[str] = set()
    for number, component in enumerate(components):
        at: Path = ("data", "components", number)
        form.choice((*at, "type"), component.get("type"), (ROW, TEXT, LABEL))
        inputs: list[tuple[Path, Json]] = []
        if component.get("type") == LABEL:
            form.size((*at, "label"), component.get("label"), 45, low=1)
            form.size((*at, "description"), component.get("description"), 100)
            inputs = [((*at, "component"), component.get("component") or {})]
        elif component.get("type") == ROW:
            rows: list[Json] = component.get("components") or []
            form.size((*at, "components"), rows, 1, low=1)
            inputs = [((*at, "components", 0), rows[0])] if rows else []
            for path, each in inputs:
                form.size((*path, "label"), each.get("label"), 45, low=1)
        for path, each in inputs:
            _input(form, path, each)
            if each.get("custom_id") in seen:
                text = "Component custom id cannot be duplicated"
                form.refuse((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", text)
            seen.add(each.get("custom_id") or "")
    form.done()


def _input(form: Form, path: Path, each: Json) -> None:
    kind = each.get("type")
    form.choice((*path, "type"), kind, (TEXT_INPUT, *SELECTS, UPLOAD, RADIO, CHECKBOXES, CHECKBOX))
    form.size((*path, "custom_id"), each.get("custom_id"), 100, low=1)
    if kind == TEXT_INPUT:
        form.choice((*path, "style"), each.get("style"), (1, 2))
        form.size((*path, "placeholder"), each.get("placeholder"), 100)
        form.size((*path, "value"), each.get("value"), 4000)
        for name, low in (("min_length", 0), ("max_length", 1)):
            if not low <= (each.get(name) or low) <= 4000:
                form.refuse((*path, name), "NUMBER_TYPE_MAX", "Must be between 0 and 4000.")
    elif kind == SELECT:
        _options(form, path, each, 25)
    elif kind == RADIO:
        _options(form, path, each, 10, low=2)
    elif kind == CHECKBOXES:
        _options(form, path, each, 10)


def check_choices(choices: list[Json]) -> None:
    """interactions/application-commands: at most 25 choices, names of 1-100 and values of at most 100 characters."""
    form = Form()
    form.size(("data", "choices"), choices, 25)
    for number, choice in enumerate(choices):
        at: Path = ("data", "choices", number)
        form.size((*at, "name"), choice.get("name"), 100, low=1)
        value: Any = choice.get("value")
        if isinstance(value, str):
            form.size((*at, "value"), value, 100, low=1)
    form.done()


def check_allowed_mentions(form: Form, allowed: Json | None) -> None:
    """resources/message#allowed-mentions-object: a kind is either parsed or listed, and a list holds at most 100."""
    for kind in (allowed or {}).get("parse") or ():
        form.choice(("allowed_mentions", "parse"), kind, ("roles", "users", "everyone"))
        if (allowed or {}).get(kind):
            text = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.refuse(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text)
    for kind in ("users", "roles"):
        form.size(("allowed_mentions", kind), (allowed or {}).get(kind), 100)
