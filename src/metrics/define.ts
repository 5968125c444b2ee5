/** What a metric is, and what it is computed from. */
import type { Predictions } from './predictions.ts';

/** Stored predictions with what most metrics need counted once. */
export type Evidence = Predictions & {
  readonly rows: number;
  /** Most probable class of each row (the first among equals, as numpy.argmax), [rows]. */
  readonly predicted: Int32Array;
  /** [true][predicted] counts. */
  readonly confusion: readonly (readonly number[])[];
  /** Rows whose true class it is, [classes]. */
  readonly support: readonly number[];
  /** Rows predicted to be it, [classes]. */
  readonly called: readonly number[];
};

/** Thrown by `compute` where the value is not defined; the message is the reason in the result. */
export class Undefined extends Error {
  override readonly name = 'Undefined';
}

/** The best score that is reached without looking at a picture. */
export type KnowNothing = {
  /** From the share of each class, which sum to 1. */
  score(shares: readonly number[]): number;
  /** False where the number of classes alone decides. */
  readonly needsShares: boolean;
};

export type MetricDefinition = {
  readonly schema: {
    readonly type: 'string';
    readonly const: string;
    readonly description: string;
  };
  /** Whether more or less is better. */
  readonly direction: 'max' | 'min';
  /** Lowest and highest possible value. */
  readonly range: readonly [number, number];
  /** Uses nothing but the confusion counts, so that resampling it is cheap. */
  readonly counts?: true;
  /** The value, float64. Throws `Undefined` with a reason. */
  compute(evidence: Evidence): number;
  readonly knowNothing?: KnowNothing;
};

/** A metric of one class: `recall[disgust]`. */
export type ClassMetricDefinition = Omit<MetricDefinition, 'compute' | 'knowNothing'> & {
  compute(evidence: Evidence, label: number): number;
  readonly knowNothing?: { score(share: number): number };
};

export const defineMetric = <const D extends MetricDefinition>(definition: D) => definition;

/** A know-nothing score that the number of classes decides. */
export const byCount = (score: (classes: number) => number): KnowNothing => ({
  score: (shares) => score(shares.length),
  needsShares: false,
});

/** A know-nothing score that the shares of the classes decide. */
export const byShares = (score: (shares: readonly number[]) => number): KnowNothing => ({
  score,
  needsShares: true,
});

export const largestShare = byShares((shares) => Math.max(...shares));

export const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);

export const squares = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x * x, 0);
