"""Reads fer2013.csv as the thesis does: pandas, then a split per row. Prints the seconds."""

import sys
import time

import numpy as np
import pandas as pd

started = time.perf_counter()
table = pd.read_csv(sys.argv[1])
pixels = np.array([np.array(row.split(), dtype="float32") for row in table["pixels"]])
images = pixels.reshape(-1, 48, 48, 1) / 255
labels = table["emotion"].to_numpy()
print(time.perf_counter() - started)
