"""Write a trained network as an ONNX model with its matrices in 8 bits."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import onnx
import torch
from network import Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from pagefacts.tagging.windows import LENGTH

_SIGNED: Final = QuantType.QInt8

NAME: Final = "pagefacts-entities"
VERSION: Final = 1
"""Raised with every model that is shipped: provenance names it."""


def export(network: Network, path: Path, *, bits8: bool = True) -> None:
    """Write ``network`` to ``path``.

    Inputs ``pieces`` and ``shapes``, int64 (1, length); output ``scores``, float32 (1, length, tags). Weights are
    quantised to 8 bits, a scale for each column; what flows between the layers, when the model runs. Matrices use 7 of
    the bits, since their products overflow on processors without VNNI: the same model then says the same everywhere.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared = Path(folder) / "plain.onnx", Path(folder) / "prepared.onnx"
        _write(network, plain)
        quant_pre_process(plain, prepared, skip_symbolic_shape=True)
        if bits8:
            matrices = Path(folder) / "matrices.onnx"
            quantize_dynamic(prepared, matrices, ["MatMul"], per_channel=True, reduce_range=True, weight_type=_SIGNED)
            quantize_dynamic(matrices, path, ["Gather"], weight_type=_SIGNED)
        else:
            path.write_bytes(prepared.read_bytes())
    model = onnx.load(path)
    model.graph.name, model.model_version = NAME, VERSION
    model.graph.doc_string = model.doc_string = ""
    onnx.save(model, path)


def _write(network: Network, path: Path) -> None:
    length = torch.export.Dim("length", min=2, max=4 * LENGTH)
    example = torch.ones((1, LENGTH), dtype=torch.int64)
    torch.onnx.export(
        network.eval(),
        (example, example.clone()),  # one tensor for both would make them one input
        str(path),
        input_names=["pieces", "shapes"],
        output_names=["scores"],
        dynamic_shapes={"pieces": {1: length}, "shapes": {1: length}},
        dynamo=True,
        external_data=False,
        verbose=False,
    )
