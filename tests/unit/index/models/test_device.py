from __future__ import annotations

import pytest
import torch

from index.errors import ModelUnusable
from index.models.device import fastest_dtype, find_device


def has(monkeypatch: pytest.MonkeyPatch, *, cuda: bool = False, mps: bool = False, bf16: bool = False) -> None:
    """Let this machine have these devices."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: bf16)


@pytest.mark.parametrize(("cuda", "mps", "found"), [(False, False, "cpu"), (True, False, "cuda"), (False, True, "mps")])
def test_a_gpu_is_used_where_torch_has_one(cuda: bool, mps: bool, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, cuda=cuda, mps=mps)
    assert find_device("auto") == found
    assert find_device(found) == found
    assert find_device("cpu") == "cpu"


@pytest.mark.parametrize("wanted", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_an_error_that_says_what_to_do(
    wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch)
    with pytest.raises(ModelUnusable, match=rf"FOOTNOTE_DEVICE={wanted}, .*set FOOTNOTE_DEVICE=auto"):
        find_device(wanted)


def test_half_precision_is_used_where_it_is_native(monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, cuda=True, bf16=True)
    assert fastest_dtype("cuda") is torch.bfloat16
    has(monkeypatch, cuda=True)
    assert fastest_dtype("cuda") is torch.float32
    assert fastest_dtype("mps") is torch.float32
