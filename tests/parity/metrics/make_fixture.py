"""Metrics of random predictions by scikit-learn 1.9, Keras 3 and a NumPy script.

needs: pip install scikit-learn==1.9.* numpy keras tensorflow-cpu
usage: python make_fixture.py > fixture.json

Probabilities are multiples of 1/1024, so that they are exact in JSON and in float32 and have ties;
a tenth of them is wrong by far. Cases 15 to 17 lack a class among the true labels, 18 and 19 are
tiny. Null stands for what scikit-learn cannot compute.
"""
import json
import os
import sys
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import sklearn
from sklearn import metrics as m

warnings.simplefilter("ignore")


def case(seed):
    rng = np.random.default_rng(seed)
    classes = [2, 3, 7, 7, 10][seed % 5]
    rows = 12 if seed >= 18 else int(rng.integers(60, 180))
    shares = rng.dirichlet(np.full(classes, 2.0))
    labels = rng.choice(classes, rows, p=shares)
    labels[:classes] = np.arange(classes)
    if 15 <= seed <= 17:
        labels[labels == classes - 1] = 0
    logits = rng.normal(0, 1, (rows, classes))
    logits[np.arange(rows), labels] += rng.normal(1.0, 1.0, rows)
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    coarse = 8 if seed % 2 else 1024
    counts = np.floor(p * coarse).astype(int)
    for row in range(rows):
        counts[row, np.argmax(p[row])] += coarse - counts[row].sum()
    return labels, counts * (1024 // coarse), classes


def ece(labels, p):
    confidence, predicted = p.max(1), p.argmax(1)
    edges, total = np.linspace(0, 1, 16), 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            gap = abs((labels[inside] == predicted[inside]).mean() - confidence[inside].mean())
            total += inside.mean() * gap
    return float(total)


def average_precision(labels, p, classes):
    return float(np.mean([m.average_precision_score(labels == c, p[:, c]) for c in range(classes)]))


def auc(labels, p, classes):
    if classes == 2:
        return float(m.roc_auc_score(labels, p[:, 1]))
    return float(m.roc_auc_score(labels, p, multi_class="ovr", average="macro", labels=range(classes)))


def answers(seed):
    labels, counts, classes = case(seed)
    p = counts / 1024
    predicted = p.argmax(1)
    every = range(classes)
    complete = len(set(labels)) == classes
    one_hot = np.eye(classes)[labels]
    top = lambda k: float(m.top_k_accuracy_score(labels, p, k=k, labels=every)) if classes > 2 else None

    def keras_value(metric):
        metric.update_state(one_hot.astype("float32"), p.astype("float32"))
        return float(metric.result())

    values = {
        "accuracy": m.accuracy_score(labels, predicted),
        "balanced_accuracy": m.balanced_accuracy_score(labels, predicted),
        "top_2_accuracy": top(2), "top_3_accuracy": top(3) if classes > 3 else None,
        "auc": auc(labels, p, classes) if complete else None,
        "average_precision": average_precision(labels, p, classes) if complete else None,
        "log_loss": m.log_loss(labels, p, labels=every),
        "brier": m.brier_score_loss(labels, p, labels=every),
        "mcc": m.matthews_corrcoef(labels, predicted),
        "cohen_kappa": m.cohen_kappa_score(labels, predicted),
        "ece": ece(labels, p),
        "binary_accuracy": keras_value(keras.metrics.BinaryAccuracy()),
        "binary_precision": keras_value(keras.metrics.Precision()),
        "binary_recall": keras_value(keras.metrics.Recall()),
        "binary_auc": keras_value(keras.metrics.AUC(num_thresholds=200)),
    }
    for name, score in [("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)]:
        for average in ["macro", "weighted", "micro"]:
            values[f"{name}_{average}"] = score(labels, predicted, average=average)
        for c, value in enumerate(score(labels, predicted, average=None, labels=every)):
            values[f"{name}[c{c}]"] = value
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "counts": counts.ravel().tolist(),
        "confusion": m.confusion_matrix(labels, predicted, labels=every).tolist(),
        "support": np.bincount(labels, minlength=classes).tolist(),
        "values": {name: None if value is None else float(value) for name, value in values.items()},
    }


if __name__ == "__main__":
    json.dump({
        "scikit_learn": sklearn.__version__,
        "keras": keras.__version__,
        "cases": [answers(seed) for seed in range(20)],
    }, sys.stdout, separators=(",", ":"))
