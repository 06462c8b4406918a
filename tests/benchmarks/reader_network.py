"""The network that the reader is trained as: BERT's encoder, of the size of all-MiniLM-L6-v2, with heads of its own."""

from __future__ import annotations

import torch
from torch import Tensor, nn

_WIDTH, _LAYERS, _HEADS, _INNER, _POSITIONS, _WORDS, _KINDS = 384, 6, 12, 1536, 512, 30522, 2
_FAR = -1e4


class Network(nn.Module):
    """BERT's encoder with two heads: where the answer starts and ends, and whether there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(_WORDS, _WIDTH)
        self.positions = nn.Embedding(_POSITIONS, _WIDTH)
        self.kinds = nn.Embedding(_KINDS, _WIDTH)
        self.norm = nn.LayerNorm(_WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(_Layer() for _ in range(_LAYERS))
        self.span = nn.Linear(_WIDTH, 2)
        self.answers = nn.Sequential(nn.Linear(_WIDTH, _WIDTH), nn.Tanh(), nn.Linear(_WIDTH, 1))

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Score every token as start and as end, `(batch, length)`, and that there is an answer, `(batch,)`.

        All arguments are `(batch, length)`; `kinds` is 1 for the tokens of the passage, `mask` is False for padding.
        """
        state = self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]] + self.kinds(kinds))
        hidden = torch.zeros(mask.shape, dtype=state.dtype).masked_fill_(~mask, _FAR)[:, None, None, :]
        for layer in self.layers:
            state = layer(state, hidden)
        starts, ends = self.span(state).unbind(-1)
        return starts, ends, self.answers(state[:, 0]).squeeze(-1)


class _Layer(nn.Module):
    """One layer of the encoder: attention among all tokens, then a small network for each."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.Linear(_WIDTH, 3 * _WIDTH)
        self.attended = nn.Linear(_WIDTH, _WIDTH)
        self.attended_norm = nn.LayerNorm(_WIDTH, eps=1e-12)
        self.widen = nn.Linear(_WIDTH, _INNER)
        self.narrow = nn.Linear(_INNER, _WIDTH)
        self.norm = nn.LayerNorm(_WIDTH, eps=1e-12)

    def forward(self, state: Tensor, hidden: Tensor) -> Tensor:
        """Give the next state; `hidden` is added to the attention scores and so hides the padding."""
        batch, length, width = state.shape
        each = self.attend(state).view(batch, length, 3, _HEADS, width // _HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = each.unbind(0)
        seen = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=hidden)
        state = self.attended_norm(state + self.attended(seen.transpose(1, 2).reshape(batch, length, width)))
        added: Tensor = self.norm(state + self.narrow(nn.functional.gelu(self.widen(state))))
        return added
