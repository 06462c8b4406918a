"""The limit of a source: how many documents it may have."""

from typing import Annotated

from pydantic import Field

Limit = Annotated[int, Field(ge=1, le=10_000)]
