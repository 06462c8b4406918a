import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.unit.index.sources.fetches import Fetches

ALONE = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "PATH": os.environ["PATH"]}


class Repository:
    """A real repository of one branch."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Ines", "-c", "user.email=ines@example.org")
        command = ["git", *identity, "-C", str(self.folder), *arguments]
        return subprocess.run(command, env=ALONE, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, **files: str | None) -> str:
        """Commit files, named with `__` for a slash and `_` for the dot; None removes one. Return the commit's id."""
        for name, text in files.items():
            path = self.folder / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "A change")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "handbook")
    repository.commit(intro_md="Welcome.", docs__rules_md="No shouting.", logo_png="")
    return repository


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """Serve the repositories below `root` as `git http-backend` does, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            environment = ALONE | {
                "GIT_PROJECT_ROOT": str(root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            }
            backend = subprocess.run(
                ["git", "http-backend"], input=body, env=environment, capture_output=True, check=False
            )
            head, _, sent = backend.stdout.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
            self.send_response(int(headers.pop("Status", "200").split()[0]))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def test_the_files_of_a_repository_on_this_machine_are_followed(fetches: Fetches, repository: Repository) -> None:
    fetches.configure(
        f'[[source]]\nname = "handbook"\ngit = "{repository.folder}"\nlink = "https://git.example/{{commit}}/{{path}}"\n'
    )
    assert fetches.fetch().is_new
    assert fetches.texts() == {"handbook/intro.md": "Welcome.", "handbook/docs/rules.md": "No shouting."}
    commit = repository.git("rev-parse", "HEAD")
    assert fetches.files()[0].provenance.url == f"https://git.example/{commit}/docs/rules.md"
    assert not fetches.fetch().is_new
    (repository.folder / "intro.md").write_text("Not committed.")
    assert not fetches.fetch().is_new
    repository.commit(intro_md="Welcome, all.", docs__rules_md=None, docs__new_md="New.")
    assert fetches.fetch().is_new
    assert fetches.texts() == {"handbook/intro.md": "Welcome, all.", "handbook/docs/new.md": "New."}


def test_globs_choose_among_its_files(fetches: Fetches, repository: Repository) -> None:
    repository.commit(docs__a__deep_md="Deep.", docs__a_txt="Text.")
    fetches.configure(
        f'[[source]]\nname = "h"\ngit = "{repository.folder}"\ninclude = ["docs/**/*.md"]\nexclude = ["**/rules.md"]\n'
    )
    fetches.fetch()
    assert fetches.addresses() == ["h/docs/a/deep.md"]


def test_a_repository_elsewhere_is_fetched_by_its_newest_commit_alone(fetches: Fetches, repository: Repository) -> None:
    repository.commit(intro_md="Welcome back.")
    with serving(repository.folder.parent) as address:
        fetches.hosts = frozenset({address.removeprefix("http://")})
        fetches.configure(f'[[source]]\nname = "handbook"\ngit = "{address}/handbook/.git"\nbranch = "main"\n')
        assert fetches.fetch().is_new
        assert fetches.problems() == {}
        assert fetches.texts()["handbook/intro.md"] == "Welcome back."
        copy = fetches.data / "sources" / "handbook" / "repository"
        assert not (copy / "intro.md").exists()
        log = subprocess.run(["git", "-C", copy, "rev-list", "--all"], capture_output=True, text=True, check=True)
        assert len(log.stdout.split()) == 1
        repository.commit(intro_md="Welcome again.")
        assert fetches.fetch().is_new
        assert fetches.texts()["handbook/intro.md"] == "Welcome again."
    for _ in range(3):
        assert not fetches.fetch().is_new
    assert len(fetches.files()) == 2
    assert "git says" in next(iter(fetches.problems().values()))


def test_a_repository_inside_is_not_connected_to_unless_it_is_named(fetches: Fetches, repository: Repository) -> None:
    with serving(repository.folder.parent) as address:
        fetches.configure(f'[[source]]\nname = "handbook"\ngit = "{address}/handbook/.git"\n')
        fetches.fetch()
    assert fetches.files() == []
    assert "FOOTNOTE_PRIVATE_HOSTS" in next(iter(fetches.problems().values()))


def test_what_a_repository_holds_besides_files_is_left_out_and_nothing_of_it_runs(
    fetches: Fetches, repository: Repository, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    hook = repository.folder / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    (repository.folder / "secret.md").symlink_to("/etc/passwd")
    repository.commit()
    fetches.configure(f'[[source]]\nname = "handbook"\ngit = "{repository.folder}"\n')
    fetches.fetch()
    assert "handbook/secret.md" not in fetches.addresses()
    assert not ran.exists()


def test_what_is_no_repository_is_one_line(fetches: Fetches, tmp_path: Path) -> None:
    fetches.configure(f'[[source]]\nname = "handbook"\ngit = "{tmp_path}"\n')
    fetches.fetch()
    (reason,) = fetches.problems().values()
    assert reason.startswith("git says: not a git repository")
