"""A model's folder: found by the model's name, and refused before anything is loaded that would run as code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from index.errors import ModelUnusable


def find_folder(variable: str, name: str) -> Path:
    """Return the folder of the model of this name: a folder here, or one of the Hugging Face hub (its cache first).

    Raises ModelUnusable, with the variable that named it, when it is neither.
    """
    folder = Path(name)
    return folder if folder.is_dir() else _from_hub(variable, name)


def refuse_code(variable: str, name: str, folder: Path) -> None:
    """Raise ModelUnusable for a model that could only be loaded by running code that comes with it.

    Such are scripts, modules that are not those of sentence-transformers, an `auto_map` to classes of its own, and
    weights that are there as a pickle alone, which is a program too.
    """
    configs = [read_json(variable, name, folder / file) for file in ("config.json", "tokenizer_config.json")]
    own = any("auto_map" in config for config in configs) or any(folder.glob("**/*.py"))
    if own or _has_foreign_modules(variable, name, folder):
        raise ModelUnusable(f"{variable} {name!r} brings code of its own, and Footnote never runs a model's code")
    pickles = folder.glob("**/pytorch_model*.bin")
    if any(not (path.parent / "model.safetensors").is_file() for path in pickles):
        raise ModelUnusable(
            f"{variable} {name!r} has weights that are a pickle, which can hold code: choose a model in safetensors"
        )


def read_json(variable: str, name: str, path: Path) -> dict[str, Any]:
    """Return the object in a model's JSON file, empty where there is no file. Raises ModelUnusable for others."""
    try:
        form = json.loads(path.read_bytes()) if path.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        raise ModelUnusable(f"{variable} {name!r} has a {path.name} that cannot be read") from error
    if not isinstance(form, dict):
        raise ModelUnusable(f"{variable} {name!r} has a {path.name} that cannot be read")
    return form


def _has_foreign_modules(variable: str, name: str, folder: Path) -> bool:
    path = folder / "modules.json"
    if not path.is_file():
        return False
    try:
        kinds = [str(module["type"]) for module in json.loads(path.read_bytes())]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelUnusable(f"{variable} {name!r} has a modules.json that names no modules") from error
    return any(not kind.startswith("sentence_transformers.") for kind in kinds)


def _from_hub(variable: str, name: str) -> Path:
    # Imported here because it takes a third of a second, and only models that are not at hand need it.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=["*.safetensors", "*.json", "*.txt"]))
    except (OSError, HfHubHTTPError, HFValidationError, LocalEntryNotFoundError) as error:
        raise ModelUnusable(
            f"{variable} {name!r} is neither a folder here nor a model that could be downloaded "
            f"({type(error).__name__})"
        ) from error
