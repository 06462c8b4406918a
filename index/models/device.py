"""The device: where torch computes, a GPU where it has one."""

from __future__ import annotations

import torch

from index.errors import ModelUnusable

CPU, AUTO = "cpu", "auto"


def find_device(wanted: str) -> str:
    """Return the device of this name, "cpu", "cuda" or "mps"; for "auto" a GPU where there is one, else the CPU.

    Raises ModelUnusable where torch has no such device here.
    """
    there = {CPU: True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == AUTO:
        return next((name for name in ("cuda", "mps") if there[name]), CPU)
    if not there[wanted]:
        raise ModelUnusable(
            f"FOOTNOTE_DEVICE={wanted}, and torch {torch.__version__} finds no such device here: install a torch that"
            f" is built for it, and its driver, or set FOOTNOTE_DEVICE={AUTO}"
        )
    return wanted


def fastest_dtype(device: str = CPU) -> torch.dtype:
    """Return bfloat16 where the device multiplies it natively (CPUs 1.5 times as fast, same quality), else float32."""
    if device == CPU:
        return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32
    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    return torch.float32
