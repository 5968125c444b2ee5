"""Writes what Keras 3 computes under its policies float32, mixed_bfloat16 and mixed_float16.

needs: pip install tensorflow==2.21 keras
run:   python tests/parity/training/make_mixed_precision.py
"""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf

STEPS = 8
LEARNING_RATE = 0.02


def numbers(array):
    return [float(x) for x in np.asarray(array, dtype=np.float32).ravel()]


def build(policy):
    """As Keras's guide on mixed precision asks, the softmax is a float32 layer of its own."""
    keras.config.set_dtype_policy(policy)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(8, 3, padding="same", activation="relu", kernel_regularizer=keras.regularizers.L2(0.01)),
            layers.BatchNormalization(),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(16, activation="relu"),
            layers.Dense(3),
            layers.Activation("softmax", dtype="float32"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(LEARNING_RATE),
        loss=keras.losses.CategoricalCrossentropy(),
        jit_compile=False,
    )
    return model


def trained(policy, initial, images, labels):
    model = build(policy)
    model.set_weights(initial)
    assert all(v.dtype == "float32" for v in model.variables if "float" in v.dtype)
    predicted = numbers(model.predict_on_batch(images))
    losses = [float(model.train_on_batch(images, labels)) for _ in range(STEPS)]
    return {"predicted": predicted, "losses": losses}


def loss_scales():
    """The scale after each step; growth after 3 finite steps, some steps overflow."""
    finite = [True, True, True, True, False, False, True, True, True, False, True]
    optimizer = keras.optimizers.LossScaleOptimizer(
        keras.optimizers.Adam(0.1), dynamic_growth_steps=3
    )
    weight = keras.Variable([1.0, -2.0])
    optimizer.build([weight])
    steps = []
    for is_finite in finite:
        gradient = [0.5 if is_finite else np.inf, -1.0]
        # Keras differentiates the scaled loss.
        optimizer.apply([tf.constant(gradient, tf.float32) * optimizer.dynamic_scale], [weight])
        steps.append(
            {
                "gradient": [g if np.isfinite(g) else None for g in gradient],
                "scale": float(optimizer.dynamic_scale.numpy()),
                "counter": int(optimizer.step_counter.numpy()),
                "iterations": int(optimizer.inner_optimizer.iterations.numpy()),
                "weight": numbers(weight.numpy()),
            }
        )
    defaults = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam()).get_config()
    return {
        "initial_scale": defaults["initial_scale"],
        "dynamic_growth_steps": defaults["dynamic_growth_steps"],
        "steps": steps,
    }


def main():
    rng = np.random.default_rng(0)
    keras.utils.set_random_seed(0)
    labels = np.arange(12) % 3
    images = rng.uniform(0, 1, (12, 8, 8, 1)).astype(np.float32)
    images[labels == 1, :, :4] += 0.5
    images[labels == 2, 2:6] += 0.5
    initial = build("float32").get_weights()
    one_hot = np.eye(3, dtype=np.float32)[labels]
    fixture = {
        "learning_rate": LEARNING_RATE,
        "images": numbers(images),
        "labels": labels.tolist(),
        "initial": [numbers(w) for w in initial],
        "policies": {
            policy: trained(policy, initial, images, one_hot)
            for policy in ("float32", "mixed_bfloat16", "mixed_float16")
        },
        "loss_scale": loss_scales(),
    }
    path = Path(__file__).parent / "mixed-precision.json"
    path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


main()
