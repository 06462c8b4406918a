"""A Chroma server: where the vector indexes of generations lie instead of in their folders, where CHROMA_URL names one.

Chroma's own `HttpClient` waits for ever where a server hangs, and cannot be told otherwise: its parts, the interface to
the server and the collection, are put together here, with a deadline.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from index.errors import FootnoteError, IndexDamaged, VectorsUnavailable
from index.store.dense import SPACE, DenseIndex

_COMPLETE = "complete"
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server is, what of it is ours to use, and the token that it or what guards it asks for."""

    url: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    token_header: str = "Authorization"
    tenant: str = "default_tenant"
    database: str = "default_database"

    @property
    def shown(self) -> str:
        """Its address as it may be shown."""
        return re.sub(r"(?<=://)[^/@]*@", "", self.url)

    def connect(self, seconds: float) -> ChromaConnection:
        """Return a connection that waits so long for each answer; nothing is asked yet."""
        return ChromaConnection(self, seconds)


class ChromaConnection:
    """A connection to a server. Any thread may call any method.

    Whatever is asked of it raises VectorsUnavailable where the server cannot be reached, is too slow, or refuses.
    """

    def __init__(self, server: ChromaServer, seconds: float) -> None:
        # Imported here because Chroma takes a second.
        from chromadb.api.fastapi import FastAPI
        from chromadb.config import Settings, System

        self._server = server
        self._seconds = seconds
        self._api: Any = FastAPI(
            System(
                Settings(
                    anonymized_telemetry=False,
                    chroma_server_host=server.url.rstrip("/"),
                    chroma_server_http_port=0,  # What counts is the one in the address.
                    chroma_server_headers=_headers(server),
                )
            )
        )
        self._api._session.timeout = seconds
        # It logs every request.
        logging.getLogger("httpx").setLevel(max(logging.WARNING, logging.getLogger().level))

    def create(self, name: str) -> DenseIndex:
        """Make an empty collection, and the database and the tenant that it is to lie in where they are not there.

        Raises IndexDamaged where the server does not keep the settings that it is given.
        """
        self._make_database()
        with self._asked():
            self._api.create_collection(
                name=name,
                configuration={"hnsw": dict(SPACE)},
                metadata={"footnote": "in the making"},
                tenant=self._server.tenant,
                database=self._server.database,
            )
        return self.open(name, complete=False)

    def open(self, name: str, *, complete: bool = True) -> DenseIndex:
        """Return what is in a collection. Raises IndexDamaged where there is none, or it is none of ours.

        One that is to be `complete` has been found to be so when it was built, and has all its passages still.
        """
        collection = self._collection(name)
        said = collection.metadata or {}
        if complete and (said.get("footnote") != _COMPLETE or said.get("passages") != collection.count()):
            raise IndexDamaged(f"the collection {name} at {self._server.shown} is not complete: run 'footnote refresh'")
        # Of a cluster, which has an index of another kind, only what decides the answers is asked.
        settings = collection.configuration_json
        kept = settings.get("hnsw") or {}
        wanted = SPACE if kept else {"space": SPACE["space"]}
        found = kept or settings.get("spann") or {}
        if any(found.get(key) != value for key, value in wanted.items()):
            raise IndexDamaged(
                f"the collection {name} at {self._server.shown} has other settings than Footnote gives it: "
                "run 'footnote refresh'"
            )
        with self._asked():
            return DenseIndex(self, collection, self._api.get_max_batch_size())

    def seal(self, name: str, passages: int) -> None:
        """Say of a collection that it is complete, with so many passages."""
        self._collection(name).modify(metadata={"footnote": _COMPLETE, "passages": passages})

    def is_sealed(self, name: str) -> bool:
        """Return whether a collection is there and was said to be complete."""
        try:
            return bool((self._collection(name).metadata or {}).get("footnote") == _COMPLETE)
        except IndexDamaged:
            return False

    def delete(self, name: str) -> None:
        """Delete a collection, if it is there."""
        from chromadb.errors import NotFoundError

        with self._asked(), suppress(NotFoundError):
            self._api.delete_collection(name, self._server.tenant, self._server.database)

    def answers(self) -> None:
        """Do nothing where the server answers."""
        with self._asked():
            self._api.heartbeat()

    def close(self) -> None:
        """Close it."""
        self._api._session.close()

    def _make_database(self) -> None:
        from chromadb.errors import ChromaError, NotFoundError

        tenant, database = self._server.tenant, self._server.database
        try:
            with self._asked(NotFoundError):
                self._api.get_database(database, tenant)
        except NotFoundError:
            with self._asked():
                # The tenant may be there, and both may be made by somebody else meanwhile: the collection tells.
                with suppress(ChromaError):
                    self._api.create_tenant(tenant)
                with suppress(ChromaError):
                    self._api.create_database(database, tenant)

    def _collection(self, name: str) -> _Collection:
        from chromadb.api.models.Collection import Collection
        from chromadb.errors import NotFoundError

        try:
            with self._asked(NotFoundError):
                model = self._api.get_collection(name, self._server.tenant, self._server.database)
        except NotFoundError as error:
            raise IndexDamaged(
                f"the collection {name} is not at {self._server.shown}, in the database {self._server.database} of "
                f"{self._server.tenant}: run 'footnote refresh'"
            ) from error
        # Without an explicit None, Chroma would build whatever embedding function the stored settings name.
        return _Collection(self, Collection(client=self._api, model=model, embedding_function=None))

    @contextmanager
    def _asked(self, *meant: type[Exception]) -> Iterator[None]:
        """Turn whatever goes wrong into VectorsUnavailable, but for what is `meant` to be met."""
        try:
            yield
        except Exception as error:
            if isinstance(error, (FootnoteError, *meant)):
                raise
            reason = _reason(error, self._seconds)
            raise VectorsUnavailable(f"the Chroma server at {self._server.shown} {reason}") from error


class _Collection:
    """A collection of Chroma's, whose failures are those of its connection."""

    def __init__(self, connection: ChromaConnection, collection: Any) -> None:
        self._connection = connection
        self._collection = collection
        self.metadata: dict[str, Any] | None = collection.metadata
        self.configuration_json: dict[str, Any] = collection.configuration_json

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._collection, name)

        def asked(*values: object, **named: object) -> Any:
            with self._connection._asked():
                return method(*values, **named)

        return asked


def _headers(server: ChromaServer) -> dict[str, str]:
    if server.token is None:
        return {}
    is_bearer = server.token_header == "Authorization"
    return {server.token_header: f"Bearer {server.token}" if is_bearer else server.token}


def _reason(error: Exception, seconds: float) -> str:
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return f"does not answer within {seconds:g} s"
    if isinstance(error, httpx.TransportError):
        return f"cannot be reached ({_one_line(error)})"
    # What answers may be something in front of it: Chroma's interface then raises no more than the text.
    response = getattr(error.__context__, "response", None)
    status = getattr(response, "status_code", None)
    if status in (401, 403):
        return f"refuses us ({status}): set CHROMA_TOKEN to one that it takes, and CHROMA_TOKEN_HEADER"
    return f"fails ({f'{status}: ' if status else ''}{_one_line(error)})"


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"
