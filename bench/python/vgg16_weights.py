"""Writes a VGG16 without its classifier and with random weights (speed does not depend on them)."""

import sys

import keras

keras.utils.set_random_seed(1)
keras.applications.VGG16(weights=None, include_top=False, input_shape=(48, 48, 3)).save_weights(
    sys.argv[1]
)
