"""
VGG16's features of all pictures in one pass, and the thesis's head on them. Prints the seconds of
the pass and the milliseconds of each step of the head.
"""

import json
import sys
import time

import keras
import numpy as np

import thesis

path, weights, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
warm_up = 10
images, labels = thesis.read_fer(path, channels=3)
images = keras.applications.vgg16.preprocess_input(images)
base = keras.applications.VGG16(weights=None, include_top=False, input_shape=(48, 48, 3))
base.load_weights(weights)
started = time.perf_counter()
features = base.predict(images, batch_size=32, verbose=0)
seconds = time.perf_counter() - started
order = np.arange((warm_up + steps) * 32) % len(labels)
model = keras.Sequential([keras.Input(features.shape[1:]), *thesis.head()])
model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
times = thesis.StepTimes()
model.fit(
    features[order],
    keras.utils.to_categorical(labels, 7)[order],
    batch_size=32,
    epochs=1,
    verbose=0,
    callbacks=[times],
)
print(json.dumps({"pass": seconds, "steps": times.after(warm_up)}))
