"""Git repositories: the files of a branch, read from git's own store and never checked out, so that nothing of it runs.

A repository on this machine is read where it lies. Of any other only the newest commit is fetched.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from yarl import URL

from index.errors import FootnoteError
from index.readers.formats import is_read
from index.sources.globs import Globs
from index.sources.scanning import LARGEST_FILE
from index.sources.source import Change, Failed, Found, Gone, Reach, RemoteSource, Unchanged
from index.sources.web.address import AddressRefused, parse
from index.sources.web.validators import Validators

if TYPE_CHECKING:
    from index.sources.web.web import Web

_SECONDS = 300.0
_LARGEST_PACK = 2 * 2**30
_FILE_MODES = (b"100644", b"100755")


@dataclass(frozen=True, kw_only=True)
class Git(RemoteSource):
    """The files of a repository, by globs over their paths. `git` is an http or https address, or a path.

    `branch` is what `git fetch` understands; where nothing is said, it is the one that the repository has checked out.
    In `link`, `{path}` and `{commit}` make the address at which a reader can open a file.
    """

    kind: ClassVar[str] = "git"

    git: str
    branch: str = "HEAD"
    link: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if "://" in self.git:
            parse(self.git)
        if self.branch.startswith("-") or self.git.startswith("-"):
            raise AddressRefused("the name of a repository or a branch does not begin with a dash")

    @property
    def address(self) -> str:
        """The repository."""
        return self.git

    async def changes(self, since: Mapping[str, Validators], reach: Reach) -> AsyncIterator[Change]:
        """Tell of each file that is read what became of it; what the newest commit does not hold is gone."""
        try:
            repository, commit = await self._newest(reach)
            files = await repository.files(commit)
        except _GitFailed as error:
            yield Failed(self.git, str(error))
            return
        globs = Globs(self.include, self.exclude)
        chosen = {f"{self.name}/{file.path}": file for file in files if file.path in globs and is_read(file.path)}
        for address, file in chosen.items():
            validators = Validators(etag=file.blob)
            if since.get(address) == validators:
                yield Unchanged(address)
                continue
            if file.size > LARGEST_FILE:
                yield Failed(address, f"larger than {LARGEST_FILE // 2**20} MB: split it")
                continue
            try:
                data = await repository.run("cat-file", "blob", file.blob)
            except _GitFailed as error:
                yield Failed(address, str(error))
            else:
                yield Found(address, data, url=self._link_to(file.path, commit), validators=validators)
        for address in sorted(since.keys() - chosen.keys()):
            yield Gone(address)

    async def _newest(self, reach: Reach) -> tuple[_Repository, str]:
        """Return the repository and its newest commit, fetched where it is elsewhere."""
        if "://" not in self.git:
            repository = _Repository(Path(self.git))
            return repository, await repository.commit(self.branch)
        options = await _pinned(self.git, reach.web)
        folder = reach.folder / "repository"
        folder.mkdir(parents=True, exist_ok=True)
        repository = _Repository(folder)
        await repository.run("init", "--quiet", "--bare")
        await repository.run(
            *options, "fetch", "--quiet", "--no-tags", "--depth=1", "--no-recurse-submodules", "--no-write-fetch-head",
            self.git, f"+{self.branch}:refs/footnote/newest",
        )  # fmt: skip
        return repository, await repository.commit("refs/footnote/newest")

    def _link_to(self, path: str, commit: str) -> str | None:
        if self.link is None:
            return None
        return str(URL(self.link.replace("{commit}", commit).replace("{path}", path)))


class _GitFailed(FootnoteError):
    """What git says that it cannot do."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a commit: its path, and the id and the size of what it holds."""

    path: str
    blob: str
    size: int


@dataclass(frozen=True, slots=True)
class _Repository:
    """A folder that git works in."""

    folder: Path

    async def commit(self, name: str) -> str:
        """Return the id of the commit that a branch or a reference names."""
        return (await self.run("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")).decode().strip()

    async def files(self, commit: str) -> list[_File]:
        """Return the files of a commit; links and other repositories within are left out."""
        files = []
        for line in (await self.run("ls-tree", "-r", "-l", "-z", "--full-tree", commit)).split(b"\0"):
            entry, _, path = line.partition(b"\t")
            mode, _, blob, size = (*entry.split(), b"", b"", b"", b"")[:4]
            if mode in _FILE_MODES and size.isdigit():
                files.append(_File(path.decode(errors="replace"), blob.decode(), int(size)))
        return files

    async def run(self, *arguments: str) -> bytes:
        """Run one command of git, within bounds, and return what it writes. Raises _GitFailed with what it says."""
        try:
            process = await asyncio.create_subprocess_exec(
                "git", *_CONFINED, "-C", str(self.folder), *arguments,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
                env=_environment(), start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise _GitFailed(f"git cannot be run ({error.strerror}): install it") from error
        with suppress(ProcessLookupError, AttributeError):  # over already, or not on Linux
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_LARGEST_PACK, _LARGEST_PACK))
        try:
            async with asyncio.timeout(_SECONDS):
                written, said = await process.communicate()
        except BaseException as error:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
            if isinstance(error, TimeoutError):
                raise _GitFailed(f"git takes longer than {_SECONDS:.0f} s") from error
            raise
        if process.returncode != 0:
            lines = said.decode(errors="replace").strip().splitlines() or [f"exit code {process.returncode}"]
            raise _GitFailed(f"git says: {lines[0].removeprefix('fatal: ')[:200]}")
        return written


# Nothing but http, no question to anybody, no redirect to a machine that nobody checked, and no hook.
_CONFINED = (
    "-c", "protocol.allow=never", "-c", "protocol.https.allow=always", "-c", "protocol.http.allow=always",
    "-c", "http.followRedirects=false", "-c", "http.proxy=", "-c", "http.lowSpeedLimit=1000",
    "-c", "http.lowSpeedTime=30", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "credential.helper=",
    "-c", "fetch.fsckObjects=true", "-c", "core.askPass=true",
)  # fmt: skip


def _environment() -> dict[str, str]:
    """Return the environment without what would lead git elsewhere: proxies, its own variables, a user's settings."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME", "SSL_CERT_FILE")}
    return kept | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "LC_ALL": "C",
    }


async def _pinned(address: str, web: Web) -> tuple[str, ...]:
    """Return the options that make git connect to the numbers of a host that were checked, and to no others."""
    try:
        url = parse(address)
        host, port = str(url.host), url.port or 443
        numbers = await web.numbers(host, port)
    except AddressRefused as error:
        raise _GitFailed(str(error)) from error
    except OSError as error:
        raise _GitFailed("there is no such host") from error
    return ("-c", f"http.curloptResolve={host}:{port}:{','.join(numbers)}")
