"""Indices of scikit-learn's splitters for random data, as short hashes.

needs: pip install scikit-learn==1.9.* numpy
usage: python make_fixture.py > fixture.json

Labels and groups are a formula of the case's own generator (a 32-bit linear congruential one, which
the test repeats), so that the file holds the hashes alone. A hash is the first 16 hex digits of the
SHA-256 of "train,…|test,…" joined by newlines, in scikit-learn's order.
"""
import hashlib
import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn.model_selection import (
    GroupKFold, GroupShuffleSplit, KFold, LeaveOneGroupOut, RepeatedKFold,
    RepeatedStratifiedKFold, ShuffleSplit, StratifiedGroupKFold, StratifiedKFold,
    StratifiedShuffleSplit, train_test_split,
)

warnings.simplefilter("ignore")


def stream(seed):
    """Numerical Recipes' generator: the upper 16 bits of each state."""
    state = seed
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield state >> 16


def digest(divisions):
    lines = [",".join(map(str, train)) + "|" + ",".join(map(str, test)) for train, test in divisions]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def case(number):
    draw = stream(number)
    classes = 2 + next(draw) % 11
    folds = 2 + next(draw) % 9
    samples = classes * folds + next(draw) % 400
    groups = folds + 2 + next(draw) % 40
    random_state = [0, 1, 42, 4294967295][number % 4] if number < 12 else next(draw)
    fraction = [0.1, 0.2, 0.25, 0.33, 0.5][next(draw) % 5]
    # The first classes * folds samples hold every class `folds` times; the rest is skewed.
    labels = [
        i % classes if i < classes * folds else min(next(draw) % classes, next(draw) % classes)
        for i in range(samples)
    ]
    group = [i % groups if i < groups else min(next(draw) % groups, next(draw) % groups) for i in range(samples)]
    return classes, folds, samples, groups, random_state, fraction, labels, group


def of(splitter, y, g=None):
    return digest(splitter.split(np.zeros(len(y)), y, g))


def attempt(make):
    try:
        return make()
    except ValueError:
        return None


def in_one_group(y, g):
    """Whether a class lies in one group, which Foldwise refuses and scikit-learn lets pass."""
    return any(len(set(g[y == label])) == 1 for label in set(y))


def grouped(splitter, y, g):
    if in_one_group(y, g):
        return None
    return of(splitter, y, g)


def validated(splitter, y, g, seed, how):
    """Train and validation parts of every fold; None where a class is left without training samples."""
    divisions = []
    for train, _ in splitter.split(np.zeros(len(y)), y, g):
        if how == "grouped":
            rest, part = next(GroupShuffleSplit(1, test_size=0.2, random_state=seed).split(
                train, groups=g[train]))
            rest, part = train[rest], train[part]
        else:
            rest, part = train_test_split(
                train, test_size=0.2, random_state=seed,
                stratify=y[train] if how == "stratified" else None)
        if len(set(y[rest])) < len(set(y)):
            return None
        divisions.append((rest, part))
    return digest(divisions)


def answers(number):
    classes, folds, samples, groups, seed, fraction, labels, group = case(number)
    y, g, indices = np.array(labels), np.array(group), np.arange(samples)
    return {
        "k_fold": of(KFold(folds, shuffle=True, random_state=seed), y),
        "k_fold_in_order": of(KFold(folds), y),
        "stratified_k_fold": of(StratifiedKFold(folds, shuffle=True, random_state=seed), y),
        "stratified_k_fold_in_order": of(StratifiedKFold(folds), y),
        "group_k_fold": grouped(GroupKFold(folds), y, g),
        "group_k_fold_shuffled": grouped(GroupKFold(folds, shuffle=True, random_state=seed), y, g),
        "stratified_group_k_fold": grouped(StratifiedGroupKFold(folds, shuffle=True, random_state=seed), y, g),
        "stratified_group_k_fold_in_order": grouped(StratifiedGroupKFold(folds), y, g),
        "repeated_k_fold": of(RepeatedKFold(n_splits=folds, n_repeats=3, random_state=seed), y),
        "repeated_stratified_k_fold": of(
            RepeatedStratifiedKFold(n_splits=folds, n_repeats=3, random_state=seed), y),
        "leave_one_group_out": grouped(LeaveOneGroupOut(), y, g),
        "shuffle_split": of(ShuffleSplit(4, test_size=fraction, random_state=seed), y),
        "stratified_shuffle_split": attempt(
            lambda: of(StratifiedShuffleSplit(4, test_size=fraction, random_state=seed), y)),
        "group_shuffle_split": of(GroupShuffleSplit(1, test_size=fraction, random_state=seed), y, g),
        "validation_stratified": attempt(lambda: validated(
            StratifiedKFold(folds, shuffle=True, random_state=seed), y, None, seed, "stratified")),
        "validation_unstratified": validated(
            ShuffleSplit(2, test_size=0.25, random_state=seed), y, None, seed, "unstratified"),
        "validation_grouped": None if in_one_group(y, g) else validated(
            GroupKFold(folds), y, g, seed, "grouped"),
        "holdout": digest([train_test_split(indices, test_size=fraction, random_state=seed)]),
        "holdout_stratified": attempt(lambda: digest(
            [train_test_split(indices, test_size=fraction, random_state=seed, stratify=y)])),
    }


if __name__ == "__main__":
    count = 300
    rows = [answers(number) for number in range(count)]
    names = list(rows[0])
    json.dump({
        "scikit_learn": sklearn.__version__,
        "numpy": np.__version__,
        "hashes": {name: [row[name] for row in rows] for name in names},
    }, sys.stdout)
