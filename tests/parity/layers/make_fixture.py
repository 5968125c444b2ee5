"""Writes fixture.json.gz: what Keras 3 computes for layers of the catalogue.

needs: pip install tensorflow-cpu==2.21.* keras==3.*
usage: python make_fixture.py
"""
import base64
import gzip
import inspect
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(7)
LEARNING_RATE = 0.05

# Keras's class where it is not the type in camel case.
CLASSES = {
    "relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "prelu": "PReLU",
    "gru": "GRU", "lstm": "LSTM", "simple_rnn": "SimpleRNN", "conv_lstm2d": "ConvLSTM2D",
    "random_flip": "RandomFlip",
}


def class_of(kind):
    name = CLASSES.get(kind) or "".join(part[:1].upper() + part[1:] for part in kind.split("_"))
    for rank in "123":
        name = name.replace(f"{rank}dTranspose", f"{rank}DTranspose")
        if name.endswith(f"{rank}d"):
            name = name[:-1] + "D"
    return getattr(keras.layers, name, None)


def keras_layer(entry):
    options = {key: value for key, value in entry.items() if key != "type"}
    for key, value in options.items():
        if key.endswith("_regularizer") and isinstance(value, dict):
            value = dict(value)
            options[key] = {"l1": keras.regularizers.L1, "l2": keras.regularizers.L2,
                            "l1_l2": keras.regularizers.L1L2}[value.pop("type")](**value)
        if key == "layer":
            options[key] = keras_layer(value)
    return class_of(entry["type"])(**options)


