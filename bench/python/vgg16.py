"""
One fold of the frozen VGG16 with the thesis's head, as its script trains it: the backbone runs in
every epoch. Prints the seconds until training begins and those of each epoch.
"""

import json
import sys
import time

import keras
from sklearn.model_selection import StratifiedKFold, train_test_split

import thesis

started = time.perf_counter()
path, weights, folds, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
images, labels = thesis.read_fer(path, channels=3)
images = keras.applications.vgg16.preprocess_input(images)
targets = keras.utils.to_categorical(labels, 7)
rest, _ = next(StratifiedKFold(folds, shuffle=True, random_state=42).split(images, labels))
train, validation = train_test_split(rest, test_size=0.1, stratify=labels[rest], random_state=42)
base = keras.applications.VGG16(weights=None, include_top=False, input_shape=(48, 48, 3))
base.load_weights(weights)
base.trainable = False
model = keras.Sequential([base, *thesis.head()])
model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])


class EpochTimes(keras.callbacks.Callback):
    ends = []

    def on_epoch_end(self, epoch, logs=None):
        self.ends.append(time.perf_counter())


ready = time.perf_counter()
model.fit(
    images[train],
    targets[train],
    validation_data=(images[validation], targets[validation]),
    batch_size=32,
    epochs=epochs,
    verbose=0,
    callbacks=[EpochTimes()],
)
ends = [ready, *EpochTimes.ends]
print(
    json.dumps(
        {
            "startup": ready - started,
            "epochs": [later - earlier for earlier, later in zip(ends, ends[1:])],
        }
    )
)
