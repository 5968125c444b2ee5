"""Writes what Keras 3 computes for optimizers, schedules, losses, callbacks and one small CNN.

needs: pip install tensorflow==2.21 keras scikit-learn
run:   python tests/parity/training/make_fixture.py
"""

import json
import os
import random
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf
from sklearn.utils.class_weight import compute_class_weight

HERE = Path(__file__).parent


def write(name, value):
    (HERE / name).write_text(json.dumps(value, separators=(",", ":")) + "\n")


def numbers(array):
    """float32 values so that JSON gives them back exactly."""
    return [float(x) for x in np.asarray(array, dtype=np.float32).ravel()]


# ---------------------------------------------------------------- optimizers
OPTIMIZERS = [
    ("sgd", {}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("sgd", {"momentum": 0.9, "clipnorm": 0.5, "weight_decay": 0.01}),
    ("adam", {}),
    ("adam", {"amsgrad": True}),
    ("adam", {"clipnorm": 0.5, "weight_decay": 0.01}),
    ("adam", {"clipvalue": 0.3, "beta_1": 0.8, "epsilon": 1e-3}),
    ("adamw", {}),
    ("adamw", {"amsgrad": True, "clipnorm": 0.7}),
    ("rmsprop", {}),
    ("rmsprop", {"momentum": 0.9}),
    ("rmsprop", {"centered": True}),
    ("rmsprop", {"momentum": 0.9, "centered": True, "clipnorm": 0.5, "weight_decay": 0.01}),
    ("adagrad", {}),
    ("adagrad", {"clipnorm": 0.5, "weight_decay": 0.01}),
    ("adadelta", {}),
    ("adadelta", {"clipnorm": 0.5, "weight_decay": 0.01}),
    ("adamax", {}),
    ("adamax", {"clipnorm": 0.5, "weight_decay": 0.01}),
]
CLASSES = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "rmsprop": keras.optimizers.RMSprop,
    "adagrad": keras.optimizers.Adagrad,
    "adadelta": keras.optimizers.Adadelta,
    "adamax": keras.optimizers.Adamax,
}


def optimizer_cases():
    rng = np.random.default_rng(0)
    shapes = [(4, 3), (3,)]
    initial = [rng.normal(size=s).astype(np.float32) for s in shapes]
    # The second weight gets no gradient in some steps' entries, and one large gradient comes by.
    gradients = [
        [(rng.normal(size=s) * (5 if step == 7 else 0.3)).astype(np.float32) for s in shapes]
        for step in range(20)
    ]
    cases = []
    for name, options in OPTIMIZERS:
        optimizer = CLASSES[name](learning_rate=0.05, **options)
        weights = [keras.Variable(value) for value in initial]
        for step, grads in enumerate(gradients):
            if step == 10:
                optimizer.learning_rate = 0.02
            optimizer.apply([tf.constant(g) for g in grads], weights)
        cases.append(
            {"type": name, "options": options, "weights": [numbers(w.numpy()) for w in weights]}
        )
    return {
        "shapes": shapes,
        "initial": [numbers(w) for w in initial],
        "gradients": [[numbers(g) for g in grads] for grads in gradients],
        "learning_rates": [0.05] * 10 + [0.02] * 10,
        "cases": cases,
    }


def optimizer_defaults():
    """Options that our schemas must have the same defaults for."""
    return {name: {k: v for k, v in cls().get_config().items() if k != "name"} for name, cls in CLASSES.items()}


# ----------------------------------------------------------------- schedules
def schedule_cases():
    schedules = keras.optimizers.schedules
    cases = [
        ("exponential_decay", schedules.ExponentialDecay, {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.8}),
        ("exponential_decay", schedules.ExponentialDecay, {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.8, "staircase": True}),
        ("polynomial_decay", schedules.PolynomialDecay, {"initial_learning_rate": 0.1, "decay_steps": 9}),
        ("polynomial_decay", schedules.PolynomialDecay, {"initial_learning_rate": 0.1, "decay_steps": 9, "end_learning_rate": 0.01, "power": 2.0}),
        ("polynomial_decay", schedules.PolynomialDecay, {"initial_learning_rate": 0.1, "decay_steps": 9, "cycle": True}),
        ("cosine_decay", schedules.CosineDecay, {"initial_learning_rate": 0.1, "decay_steps": 12}),
        ("cosine_decay", schedules.CosineDecay, {"initial_learning_rate": 0.1, "decay_steps": 12, "alpha": 0.2}),
        ("cosine_decay", schedules.CosineDecay, {"initial_learning_rate": 0.01, "decay_steps": 12, "warmup_target": 0.3, "warmup_steps": 5}),
        ("piecewise_constant", schedules.PiecewiseConstantDecay, {"boundaries": [3, 10], "values": [0.1, 0.05, 0.01]}),
    ]
    return [
        {"type": name, "options": options, "values": [float(cls(**options)(step)) for step in range(25)]}
        for name, cls, options in cases
    ]


