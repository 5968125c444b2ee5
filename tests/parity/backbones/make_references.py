"""Writes what Keras's backbones compute, with random weights in Keras's own legacy files.

For each kind and size DIR gets <kind>-<size>.h5, .pictures (uint8, 0-255) and .output (float32),
and .json with the shapes. The files are large (3 GB for all), so take a few kinds at a time:

    python make_references.py DIR vgg16 resnet50        (--small or --default: one size)
    npx tsx tests/parity/backbones/check-references.ts DIR

Pictures go through the kind's own preprocess_input, and the graphs are those of weights="imagenet".
Weights and moving statistics are random so that outputs neither die nor explode, which is checked.

needs: pip install tensorflow-cpu==2.21.* keras==3.* h5py
"""
import importlib
import json
import os
import sys

import h5py
import numpy as np
from networks import BACKBONES, applications, build, keras

from keras.src.legacy.saving import legacy_h5_format

SMALL = 48


def preprocess(kind, pictures):
    module = getattr(applications, BACKBONES[kind][0]).__module__
    return importlib.import_module(module).preprocess_input(pictures.astype("float32"))


def flat(model):
    """All layers, those of models inside the model included."""
    for layer in model.layers:
        yield from flat(layer) if isinstance(layer, keras.Model) else [layer]


def shaken(rng, values, share=0.1):
    return (values * (1 + share * rng.standard_normal(values.shape))).astype("float32")


def randomize(model, rng):
    norms = [layer for layer in flat(model) if type(layer).__name__ == "BatchNormalization"]
    for layer in flat(model):
        for weight in layer.weights:
            values = weight.numpy()
            if type(layer).__name__ == "LayerScale":
                weight.assign(rng.uniform(0.2, 0.8, values.shape).astype("float32"))
            elif weight.name in ("bias", "beta"):
                weight.assign((0.05 * rng.standard_normal(values.shape)).astype("float32"))
            elif weight.name == "gamma":
                weight.assign(shaken(rng, values))
            elif weight.name == "kernel" and not norms and values.ndim == 4:
                # Without normalisation Glorot's kernels let the signal fade: He's keep it.
                weight.assign(values * np.float32(np.sqrt(values.shape[2] * 2 / sum(values.shape[2:])) * 1.2))
        if type(layer).__name__ == "Normalization" and layer.weights:
            mean, variance, _ = layer.weights
            mean.assign(np.float32([0.485, 0.456, 0.406]))
            variance.assign(np.float32([0.229, 0.224, 0.225]) ** 2)
            # It computes with copies of its weights, which loading a file renews.
            layer.finalize_state()
    return norms


def calibrate(model, norms, inputs):
    """Moving statistics of the pictures themselves: mean and a spread that is kept from being small
    beside that of other channels or the squared means, which would enlarge what is rounding."""
    momenta = [layer.momentum for layer in norms]
    for layer in norms:
        layer.momentum = 0.0
    model(inputs, training=True)
    statistics = []
    for layer, momentum in zip(norms, momenta):
        layer.momentum = momentum
        mean, variance = layer.moving_mean.numpy(), layer.moving_variance.numpy()
        spread = (variance + 2 * variance.mean() + np.square(mean).mean()) / 3 + 1e-3
        statistics.append((mean, spread))
    return statistics


def normalize(norms, statistics, calm):
    """Sets the statistics, shaken; `calm` widens the spread, so that signals grow less."""
    rng = np.random.default_rng(13)
    for layer, (mean, spread) in zip(norms, statistics):
        layer.moving_mean.assign(mean + 0.1 * np.sqrt(spread) * rng.standard_normal(mean.shape))
        layer.moving_variance.assign(np.abs(shaken(rng, calm * spread)))


def write(directory, kind, size):
    keras.backend.clear_session()
    keras.utils.set_random_seed(7)
    rng = np.random.default_rng(11)
    model = build(kind, size=size)
    # Two pictures of different brightness and grain.
    coarse = rng.integers(0, 256, (2, size // 8 + 1, size // 8 + 1, 3)).repeat(8, 1).repeat(8, 2)
    fine = rng.integers(-20, 21, (2, size, size, 3))
    pictures = (coarse[:, :size, :size] * np.array([1.0, 0.5]).reshape(2, 1, 1, 1) + fine).clip(0, 255).astype("uint8")
    inputs = preprocess(kind, pictures)
    norms = randomize(model, rng)
    statistics = calibrate(model, norms, inputs) if norms else []
    # Deep networks of random weights are chaotic: with outputs that are far apart Keras's own float32
    # is 2e-5 off its float64. So the widest spread that keeps them a hundredth apart; a 2000th
    # for EfficientNet, whose excitations weaken signals.
    enough = 5e-4 if kind.startswith("efficientnet") else 1e-2
    for calm in (4, 3, 2.2, 1.7, 1.3, 1, 0.8, 0.6):
        normalize(norms, statistics, calm)
        outputs = model(inputs, training=False).numpy()
        largest = float(np.abs(outputs).max())
        apart = float(np.abs(outputs[0] - outputs[1]).max())
        if apart >= enough * largest:
            break
    assert 1e-3 <= largest <= 1e3, (kind, size, largest)
    assert apart >= enough * largest, (kind, size, apart, largest)
    base = os.path.join(directory, f"{kind}-{size}")
    with h5py.File(f"{base}.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    pictures.tofile(f"{base}.pictures")
    outputs.astype("float32").tofile(f"{base}.output")
    with open(f"{base}.json", "w") as file:
        json.dump({"kind": kind, "size": size, "shape": list(outputs.shape)}, file)
    print(f"{kind} {size}: largest {largest:.3g}, apart {apart:.3g}", flush=True)


if __name__ == "__main__":
    only = {"--small": [True], "--default": [False]}
    which = [small for flag in sys.argv for small in only.get(flag, [])] or [True, False]
    target, *kinds = [word for word in sys.argv[1:] if word not in only]
    os.makedirs(target, exist_ok=True)
    for one in kinds or BACKBONES:
        _, default, least = BACKBONES[one]
        for small in which:
            write(target, one, max(SMALL, least) if small else default)
