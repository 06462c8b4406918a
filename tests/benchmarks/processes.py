"""What this process and all that came of it cost, as Linux tells it (man 5 proc), with the standard library."""

from __future__ import annotations

import os
from pathlib import Path
from resource import RUSAGE_SELF, getrusage


def cpu_seconds() -> float:
    """Return the seconds of a processor that this process and all that came of it have taken."""
    ticks = os.sysconf("SC_CLK_TCK")
    own = getrusage(RUSAGE_SELF)
    # Of each process: its own time and that of its children that have ended.
    living = sum(sum(map(int, _stat(child)[11:15])) / ticks for child in children())
    ended = sum(map(int, _stat(os.getpid())[13:15])) / ticks
    return own.ru_utime + own.ru_stime + ended + living


def children() -> list[int]:
    """Return the processes that came of this one and live."""
    parents = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit() and (fields := _stat(int(path.name))):
            parents[int(path.name)] = int(fields[1])
    found = [os.getpid()]
    for above in found:
        found.extend(child for child, parent in parents.items() if parent == above)
    return found[1:]


def resident_megabytes(process: int) -> int:
    """Return the memory that a process has for itself, and its part of what it shares (its proportional set size)."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("Pss:")), 0)


def _stat(process: int) -> list[str]:
    """Return the fields of a process after its name; none where it has gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
