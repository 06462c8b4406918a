"""What deploys Footnote says what the program understands: no container engine runs here, so it is read instead."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from typer.core import TyperGroup

from bot import settings
from bot.cli import app

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
MANIFESTS = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
OURS = re.compile(
    r"FOOTNOTE_\w+|CHROMA_\w+|CHAT_\w+|VERIFIER_\w+|RERANKER_\w+|READER_\w+|EMBEDDING_MODEL|DISCORD_TOKEN|LOG_LEVEL"
)


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


def resources() -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the manifests describe, by kind and name."""
    every = [
        one for path in MANIFESTS for one in yaml.safe_load_all(path.read_text()) if one["kind"] != "Kustomization"
    ]
    found = {(one["kind"], one["metadata"]["name"]): one for one in every}
    assert len(found) == len(every)
    return found


def pods() -> Iterator[dict[str, Any]]:
    """Yield what a pod of each kind is made of."""
    yield resources()["Deployment", "footnote-bot"]["spec"]["template"]["spec"]
    yield resources()["CronJob", "footnote-refresh"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def instruction(name: str) -> str:
    """Return what the last instruction of this name in the Dockerfile says."""
    joined = DOCKERFILE.replace("\\\n", " ")
    *_, last = re.findall(rf"^{name} (.+)$", joined, re.MULTILINE)
    said: str = last
    return said


def variables(pod: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment that a pod's container is given, by the manifests and the Dockerfile."""
    (container,) = pod["containers"]
    given = dict(part.split("=", 1) for part in shlex.split(instruction("ENV")))
    for source in container["envFrom"]:
        (reference,) = source.values()
        kind = "ConfigMap" if "configMapRef" in source else "Secret"
        one = resources()[kind, reference["name"]]
        given |= one.get("data") or one["stringData"]
    return given | {each["name"]: each["value"] for each in container.get("env", ())}


def address_of_chroma() -> str:
    """Return the address at which the manifests serve Chroma, of the version that is installed."""
    (container,) = resources()["StatefulSet", "footnote-chroma"]["spec"]["template"]["spec"]["containers"]
    (port,) = resources()["Service", "footnote-chroma"]["spec"]["ports"]
    assert container["ports"] == [{"name": "chroma", "containerPort": port["port"]}]
    assert container["image"] == compose()["services"]["chroma"]["image"] == f"chromadb/chroma:{version('chromadb')}"
    return f"http://footnote-chroma:{port['port']}"


def commands() -> set[str]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return set(group.commands)


def tool(name: str, *arguments: str) -> None:
    """Have a linter read something. It is one that a package of the environment carries."""
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dockerfile_has_nothing_that_its_linter_finds_fault_with() -> None:
    tool("hadolint", "Dockerfile")


def test_compose_accepts_its_file() -> None:
    tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")


def test_kubernetes_accepts_every_manifest() -> None:
    tool("kubernetes-validate", "--strict", *(str(path) for path in MANIFESTS if path.stem != "kustomization"))


def test_every_manifest_is_applied_but_the_example_of_the_secrets() -> None:
    (kustomization,) = [path for path in MANIFESTS if path.stem == "kustomization"]
    applied = set(yaml.safe_load(kustomization.read_text())["resources"])
    assert applied == {path.name for path in MANIFESTS} - {"kustomization.yaml", "secrets.example.yaml"}


def test_what_the_image_is_built_of_is_there_and_not_kept_from_it() -> None:
    let_through = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = [
        path for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for path in line.split()[:-1]
    ]
    assert sorted(copied) == sorted(let_through)
    assert all((ROOT / path).exists() for path in copied)
    assert ".env" not in copied


def test_the_image_runs_as_nobody_that_matters_and_answers_to_the_command() -> None:
    assert instruction("USER") == "10001:10001"
    assert json.loads(instruction("ENTRYPOINT")) == ["footnote"]
    assert json.loads(instruction("CMD")) == ["discord"]


@pytest.mark.parametrize("pod", list(pods()), ids=lambda pod: pod["containers"][0]["name"])
def test_a_pod_is_given_a_command_and_settings_that_the_program_takes(
    pod: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = variables(pod)
    monkeypatch.chdir(tmp_path)
    for name in settings.names():
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        if OURS.fullmatch(name):
            monkeypatch.setenv(name, value)
    loaded = settings.load()
    assert loaded.generations == "s3://footnote/generations"
    assert loaded.chroma_url == address_of_chroma()
    assert pod["containers"][0]["args"][0] in commands()
    # Nothing is written but where a volume is mounted.
    mounts = {each["mountPath"]: each.get("readOnly", False) for each in pod["containers"][0]["volumeMounts"]}
    assert mounts[str(loaded.data)] is False
    assert mounts["/tmp"] is False
    assert {each["name"] for each in pod["containers"][0]["volumeMounts"]} == {each["name"] for each in pod["volumes"]}


def test_the_bot_of_the_manifests_only_reads_and_is_asked_how_it_is_where_it_tells() -> None:
    bot, refresh = pods()
    assert variables(bot)["FOOTNOTE_MANUAL_REFRESH"] == "true"
    assert "DISCORD_TOKEN" not in variables(refresh)
    (container,) = bot["containers"]
    (port,) = container["ports"]
    assert variables(bot)["FOOTNOTE_MONITORING"] == f"0.0.0.0:{port['containerPort']}"
    probes = [container[name]["httpGet"] for name in ("startupProbe", "readinessProbe", "livenessProbe")]
    assert {probe["port"] for probe in probes} == {port["name"]}
    assert [probe["path"] for probe in probes] == ["/healthz", "/healthz", "/metrics"]


def test_the_sources_of_the_example_can_be_read(tmp_path: Path) -> None:
    from index.sources.configuration import read_configuration

    (tmp_path / "corpus.toml").write_text(resources()["ConfigMap", "footnote-corpus"]["data"]["corpus.toml"])
    assert [source.name for source in read_configuration(tmp_path)] == ["corpus", "handbook"]


def test_compose_gives_commands_and_settings_that_the_program_takes() -> None:
    services = compose()["services"]
    built = {name: one for name, one in services.items() if "build" in one}
    assert set(built) == {"bot", "refresh"}
    for service in built.values():
        assert {name for name in service["environment"] if OURS.fullmatch(name)} <= set(settings.names())
        assert service["read_only"] is True
        assert service["tmpfs"] == ["/tmp"]
        assert service.get("command", ["discord"])[0] in commands()
    named = {volume.split(":")[0] for one in services.values() for volume in one["volumes"]}
    assert named - {"./corpus"} == set(compose()["volumes"])


def test_the_bot_of_compose_is_reached_by_its_own_machine_alone() -> None:
    (published,) = compose()["services"]["bot"]["ports"]
    port = compose()["services"]["bot"]["environment"]["FOOTNOTE_MONITORING"].rpartition(":")[2]
    assert published == f"127.0.0.1:{port}:{port}"
