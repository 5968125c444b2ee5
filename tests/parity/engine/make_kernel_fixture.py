"""Float64 reference values for src/engine/kernels, from Keras 3 and TensorFlow.

Needs: pip install keras tensorflow-cpu. Run: python make_kernel_fixture.py (writes kernels.json).
"""
import json
import pathlib

import keras
import numpy as np
import tensorflow as tf

keras.config.set_floatx("float64")
random = np.random.default_rng(20260101)
STEPS = 5


def optimizers():
    new = keras.optimizers
    return {
        "gradient_descent": new.SGD(0.05),
        "momentum": new.SGD(0.05, momentum=0.9),
        "nesterov": new.SGD(0.05, momentum=0.9, nesterov=True),
        "adam": new.Adam(0.01),
        "adamax": new.Adamax(0.01),
        "adadelta": new.Adadelta(0.5),
        "adagrad": new.Adagrad(0.05),
        "rmsprop": new.RMSprop(0.01),
        "rmsprop_momentum": new.RMSprop(0.01, momentum=0.9),
        "rmsprop_centered": new.RMSprop(0.01, centered=True),
        "rmsprop_centered_momentum": new.RMSprop(0.01, centered=True, momentum=0.9),
    }


def optimizer_cases():
    start = random.normal(size=(3, 2))
    gradients = random.normal(size=(STEPS, 3, 2))
    cases = {}
    for name, optimizer in optimizers().items():
        variable = keras.Variable(start)
        values = []
        for gradient in gradients:
            optimizer.apply([tf.constant(gradient)], [variable])
            values.append(variable.numpy().ravel().tolist())
        cases[name] = values
    return {"start": start.ravel().tolist(),
            "gradients": [g.ravel().tolist() for g in gradients], "cases": cases}


def batch_normalization_case(shape, scaled):
    channels = shape[-1]
    # Values that float32 holds exactly, so that the input is the same.
    x = random.normal(1.5, 2.0, shape).astype("float32").astype("float64")
    dy = random.normal(size=shape).astype("float32").astype("float64")
    gamma = random.uniform(0.5, 2, channels).astype("float32").astype("float64")
    beta = random.normal(size=channels).astype("float32").astype("float64")
    variables = [tf.Variable(v) for v in (x, gamma, beta)]
    with tf.GradientTape() as tape:
        axes = list(range(len(shape) - 1))
        mean, variance = tf.nn.moments(variables[0], axes)
        y = tf.nn.batch_normalization(
            variables[0], mean, variance, variables[2] if scaled else None,
            variables[1] if scaled else None, 0.001)
    gradients = tape.gradient(y, variables, output_gradients=tf.constant(dy),
                              unconnected_gradients="zero")
    flat = lambda t: np.asarray(t).ravel().tolist()
    return {"shape": list(shape), "scaled": scaled, "x": flat(x), "dy": flat(dy),
            "gamma": flat(gamma), "beta": flat(beta), "y": flat(y), "mean": flat(mean),
            "variance": flat(variance), "dx": flat(gradients[0]), "dgamma": flat(gradients[1]),
            "dbeta": flat(gradients[2])}


def value_and_gradients(function, *arguments):
    variables = [tf.Variable(a) for a in arguments]
    with tf.GradientTape() as tape:
        y = function(*variables)
    dy = random.normal(size=y.shape).astype("float32").astype("float64")
    gradients = tape.gradient(y, variables, output_gradients=tf.constant(dy))
    flat = lambda t: np.asarray(t).ravel().tolist()
    return {"inputs": [{"shape": list(a.shape), "values": flat(a)} for a in arguments],
            "y": flat(y), "dy": flat(dy), "gradients": [flat(g) for g in gradients]}


def exact(*shape):
    # Values that float32 holds exactly.
    return random.normal(0, 3, shape).astype("float32").astype("float64")


def kernel_cases():
    activations = {
        "relu": tf.nn.relu, "relu6": tf.nn.relu6, "selu": tf.nn.selu, "sigmoid": tf.sigmoid,
        "softplus": tf.math.softplus, "tanh": tf.tanh,
        "leaky_relu": lambda x: tf.nn.leaky_relu(x, 0.2),
    }
    cases = {name: value_and_gradients(f, exact(3, 5, 7)) for name, f in activations.items()}
    cases["bias"] = value_and_gradients(tf.add, exact(1, 3, 5, 7), exact(7))
    cases["bias_of_one_row"] = value_and_gradients(tf.add, exact(1, 5), exact(5))
    for name, padding, size in [("same", "SAME", 7), ("valid", "VALID", 7), ("one", "SAME", 1)]:
        cases[f"max_pool_{name}"] = value_and_gradients(
            lambda x: tf.nn.max_pool2d(x, 2, 2, padding), exact(1, size, 5, 3))
    cases["max_pool_overlapping"] = value_and_gradients(
        lambda x: tf.nn.max_pool2d(x, 3, 2, "SAME"), exact(2, 7, 9, 5))
    for name, rows in [("", 5), ("_of_one_row", 1)]:
        cases[f"matrix_product{name}"] = value_and_gradients(tf.matmul, exact(rows, 7), exact(7, 9))
    cases["matrix_product_of_many_rows"] = value_and_gradients(tf.matmul, exact(31, 3), exact(3, 2))
    cases["matrix_product_transposed"] = value_and_gradients(
        lambda a, b: tf.matmul(a, b, transpose_a=True, transpose_b=True), exact(7, 3), exact(5, 7))
    return cases


fixture = {
    "kernels": kernel_cases(),
    "optimizers": optimizer_cases(),
    "batch_normalization": [
        batch_normalization_case(shape, scaled)
        for shape in [(2, 5, 3, 7), (1, 3, 3, 2), (6, 5), (3, 4, 2), (2, 2, 3, 2, 3)]
        for scaled in (True, False)
    ],
}


def rounded(value):
    """Ten significant digits: enough for a float32 comparison, and a smaller file."""
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return value


pathlib.Path(__file__).with_name("kernels.json").write_text(
    json.dumps(rounded(fixture), separators=(",", ":")) + "\n")
