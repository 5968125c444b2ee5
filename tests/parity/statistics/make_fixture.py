"""Distributions, intervals and tests by SciPy and statsmodels.

needs: pip install scipy statsmodels numpy
usage: python make_fixture.py > fixture.json
"""
import json
import sys

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(5)


def corrected(values, ratio):
    """Nadeau and Bengio: standard error and 95 % interval of a mean over folds."""
    k = len(values)
    se = np.std(values, ddof=1) * np.sqrt(1 / k + ratio)
    return se, stats.t.interval(0.95, k - 1, loc=np.mean(values), scale=se)


def interval_case(k):
    values = rng.normal(0.6, 0.03, k).round(6)
    test = rng.integers(100, 120, k)
    train = rng.integers(800, 900, k)
    se, interval = corrected(values, np.mean(test / train))
    return {"values": values.tolist(), "test": test.tolist(), "train": train.tolist(),
            "mean": np.mean(values), "sd": np.std(values, ddof=1), "ci95": list(interval)}


def paired_case(k):
    a, b = rng.normal(0.6, 0.02, k).round(6), rng.normal(0.61, 0.02, k).round(6)
    test, train = [3589] * k, [29069] * k
    se, interval = corrected(b - a, 3589 / 29069)
    t = np.mean(b - a) / se
    return {"first": a.tolist(), "second": b.tolist(), "test": test, "train": train,
            "t": t, "p": 2 * stats.t.sf(abs(t), k - 1), "ci95": list(interval),
            "effect_size": np.mean(b - a) / np.std(b - a, ddof=1),
            "smallest_detectable": (stats.t.ppf(0.975, k - 1) + stats.t.ppf(0.8, k - 1)) * se}


def friedman_case(folds, models, ties):
    values = rng.normal(0.6, 0.02, (folds, models)).round(2 if ties else 6)
    result = stats.friedmanchisquare(*values.T)
    ranks = stats.rankdata(-values, axis=1).mean(0)
    unit = np.sqrt(models * (models + 1) / (6 * folds))
    gaps = np.abs(ranks[:, None] - ranks[None, :]) / unit * np.sqrt(2)
    p = stats.studentized_range.sf(gaps, models, np.inf)
    np.fill_diagonal(p, 1)
    return {"values": values.tolist(), "chi_square": result.statistic, "p": result.pvalue,
            "mean_ranks": ranks.tolist(), "nemenyi": p.tolist(),
            "critical_difference": stats.studentized_range.ppf(0.95, models, np.inf) / np.sqrt(2) * unit}


def holm_case(n):
    p = (rng.random(n) ** 3).round(6)
    return {"p": p.tolist(), "adjusted": multipletests(p, method="holm")[1].tolist()}


counts = [(0, 5), (3, 3), (1, 2), (12, 30), (5, 5), (100, 131), (700, 812), (1500, 1490), (9000, 9300), (4, 40)]
shares = [(0, 10), (10, 10), (3, 7), (400, 547), (1, 547), (8989, 8989), (123, 3589)]

if __name__ == "__main__":
    json.dump({
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
        "student_quantile": [[p, df, stats.t.ppf(p, df)] for p in [0.8, 0.9, 0.975, 0.995]
                             for df in [1, 2, 4, 9, 14, 29, 99, 999]],
        "student_two_sided": [[t, df, 2 * stats.t.sf(t, df)] for t in [0, 0.1, 1.7, 4.3, 12, 60]
                              for df in [1, 2, 4, 9, 29, 99]],
        "intervals": [interval_case(k) for k in [2, 3, 5, 10, 15, 30]],
        "wilson": [[h, n, *proportion_confint(h, n, method="wilson")] for h, n in shares],
        "paired": [paired_case(k) for k in [2, 5, 10, 30]],
        "mcnemar": [[a, b, stats.binomtest(a, a + b, 0.5).pvalue] for a, b in counts],
        "friedman": [friedman_case(*c) for c in
                     [(5, 3, False), (10, 3, True), (10, 4, False), (10, 7, True), (30, 10, False)]],
        "holm": [holm_case(n) for n in [1, 3, 6, 10]],
        "variance_components": (lambda v: {
            "values": v.tolist(),
            "seed": float(np.sqrt(v.var(1, ddof=1).mean())),
            "fold": float(np.sqrt(max(0, v.mean(1).var(ddof=1) - v.var(1, ddof=1).mean() / v.shape[1]))),
        })(rng.normal(0.6, 0.03, (5, 1)) + rng.normal(0, 0.01, (5, 3))),
    }, sys.stdout)
