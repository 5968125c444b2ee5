"""Writes files/: one small model in every format that Keras has, and what it computes.

needs: pip install tensorflow-cpu==2.21.* keras==3.* h5py
usage: python make_files.py
"""
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import h5py
import keras
import numpy as np
from keras import layers

from keras.src.legacy.saving import legacy_h5_format

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
os.makedirs(here, exist_ok=True)
keras.utils.set_random_seed(3)


def small():
    """Branches, a model inside the model, an addition written as `+`, options of all kinds."""
    inputs = layers.Input((12, 12, 3), name="pictures")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    x = layers.Conv2D(4, 3, strides=2, padding="same", activation="silu",
                      kernel_regularizer="l2", name="first")(x)
    x = layers.BatchNormalization(epsilon=1e-4, name="norm")(x)
    stem = keras.Sequential([layers.Conv2D(6, 2, name="inner_conv"),
                             layers.LayerNormalization(epsilon=1e-6, name="inner_norm")], name="inner")
    left = stem(x)
    right = layers.SeparableConv2D(6, 2, depthwise_initializer="he_normal", name="right")(x)
    x = left + right
    x = layers.ReLU(6.0, name="clip")(x)
    x = layers.GlobalAveragePooling2D(keepdims=True, name="mean")(x)
    x = layers.Flatten(name="flat")(x)
    return keras.Model(inputs, layers.Dense(3, activation="softmax", name="classes")(x), name="small")


model = small()
rng = np.random.default_rng(5)
for weight in model.weights:
    noise = rng.standard_normal(weight.shape).astype("float32")
    weight.assign(np.abs(1 + 0.2 * noise) if weight.name in ("gamma", "moving_variance") else 0.4 * noise)

model.save(os.path.join(here, "small.keras"))
model.save_weights(os.path.join(here, "small.weights.h5"))
with open(os.path.join(here, "small.json"), "w") as file:
    file.write(model.to_json())
with h5py.File(os.path.join(here, "small.h5"), "w") as file:
    legacy_h5_format.save_weights_to_hdf5_group(file, model)
# As in a file of a whole model, and with attributes in several parts as above 64,512 bytes.
with h5py.File(os.path.join(here, "small-split.h5"), "w") as file:
    group = file.create_group("model_weights")
    legacy_h5_format.save_weights_to_hdf5_group(group, model)
    names = [str(name) for name in group.attrs["layer_names"]]
    del group.attrs["layer_names"]
    group.attrs["layer_names0"] = names[:3]
    group.attrs["layer_names1"] = names[3:]
# The model with a head around it: the backbone is a layer of a larger model.
outer_input = layers.Input((12, 12, 3))
outer = keras.Model(outer_input, layers.Dense(2, name="head")(model(outer_input)))
outer.save_weights(os.path.join(here, "nested.weights.h5"))

pictures = rng.integers(0, 256, (2, 12, 12, 3))
outputs = model(pictures.astype("float32"), training=False).numpy()
with open(os.path.join(here, "expected.json"), "w") as file:
    json.dump({"pictures": pictures.reshape(-1).tolist(), "outputs": outputs.reshape(-1).tolist()}, file)
print(outputs, sum(os.path.getsize(os.path.join(here, name)) for name in os.listdir(here)))