def packed(array):
    array = np.asarray(array, dtype="float32")
    return {"shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


def random(shape, low=-1.0, high=1.0):
    """Odd multiples of 1/2048: short enough to compress, and never on a kink such as 0 or 0.5."""
    return ((np.floor(rng.uniform(low, high, shape) * 1024) + 0.5) / 1024).astype("float32")


def case(entry, *shapes, values=None, label=None):
    """One step of gradient descent on sum(output * projection) + penalties, batch of 2."""
    inputs = values or [random((2, *shape)) for shape in shapes]
    layer = keras_layer(entry)
    tensors = [tf.constant(array) for array in inputs]
    argument = tensors[0] if len(tensors) == 1 else tensors
    call = (lambda training: layer(*tensors, training=training)) if entry["type"] == "multi_head_attention" and len(tensors) > 1 else (lambda training: layer(argument, training=training))
    if entry["type"] == "multi_head_attention" and len(tensors) == 1:
        call = lambda training: layer(tensors[0], tensors[0], training=training)
    call(False)
    # Everything is random, statistics included, so that every weight matters.
    for weight in layer.weights:
        low, high = (0.5, 1.5) if "variance" in weight.name else (-0.7, 0.7)
        weight.assign(random(weight.shape, low, high))
    before = [weight.numpy() for weight in layer.weights]
    inference = call(False).numpy()
    projection = random(inference.shape)
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        output = call(True)
        loss = tf.reduce_sum(output * projection) + sum(layer.losses, tf.constant(0.0))
    variables = [weight.value for weight in layer.trainable_weights]
    gradients, input_gradients = tape.gradient(loss, [variables, tensors])
    for variable, gradient in zip(variables, gradients):
        variable.assign_sub(LEARNING_RATE * tf.convert_to_tensor(gradient))
    return {
        "label": label or json.dumps(entry),
        "entry": entry,
        "inputs": [packed(array) for array in inputs],
        "names": [weight.name for weight in layer.weights],
        "weights": [packed(array) for array in before],
        "output": packed(inference),
        "training_output": packed(output),
        "projection": packed(projection),
        "input_gradients": [None if g is None else packed(tf.convert_to_tensor(g)) for g in input_gradients],
        "updated": [packed(weight.numpy()) for weight in layer.weights],
        "loss": float(loss),
    }


def windows():
    """Sizes, strides and padding where `same` is not symmetric."""
    cases = []
    for pad in ("valid", "same"):
        for size, stride in ((3, 1), (3, 2), (2, 3), (5, 2)):
            options = {"kernel_size": size, "strides": stride, "padding": pad}
            cases.append(case({"type": "conv2d", "filters": 2, **options}, (7, 8, 2)))
            cases.append(case({"type": "conv1d", "filters": 2, **options}, (9, 2)))
            cases.append(case({"type": "conv2d_transpose", "filters": 2, **options}, (4, 5, 2)))
            pooling = {"pool_size": size, "strides": stride, "padding": pad}
            for kind in ("max", "average"):
                cases.append(case({"type": f"{kind}_pooling2d", **pooling}, (7, 8, 2)))
                cases.append(case({"type": f"{kind}_pooling1d", **pooling}, (9, 2)))
        rectangle = {"kernel_size": [3, 2], "strides": [2, 1], "padding": pad}
        cases.append(case({"type": "conv2d", "filters": 3, **rectangle}, (6, 5, 2)))
        cube = {"kernel_size": 2, "strides": 2, "padding": pad}
        cases.append(case({"type": "conv3d", "filters": 2, **cube}, (5, 4, 3, 2)))
        cases.append(case({"type": "conv1d_transpose", "filters": 2, "kernel_size": 3, "strides": 2, "padding": pad}, (4, 2)))
        cases.append(case({"type": "conv3d_transpose", "filters": 2, **cube}, (2, 3, 2, 2)))
        for stride in (1, 2):
            deep = {"kernel_size": 3, "strides": stride, "padding": pad, "depth_multiplier": 2}
            cases.append(case({"type": "depthwise_conv2d", **deep}, (6, 5, 2)))
            cases.append(case({"type": "separable_conv2d", "filters": 3, **deep}, (6, 5, 2)))
            cases.append(case({"type": "depthwise_conv1d", **deep}, (7, 2)))
            cases.append(case({"type": "separable_conv1d", "filters": 3, **deep}, (7, 2)))
        for kind in ("max", "average"):
            cases.append(case({"type": f"{kind}_pooling3d", "pool_size": 2, "padding": pad}, (5, 4, 3, 2)))
    return cases


def convolutions():
    base = {"type": "conv2d", "kernel_size": 3, "padding": "same"}
    return [
        case({**base, "filters": 4, "dilation_rate": 2, "activation": "relu"}, (6, 6, 2)),
        case({**base, "filters": 4, "groups": 2}, (5, 5, 4)),
        case({**base, "filters": 8, "groups": 4, "strides": 2}, (5, 5, 4)),
        case({**base, "filters": 2, "use_bias": False, "kernel_regularizer": {"type": "l2", "l2": 0.02}}, (4, 4, 2)),
        case({**base, "filters": 2, "kernel_regularizer": "l1", "bias_regularizer": {"type": "l1_l2", "l1": 0.03, "l2": 0.02}}, (4, 4, 2)),
        case({"type": "conv1d", "filters": 3, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, (8, 2)),
        case({"type": "conv1d", "filters": 4, "kernel_size": 3, "groups": 2}, (8, 4)),
        case({"type": "depthwise_conv2d", "kernel_size": 3, "dilation_rate": 2, "padding": "same"}, (6, 6, 2)),
    ]


def recurrent():
    cases = []
    for kind in ("simple_rnn", "lstm", "gru"):
        for options in ({}, {"return_sequences": True, "go_backwards": True}, {"use_bias": False}):
            cases.append(case({"type": kind, "units": 3, **options}, (4, 2)))
        inner = {"type": kind, "units": 2, "return_sequences": kind == "lstm"}
        cases.append(case({"type": "bidirectional", "layer": inner, "merge_mode": "sum" if kind == "gru" else "concat"}, (4, 2)))
    cases.append(case({"type": "gru", "units": 3, "reset_after": False}, (4, 2)))
    cases.append(case({"type": "lstm", "units": 3, "activation": "relu", "recurrent_activation": "hard_sigmoid"}, (4, 2)))
    cases.append(case({"type": "conv_lstm2d", "filters": 2, "kernel_size": 3, "padding": "same"}, (3, 4, 4, 2)))
    cases.append(case({"type": "conv_lstm2d", "filters": 2, "kernel_size": 2, "return_sequences": True}, (3, 4, 4, 1)))
    for inner in ({"type": "dense", "units": 2, "activation": "tanh"}, {"type": "conv2d", "filters": 2, "kernel_size": 2}):
        cases.append(case({"type": "time_distributed", "layer": inner}, (3, 4) if inner["type"] == "dense" else (2, 4, 4, 1)))
    cases.append(case({"type": "multi_head_attention", "num_heads": 2, "key_dim": 3}, (4, 5)))
    cases.append(case({"type": "multi_head_attention", "num_heads": 2, "key_dim": 2, "value_dim": 3, "use_bias": False}, (4, 5), (3, 2)))
    numbers = rng.integers(0, 6, (3, 4)).astype("float32")
    cases.append(case({"type": "embedding", "input_dim": 6, "output_dim": 3}, values=[numbers]))
    return cases


def plain():
    image = (4, 5, 4)
    cases = [case({"type": "activation", "activation": name}, (3, 6), values=[random((2, 40), -5, 5)]) for name in (
        "linear relu relu6 leaky_relu elu celu selu gelu silu swish mish sigmoid hard_sigmoid hard_silu hard_swish "
        "hard_tanh hard_shrink soft_shrink tanh_shrink tanh exponential softplus softsign squareplus log_sigmoid "
        "softmax log_softmax").split()]
    for options in ({}, {"max_value": 0.5}, {"negative_slope": 0.2, "threshold": 0.3, "max_value": 0.8}):
        cases.append(case({"type": "relu", **options}, image))
    for kind in ("leaky_relu", "elu", "prelu", "softmax", "flatten", "batch_normalization", "layer_normalization",
                 "unit_normalization", "global_max_pooling2d", "global_average_pooling2d", "zero_padding2d",
                 "up_sampling2d", "cropping2d"):
        cases.append(case({"type": kind}, image))
    cases += [
        case({"type": "prelu", "shared_axes": [1, 2]}, image),
        case({"type": "dense", "units": 3, "activation": "softmax", "kernel_regularizer": "l2"}, (5,)),
        case({"type": "dense", "units": 3, "use_bias": False, "activation": "gelu"}, (2, 3, 4)),
        case({"type": "batch_normalization", "scale": False, "momentum": 0.8}, image),
        case({"type": "batch_normalization", "center": False, "epsilon": 0.1}, (6,)),
        case({"type": "batch_normalization"}, (4, 3)),
        case({"type": "layer_normalization", "center": False}, (6,)),
        case({"type": "group_normalization", "groups": 2}, image),
        case({"type": "group_normalization", "groups": -1, "scale": False}, image),
        case({"type": "normalization", "mean": [0.1, 0.2, 0.3, 0.4], "variance": [1.0, 2.0, 0.5, 0.1]}, image),
        case({"type": "rescaling", "scale": 0.25, "offset": -1}, image),
        case({"type": "rescaling", "scale": [1.0, 2.0, 3.0, 4.0], "offset": [0.0, 1.0, 2.0, 3.0]}, image),
        case({"type": "resizing", "height": 7, "width": 9}, image),
        case({"type": "resizing", "height": 3, "width": 2}, image),
        case({"type": "resizing", "height": 7, "width": 3, "interpolation": "nearest"}, image),
        case({"type": "center_crop", "height": 3, "width": 2}, image),
        case({"type": "reshape", "target_shape": [10, -1]}, image),
        case({"type": "permute", "dims": [3, 1, 2]}, image),
        case({"type": "repeat_vector", "n": 3}, (4,)),
        case({"type": "up_sampling2d", "size": [2, 3], "interpolation": "bilinear"}, image),
        case({"type": "up_sampling1d", "size": 3}, (3, 2)),
        case({"type": "up_sampling3d"}, (2, 2, 3, 2)),
        case({"type": "zero_padding1d", "padding": [1, 2]}, (3, 2)),
        case({"type": "zero_padding2d", "padding": [[1, 2], [0, 3]]}, image),
        case({"type": "zero_padding3d", "padding": [1, 0, 2]}, (2, 2, 3, 2)),
        case({"type": "cropping1d", "cropping": [1, 2]}, (5, 2)),
        case({"type": "cropping2d", "cropping": [[1, 2], [0, 3]]}, image),
        case({"type": "cropping3d", "cropping": 1}, (3, 4, 3, 2)),
        case({"type": "concatenate"}, image, (4, 5, 2)),
        case({"type": "concatenate", "axis": 1}, (2, 3), (4, 3), (1, 3)),
        case({"type": "subtract"}, image, image),
        case({"type": "dot", "axes": 1}, (4,), (4,)),
        case({"type": "dot", "axes": [2, 1], "normalize": True}, (3, 4), (4, 2)),
    ]
    for kind in ("max", "average"):
        for rank, shape in ((1, (4, 3)), (2, image), (3, (2, 3, 2, 3))):
            cases.append(case({"type": f"global_{kind}_pooling{rank}d", "keepdims": True}, shape))
        cases.append(case({"type": f"global_{kind}_pooling1d"}, (4, 3)))
        cases.append(case({"type": f"global_{kind}_pooling3d"}, (2, 3, 2, 3)))
    for kind in ("add", "multiply", "average", "maximum", "minimum"):
        cases.append(case({"type": kind}, (3, 4), (3, 4), (3, 4)))
    cases.append(case({"type": "add"}, (3, 4, 2), (1, 1, 2)))
    return cases


def augmentations():
    """Ranges of one value make the draws the same everywhere."""
    cases = []
    for mode in ("reflect", "nearest", "wrap", "constant"):
        for interpolation in ("bilinear", "nearest"):
            fill = {"fill_mode": mode, "interpolation": interpolation}
            cases.append({"type": "random_rotation", "factor": [0.07, 0.07], **fill})
            cases.append({"type": "random_zoom", "height_factor": [0.31, 0.31], **fill})
            cases.append({"type": "random_zoom", "height_factor": [-0.3, -0.3], "width_factor": [0.2, 0.2], **fill})
            cases.append({"type": "random_translation", "height_factor": [0.21, 0.21], "width_factor": [-0.33, -0.33], **fill})
    cases.append({"type": "random_brightness", "factor": [0.2, 0.2], "value_range": [0, 1]})
    results = []
    images = random((2, 7, 6, 2), 0, 1)
    for entry in cases:
        output = keras_layer(entry)(images, training=True)
        results.append({"entry": entry, "output": packed(output)})
    return {"images": packed(images), "cases": results}


def constraints():
    weight = random((3, 4), -2, 2)
    made = [
        ("max_norm", keras.constraints.MaxNorm()),
        ({"type": "max_norm", "max_value": 1.5, "axis": 1}, keras.constraints.MaxNorm(1.5, axis=1)),
        ("unit_norm", keras.constraints.UnitNorm()),
        ("non_neg", keras.constraints.NonNeg()),
        ("min_max_norm", keras.constraints.MinMaxNorm()),
        ({"type": "min_max_norm", "min_value": 3, "max_value": 4, "rate": 0.5}, keras.constraints.MinMaxNorm(3, 4, 0.5)),
    ]
    return {"weight": packed(weight), "cases": [{"config": config, "output": packed(of(weight))} for config, of in made]}


def masked():
    """Masking and what follows it; recurrent layers skip the steps that are all zero."""
    x = random((3, 4, 2))
    x[0, 1:3] = 0
    x[1, 3] = 0
    results = []
    for entry in ({"type": "lstm", "units": 2}, {"type": "gru", "units": 2, "return_sequences": True},
                  {"type": "global_average_pooling1d"}):
        inputs = keras.Input((4, 2))
        layer = keras_layer(entry)
        model = keras.Model(inputs, layer(keras.layers.Masking()(inputs)))
        for weight in layer.weights:
            weight.assign(random(weight.shape))
        results.append({"entry": entry, "weights": [packed(w.numpy()) for w in layer.weights], "output": packed(model(x))})
    return {"input": packed(x), "cases": results}


def local_response():
    """tf.nn.local_response_normalization, which Keras has no layer for."""
    x = random((2, 3, 3, 9))
    projection = random(x.shape)
    options = {"depth_radius": 2, "bias": 2.0, "alpha": 1e-4, "beta": 0.75}
    strong = {"depth_radius": 3, "bias": 1.5, "alpha": 0.8, "beta": 0.6}
    results = []
    for entry in ({}, options, strong):
        tensor = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(tensor)
            output = tf.nn.local_response_normalization(tensor, **entry)
            loss = tf.reduce_sum(output * projection)
        results.append({"entry": {"type": "local_response_normalization", **entry}, "output": packed(output),
                        "gradient": packed(tape.gradient(loss, tensor))})
    return {"input": packed(x), "projection": packed(projection), "cases": results}


def defaults():
    """Arguments of Keras's constructors with their defaults; a missing default is absent."""
    from_keras = {}
    for kind in json.load(open(os.path.join(os.path.dirname(__file__), "types.json"))):
        cls = class_of(kind)
        if cls is None:
            continue
        parameters = inspect.signature(cls.__init__).parameters.values()
        from_keras[kind] = {
            "required": [p.name for p in parameters if p.default is p.empty and p.name != "self" and p.kind == p.POSITIONAL_OR_KEYWORD],
            "defaults": {p.name: p.default for p in parameters if p.default is not p.empty},
        }
    return from_keras


if __name__ == "__main__":
    fixture = {
        "learning_rate": LEARNING_RATE,
        "cases": windows() + convolutions() + recurrent() + plain(),
        "augmentations": augmentations(),
        "constraints": constraints(),
        "masked": masked(),
        "local_response": local_response(),
        "defaults": defaults(),
    }
    path = os.path.join(os.path.dirname(__file__), "fixture.json.gz")
    with open(path, "wb") as file:
        with gzip.GzipFile("", "wb", 9, file, 0) as packed_file:
            packed_file.write(json.dumps(fixture, default=str).encode())
    print(f"{len(fixture['cases'])} cases, {os.path.getsize(path)} bytes")
