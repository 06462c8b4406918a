"""History: the generations on disk, and the way back to an earlier one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from index.errors import GenerationGone, IndexDamaged
from index.store.data_folder import DataFolder
from index.store.manifest import Manifest, read_manifest, verify
from index.store.sharing import link


def history(data: DataFolder) -> tuple[Manifest, ...]:
    """Return what is known of the generations on disk, newest first; those that cannot be read are left out."""
    manifests = []
    for number in data.published():
        with suppress(IndexDamaged):
            manifests.append(read_manifest(data.generation(number)))
    return tuple(manifests)


def roll_back(data: DataFolder, number: int | None = None, *, held: bool = False) -> Manifest:
    """Bring back an earlier generation as the newest one, under a number of its own, and return what is known of it.

    Without a `number` that is the one before the current. Numbers only ever grow, so that whoever reads meets it as
    they meet any new one; where it is `held` back, whoever asked publishes it. Raises WriterBusy, GenerationGone
    where it is not kept, and IndexDamaged where it is not whole.
    """
    with data.lock():
        current = data.current()
        kept = [one for one in data.published() if current is not None and one < current]
        wanted = next(iter(kept), None) if number is None else number
        if wanted is None or wanted not in kept:
            shown = ", ".join(map(str, kept)) or "none"
            raise GenerationGone(f"there is no earlier generation {wanted or ''} to go back to; kept are: {shown}")
        folder = data.generation(wanted)
        manifest = read_manifest(folder)
        verify(folder, manifest)
        restored = replace(
            manifest,
            number=max(data.published()) + 1,
            created_at=datetime.now(UTC),
            restored=manifest.restored or manifest.number,
        )
        with data.building() as new:
            for name in manifest.files:
                link(folder / name, new / name)
            restored.write(new)
            (data.hold if held else data.publish)(new, restored.number)
    return restored