# -------------------------------------------------------------------- losses
def loss_cases():
    rng = np.random.default_rng(1)
    logits = (rng.normal(size=(6, 4)) * 3).astype(np.float32)
    logits[0] = [30, -30, 0, 5]  # confident and, for the label below, wrong
    labels = np.array([1, 0, 2, 3, 1, 2])
    one_hot = np.eye(4, dtype=np.float32)[labels]
    weights = np.array([1, 2, 0.5, 1, 0, 3], dtype=np.float32)
    losses = keras.losses
    cases = []

    def run(name, options, loss, logits, targets, activation):
        x = tf.constant(logits)
        each = tf.function(lambda z: loss(targets, activation(z)))

        @tf.function
        def gradient(z):
            with tf.GradientTape() as tape:
                tape.watch(z)
                value = tf.reduce_sum(loss(targets, activation(z)))
            return tape.gradient(value, z)

        reduced = type(loss)(**options)
        weighted = tf.function(lambda z: reduced(targets, activation(z), sample_weight=weights))
        cases.append({
            "type": name,
            "options": options,
            "logits": numbers(logits),
            "units": int(logits.shape[1]),
            "labels": [int(c) for c in (labels if logits.shape[1] > 1 else targets[:, 0])],
            "per_sample": numbers(each(x)),
            "gradient": numbers(gradient(x)),
            "weighted": float(weighted(x)),
        })

    softmax, sigmoid = keras.activations.softmax, keras.activations.sigmoid
    for name, cls, options in [
        ("categorical_crossentropy", losses.CategoricalCrossentropy, {}),
        ("categorical_crossentropy", losses.CategoricalCrossentropy, {"label_smoothing": 0.1}),
        ("categorical_focal_crossentropy", losses.CategoricalFocalCrossentropy, {}),
        ("categorical_focal_crossentropy", losses.CategoricalFocalCrossentropy, {"gamma": 1.0, "alpha": 0.5, "label_smoothing": 0.1}),
        ("mean_squared_error", losses.MeanSquaredError, {}),
        ("kl_divergence", losses.KLDivergence, {}),
        ("categorical_hinge", losses.CategoricalHinge, {}),
        ("poisson", losses.Poisson, {}),
    ]:
        run(name, options, cls(reduction=None, **options), logits, one_hot, softmax)
    sparse = losses.SparseCategoricalCrossentropy
    run("sparse_categorical_crossentropy", {}, sparse(reduction=None), logits, labels, softmax)
    binary = np.array([[1], [0], [1], [0], [1], [0]], dtype=np.float32)
    unit = np.array([[-25], [25], [0.3], [-2], [4], [1]], dtype=np.float32)
    for options in [{}, {"label_smoothing": 0.2}]:
        run("binary_crossentropy", options, losses.BinaryCrossentropy(reduction=None, **options), unit, binary, sigmoid)
    return {"weights": numbers(weights), "cases": cases}


# ----------------------------------------------------------------- callbacks
def tiny_model(learning_rate):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mse")
    return model


def monitor_values(rng, length):
    value, values = 1.0, []
    for _ in range(length):
        value += rng.choice([-0.1, -0.02, -0.00005, 0, 0, 0.00005, 0.01, 0.08])
        values.append(round(value, 6))
    return values


def early_stopping_case(rng):
    options = {
        "patience": rng.randint(0, 4),
        "min_delta": rng.choice([0, 0, 0.001, 0.05]),
        "mode": rng.choice(["min", "max"]),
        "start_from_epoch": rng.choice([0, 0, 2, 5]),
        "restore_best_weights": True,
    }
    if rng.random() < 0.3:
        options["baseline"] = rng.choice([0.95, 1.05])
    values = monitor_values(rng, rng.randint(3, 20))
    model = tiny_model(0.1)
    callback = keras.callbacks.EarlyStopping(monitor="val_loss", **options)
    callback.set_model(model)
    callback.on_train_begin()
    stopped = None
    for epoch, value in enumerate(values):
        model.set_weights([np.full((1, 1), epoch, np.float32), np.zeros(1, np.float32)])
        callback.on_epoch_end(epoch, {"val_loss": value})
        if model.stop_training:
            stopped = epoch
            break
    callback.on_train_end()
    restored = int(model.get_weights()[0][0, 0])
    return {"type": "early_stopping", "options": options, "values": values, "stopped": stopped, "restored": restored}


