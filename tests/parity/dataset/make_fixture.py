"""Reference values for src/dataset from TensorFlow, Keras and NumPy.

needs: pip install tensorflow-cpu keras numpy
run:   python make_fixture.py   (writes fixture.json beside it)
"""

import json
import pathlib

import keras
import numpy as np
import tensorflow as tf
from keras.src.applications.imagenet_utils import preprocess_input

random = np.random.default_rng(7)


def resized(image, height, width):
    result = tf.image.resize(image.astype("float32"), [height, width], antialias=True)
    return np.asarray(result)


def equalized(channel):
    """OpenCV's equalizeHist, from its documentation: cumulative counts, scaled to 0..255."""
    counts = np.bincount(channel.ravel(), minlength=256)
    lowest = np.flatnonzero(counts)[0]
    rest = channel.size - counts[lowest]
    if rest == 0:
        return channel
    cumulative = np.cumsum(counts) - counts[lowest]
    table = np.rint(cumulative.astype("float32") * np.float32(255) / rest).clip(0, 255)
    return table.astype("uint8")[channel]


def picture(image):
    height, width, channels = image.shape
    return {
        "height": height,
        "width": width,
        "channels": channels,
        "pixels": image.ravel().tolist(),
    }


color = random.integers(0, 256, (13, 17, 3), dtype=np.uint8)
gray = random.integers(30, 200, (9, 12, 1), dtype=np.uint8)
batch = random.integers(0, 256, (5, 4, 4, 3), dtype=np.uint8)
normalization = keras.layers.Normalization(axis=-1)
normalization.adapt(batch.astype("float32"))

fixture = {
    "resize": [
        {
            "input": picture(image),
            "height": height,
            "width": width,
            # In float, for the test to round: TensorFlow computes in float32.
            "output": resized(image, height, width).ravel().round(4).tolist(),
        }
        for image in (color, gray)
        for height, width in ((7, 9), (20, 31), (13, 5), (1, 1))
    ],
    "grayscale": {
        "input": picture(color),
        "output": np.asarray(tf.image.rgb_to_grayscale(color.astype("float32")))
        .ravel()
        .round(4)
        .tolist(),
    },
    "center_crop": [
        {
            "input": picture(color),
            "size": size,
            "output": np.asarray(keras.layers.CenterCrop(*size)(color)).astype(int).ravel().tolist(),
        }
        for size in ([6, 8], [13, 17], [5, 17], [12, 3])
    ],
    "histogram_equalization": [
        {
            "input": picture(image),
            "output": np.stack(
                [equalized(image[..., channel]) for channel in range(image.shape[-1])], -1
            )
            .ravel()
            .tolist(),
        }
        for image in (color, gray, np.full((3, 3, 1), 9, np.uint8))
    ],
    "backbone": {
        mode: preprocess_input(
            color[:2, :3].astype("float32"), data_format="channels_last", mode=mode
        )
        .ravel()
        .tolist()
        for mode in ("caffe", "tf", "torch")
    },
    "standardize": {
        "images": [image.ravel().tolist() for image in batch],
        "mean": np.asarray(normalization.mean).ravel().tolist(),
        "variance": np.asarray(normalization.variance).ravel().tolist(),
        "output": np.asarray(normalization(batch[:1].astype("float32"))).ravel().tolist(),
    },
}

path = pathlib.Path(__file__).with_name("fixture.json")
path.write_text(json.dumps(fixture) + "\n")
