/** A row of the benchmark: what it measures, and what came out. */
import type { Pair } from './measure.ts';

export type BenchContext = {
  /** Tiny sizes, once: shows that everything runs, says nothing about speed. */
  readonly quick: boolean;
  /** For what rows write. */
  readonly directory: string;
  /** The interpreter that has Keras, scikit-learn and pandas. */
  python(): Promise<string>;
};

export type Measurement = {
  readonly what: string;
  readonly unit: 's' | 'ms' | 'MB';
  /** Highest ratio to Keras, or highest value, that the design asks for. */
  readonly limit: { readonly ratio: number } | { readonly value: number } | null;
  /** With a counterpart. */
  readonly pairs?: readonly Pair[];
  /** Without one. */
  readonly values?: readonly number[];
  /** Sizes, and what was extrapolated. */
  readonly note: string;
};

export type Row = {
  readonly name: string;
  readonly description: string;
  measure(context: BenchContext): Promise<Measurement[]>;
};