def reduce_lr_case(rng):
    options = {
        "factor": rng.choice([0.1, 0.5, 0.3]),
        "patience": rng.randint(0, 3),
        "min_delta": rng.choice([0.0001, 0, 0.05]),
        "cooldown": rng.randint(0, 3),
        "min_lr": rng.choice([0, 0, 0.01]),
        "mode": rng.choice(["min", "max"]),
    }
    values = monitor_values(rng, rng.randint(5, 25))
    model = tiny_model(0.1)
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", **options)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"val_loss": value})
        rates.append(float(model.optimizer.learning_rate.numpy()))
    return {"type": "reduce_lr_on_plateau", "options": options, "values": values, "rates": rates}


def checkpoint_case(rng):
    options = {"save_best_only": rng.random() < 0.8, "mode": rng.choice(["min", "max"])}
    if rng.random() < 0.3:
        options["initial_value_threshold"] = 0.97
    values = monitor_values(rng, rng.randint(3, 20))
    model = tiny_model(0.1)
    saved = []
    callback = keras.callbacks.ModelCheckpoint("unused.weights.h5", monitor="val_loss", save_weights_only=True, **options)
    callback.set_model(model)
    model.save_weights = lambda *_args, **_kwargs: saved.append(callback._current_epoch)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, {"val_loss": value})
    return {"type": "model_checkpoint", "options": options, "values": values, "saved": saved}


def callback_cases():
    rng = random.Random(2)
    makers = [early_stopping_case, early_stopping_case, reduce_lr_case, reduce_lr_case, checkpoint_case]
    return [makers[i % len(makers)](rng) for i in range(200)]


# ----------------------------------------------------------------------- CNN
def cnn_case():
    rng = np.random.default_rng(3)
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.Conv2D(4, 3, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01)),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(3, activation="softmax", kernel_constraint=keras.constraints.MaxNorm(0.5)),
    ])
    initial = [rng.normal(size=w.shape, scale=0.4).astype(np.float32) for w in model.get_weights()]
    initial[5] = np.abs(initial[5]) + 0.5  # a variance
    model.set_weights(initial)
    x = rng.normal(size=(10, 8, 8, 1)).astype(np.float32)
    labels = rng.integers(0, 3, size=10)
    y = np.eye(3, dtype=np.float32)[labels]
    class_weight = np.array([1, 2, 0.5], dtype=np.float32)
    sample_weight = class_weight[labels]
    model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="categorical_crossentropy")
    evaluated = float(model.evaluate(x, y, batch_size=4, verbose=0))

    @tf.function
    def gradients():
        with tf.GradientTape() as tape:
            output = model(x, training=True)
            loss = model.compute_loss(x=x, y=y, y_pred=output, sample_weight=sample_weight)
        return tape.gradient(loss, model.trainable_variables)

    first = [numbers(g) for g in gradients()]
    model.set_weights(initial)
    steps = [float(model.train_on_batch(x, y, sample_weight=sample_weight)) for _ in range(1)]
    for _ in range(3):
        model.reset_metrics()
        steps.append(float(model.train_on_batch(x, y, sample_weight=sample_weight)))
    return {
        "images": numbers(x),
        "labels": [int(c) for c in labels],
        "class_weight": numbers(class_weight),
        "initial": [numbers(w) for w in initial],
        "evaluated": evaluated,
        "gradients": first,
        "losses": steps,
        "weights": [numbers(w) for w in model.get_weights()],
    }


def class_weight_cases():
    rng = np.random.default_rng(4)
    cases = []
    for _ in range(5):
        labels = rng.choice(4, size=50, p=[0.5, 0.3, 0.15, 0.05])
        labels[:4] = [0, 1, 2, 3]
        weights = compute_class_weight("balanced", classes=np.arange(4), y=labels)
        cases.append({"labels": [int(c) for c in labels], "weights": [float(w) for w in weights]})
    return cases


if __name__ == "__main__":
    write("optimizers.json", {**optimizer_cases(), "defaults": optimizer_defaults()})
    write("schedules.json", schedule_cases())
    write("losses.json", loss_cases())
    write("callbacks.json", callback_cases())
    write("cnn.json", cnn_case())
    write("class-weights.json", class_weight_cases())
