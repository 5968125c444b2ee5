"""Writes outputs.json.gz: what one backbone of each family computes with weights from a formula.

The formula needs no files: weight w at place j is a hash of (w, j), scaled by what kind of weight it
is (formula.ts has the same). Pictures are coarse blocks by the same hash.

needs: pip install tensorflow-cpu==2.21.* keras==3.*
usage: python make_outputs.py [backbone ...]        (others stay as they are)
"""
import base64
import gzip
import json
import os
import sys

import numpy as np
from make_references import flat
from networks import BACKBONES, build, keras

KINDS = ["vgg16", "resnet50", "resnet50_v2", "xception", "inception_v3", "inception_resnet_v2",
         "mobilenet", "mobilenet_v2", "densenet121", "efficientnet_b0", "nasnet_mobile", "convnext_tiny"]


def uniform(number, count):
    """-1 ... 1 in 24 bits, by murmur3's finaliser."""
    h = np.arange(count, dtype=np.uint32) + np.uint32(number * 0x9E3779B1 % 2**32)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return (h >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def value(number, layer, weight):
    shape = tuple(weight.shape)
    kind = type(layer).__name__
    u = uniform(number, int(np.prod(shape))).reshape(shape)
    if weight.name == "count":
        return np.zeros(shape)
    if kind == "LayerScale":
        return 0.5 + 0.3 * u
    if kind == "Normalization":
        return 0.45 + 0.05 * u if weight.name == "mean" else 0.05 + 0.01 * u
    if weight.name in ("gamma", "moving_variance"):
        return 1 + 0.2 * u
    if len(shape) == 1:
        return 0.1 * u
    if kind == "DepthwiseConv2D" or weight.name == "depthwise_kernel":
        # Without an activation before the next one, as far as separable ones go.
        gain = 2 if kind == "DepthwiseConv2D" else np.sqrt(3)
        return u * gain / np.sqrt(float(shape[0] * shape[1]))
    return u * np.sqrt(6 / float(np.prod(shape[:-1])))


def pictures(size):
    blocks = -(-size // 8)
    coarse = np.floor((uniform(0, 2 * blocks * blocks * 3) + 1) * 128).reshape(2, blocks, blocks, 3)
    coarse[1] = np.floor(coarse[1] / 2)
    return coarse.repeat(8, 1).repeat(8, 2)[:, :size, :size]


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(here, "outputs.json.gz")
    results = json.loads(gzip.open(path).read()) if sys.argv[1:] else {}
    for one in sys.argv[1:] or KINDS:
        keras.backend.clear_session()
        # At the smallest size nearly all taps of depthwise windows lie outside of the last maps.
        side = 64 if one.startswith(("mobilenet", "efficientnet")) else BACKBONES[one][2]
        model = build(one, size=side)
        number = 0
        for layer in flat(model):
            for weight in layer.weights:
                number += 1
                weight.assign(value(number, layer, weight).astype("float32"))
            if hasattr(layer, "finalize_state"):
                layer.finalize_state()
        takes_pixels = one.startswith(("efficientnet", "convnext"))
        inputs = pictures(side) if takes_pixels else pictures(side) / 128 - 1
        outputs = model(inputs.astype("float32"), training=False).numpy()
        largest = float(np.abs(outputs).max())
        apart = float(np.abs(outputs[0] - outputs[1]).max())
        print(one, outputs.shape, f"{largest:.3g} {apart:.3g}", flush=True)
        assert 1e-3 <= largest <= 1e3 and apart > 1e-2 * largest, one
        results[one] = {"size": side, "shape": list(outputs.shape),
                        "outputs": base64.b64encode(outputs.astype("float32").tobytes()).decode()}
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(json.dumps(results).encode())
