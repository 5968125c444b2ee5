"""Steps of the thesis's CNN in Keras's fit. Prints milliseconds of each."""

import json
import sys

import keras
import numpy as np

import thesis

path, warm_up, measured = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
images, labels = thesis.read_fer(path)
order = np.arange((warm_up + measured) * 32) % len(labels)
times = thesis.StepTimes()
thesis.cnn().fit(
    images[order] / 255,
    keras.utils.to_categorical(labels, 7)[order],
    batch_size=32,
    epochs=1,
    verbose=0,
    callbacks=[times],
)
print(json.dumps(times.after(warm_up)))
