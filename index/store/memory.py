"""Memory: what a closed index leaves behind is given back to the system."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Have the C library return what it holds unused, where it is glibc; elsewhere this does nothing.

    Each thread that searched has an arena of its own there, and what a closed index leaves in them is too scattered to
    be returned unasked: a process would grow by a fifth over sixty swaps.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
