"""What the thesis's scripts share: reading fer2013.csv, its CNN, its head on VGG16."""

import time

import keras
import numpy as np
import pandas as pd
from keras import layers


def read_fer(path, channels=1):
    """Images float32 [n, 48, 48, channels] as stored (0..255), and labels."""
    table = pd.read_csv(path)
    pixels = np.array([np.array(row.split(), dtype="float32") for row in table["pixels"]])
    images = pixels.reshape(-1, 48, 48, 1)
    return np.repeat(images, channels, axis=3), table["emotion"].to_numpy()


def cnn():
    l2 = keras.regularizers.l2(0.01)
    model = keras.Sequential(
        [
            keras.Input((48, 48, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Conv2D(128, 3, padding="same", activation="relu", kernel_regularizer=l2),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Conv2D(256, 3, activation="relu", kernel_regularizer=l2),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(512, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(7, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def head():
    return [
        layers.Flatten(),
        layers.Dense(4096, activation="relu"),
        layers.Dense(1072, activation="relu"),
        layers.Dropout(0.2),
        layers.Dense(7, activation="softmax"),
    ]


class StepTimes(keras.callbacks.Callback):
    """Milliseconds from the end of one batch to the end of the next."""

    def __init__(self):
        super().__init__()
        self.ends = []

    def on_train_batch_end(self, batch, logs=None):
        self.ends.append(time.perf_counter())

    def after(self, warm_up):
        return (np.diff(self.ends)[warm_up - 1 :] * 1000).tolist()
