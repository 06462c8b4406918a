"""How Discord says no: a status, one of its JSON error codes, and for forms the path to each field that is wrong.

Discord's pages: topics/opcodes-and-status-codes#json-json-error-codes and reference#error-messages.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str | int, ...]


class ApiError(Exception):
    """A refusal: the HTTP status, the JSON error code, and its message."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code}: {message} {errors or ''}")
        self.status, self.code, self.message, self.errors = status, code, message, errors

    def body(self) -> Json:
        body: Json = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


def units(text: str) -> int:
    """Count UTF-16 code units: Discord documents characters and not of which kind, and no other count is larger."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def not_found() -> ApiError:
    return ApiError(404, 0, "404: Not Found")


def unknown_channel() -> ApiError:
    return ApiError(404, 10003, "Unknown Channel")


def unknown_guild() -> ApiError:
    return ApiError(404, 10004, "Unknown Guild")


def unknown_member() -> ApiError:
    return ApiError(404, 10007, "Unknown Member")


def unknown_message() -> ApiError:
    return ApiError(404, 10008, "Unknown Message")


def unknown_user() -> ApiError:
    return ApiError(404, 10013, "Unknown User")


def unknown_webhook() -> ApiError:
    return ApiError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> ApiError:
    return ApiError(404, 10062, "Unknown interaction")


def unknown_command() -> ApiError:
    return ApiError(404, 10063, "Unknown application command")


def too_many_creates() -> ApiError:
    return ApiError(429, 30034, "Max number of daily application command creates has been reached (200)")


def too_large() -> ApiError:
    return ApiError(413, 40005, "Request entity too large")


def already_acknowledged() -> ApiError:
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def too_many_followups() -> ApiError:
    return ApiError(400, 40094, "Maximum number of follow up messages for this interaction has been reached")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def not_the_author() -> ApiError:
    return ApiError(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> ApiError:
    return ApiError(400, 50006, "Cannot send an empty message")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


def invalid_webhook_token() -> ApiError:
    return ApiError(401, 50027, "Invalid Webhook Token")


def reply_needs_history() -> ApiError:
    return ApiError(400, 160002, "Cannot reply without permission to read message history")


def thread_exists() -> ApiError:
    return ApiError(400, 160004, "A thread has already been created for this message")


def thread_locked() -> ApiError:
    return ApiError(400, 160005, "Thread is locked")


class Form:
    """Collects what is wrong with a body, and raises it all as one 50035 Invalid Form Body."""

    def __init__(self) -> None:
        self.errors: Json = {}

    def refuse(self, path: Path, code: str, message: str) -> None:
        place = self.errors
        for step in path:
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def size(self, path: Path, value: Sized | None, high: int, low: int = 0) -> None:
        """Check the length of a string (in UTF-16) or of a list; None stands for a field that is not there."""
        length = 0 if value is None else units(value) if isinstance(value, str) else len(value)
        if low and not length:
            self.refuse(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif low and not low <= length <= high:
            self.refuse(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        elif length > high:
            self.refuse(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")

    def choice(self, path: Path, value: object, allowed: tuple[object, ...]) -> None:
        if value not in allowed:
            self.refuse(path, "BASE_TYPE_CHOICES", f"Value must be one of {allowed}.")

    def link(self, path: Path, value: str | None, schemes: tuple[str, ...] = ("http", "https")) -> None:
        if value and value.split("://", 1)[0] not in schemes:
            self.refuse(path, "URL_TYPE_INVALID_SCHEME", f'Scheme "{value.split(":")[0]}" must be one of {schemes}.')

    def done(self) -> None:
        if self.errors:
            raise ApiError(400, 50035, "Invalid Form Body", self.errors)
