"""A model's folder: found by the model's name, and refused before anything is loaded that would run as code."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import ModelUnusable


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """The files of a model, and for what is said of them its name, and the setting (`variable`) that named it."""

    variable: str
    name: str
    path: Path

    def require(self, files: Iterable[str], kind: str) -> None:
        """Raise ModelUnusable, with what `kind` of models can be used, where a file is missing, or one brings code.

        Code are scripts, modules that are not those of sentence-transformers, an `auto_map` to classes of its own, and
        weights that are there as a pickle alone, which is a program too.
        """
        for needed in files:
            if not (self.path / needed).is_file():
                raise self.unusable(f"has no {needed}: only {kind} with it load")
        configs = [self.json(file) for file in ("config.json", "tokenizer_config.json")]
        own = any("auto_map" in config for config in configs) or any(self.path.glob("**/*.py"))
        if own or self._has_foreign_modules():
            raise self.unusable("brings code of its own, and Footnote never runs a model's code")
        pickles = self.path.glob("**/pytorch_model*.bin")
        if any(not (path.parent / "model.safetensors").is_file() for path in pickles):
            raise self.unusable("has weights that are a pickle, which can hold code: choose a model in safetensors")

    def json(self, file: str) -> dict[str, Any]:
        """Read the object in a JSON file, empty where there is no file. Raises ModelUnusable where there is no object.

        Args:
            file: The name of the file in the folder.

        """
        path = self.path / file
        try:
            form = json.loads(path.read_bytes()) if path.is_file() else {}
        except (OSError, ValueError, RecursionError) as error:
            raise self.unusable(f"has a {file} that cannot be read") from error
        if not isinstance(form, dict):
            raise self.unusable(f"has a {file} that cannot be read")
        return form

    def is_made_for(self, task: str) -> bool:
        """Tell whether a class of transformers whose name ends so, such as "ForQuestionAnswering", loads the model."""
        architectures = self.json("config.json").get("architectures")
        return isinstance(architectures, list) and any(str(each).endswith(task) for each in architectures)

    def unusable(self, why: str) -> ModelUnusable:
        """Make the error that says of this model why it cannot be used, and what to do."""
        return ModelUnusable(f"{self.variable} {self.name!r} {why}")

    def unfit(self, error: Exception) -> ModelUnusable:
        """Make the error for files that do not fit together, which `error` tells of."""
        return self.unusable(
            f"cannot be loaded ({type(error).__name__}): its files do not fit together; "
            "download it again or choose another"
        )

    def _has_foreign_modules(self) -> bool:
        path = self.path / "modules.json"
        if not path.is_file():
            return False
        try:
            kinds = [str(module["type"]) for module in json.loads(path.read_bytes())]
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise self.unusable("has a modules.json that names no modules") from error
        return any(not kind.startswith("sentence_transformers.") for kind in kinds)


def find_folder(variable: str, name: str) -> ModelFolder:
    """Find the files of a model: a folder here, or one of the Hugging Face hub (its cache first).

    Args:
        variable: The setting that names the model.
        name: The model's name, or the path of its folder.

    Raises:
        ModelUnusable: It is neither.

    """
    folder = Path(name)
    return ModelFolder(variable, name, folder if folder.is_dir() else _from_hub(variable, name))


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
