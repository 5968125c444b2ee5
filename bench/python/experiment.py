"""The thesis's experiment: its CNN, cross-validated, with a validation part and a report."""

import sys

import keras
import numpy as np
from sklearn.metrics import classification_report, confusion_matrix, roc_auc_score
from sklearn.model_selection import StratifiedKFold, train_test_split

import thesis

path, folds, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
images, labels = thesis.read_fer(path)
images = images / 255
targets = keras.utils.to_categorical(labels, 7)
scores = []
for rest, test in StratifiedKFold(folds, shuffle=True, random_state=42).split(images, labels):
    train, validation = train_test_split(
        rest, test_size=0.1, stratify=labels[rest], random_state=42
    )
    keras.backend.clear_session()
    model = thesis.cnn()
    model.fit(
        images[train],
        targets[train],
        validation_data=(images[validation], targets[validation]),
        batch_size=32,
        epochs=epochs,
        verbose=0,
    )
    scores.append(model.evaluate(images[test], targets[test], verbose=0)[1])
    probabilities = model.predict(images[test], verbose=0)
    predicted = probabilities.argmax(axis=1)
    print(confusion_matrix(labels[test], predicted))
    print(classification_report(labels[test], predicted, zero_division=0))
    print(roc_auc_score(labels[test], probabilities, multi_class="ovr"))
print(np.mean(scores), np.std(scores))
