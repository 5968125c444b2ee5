/**
 * NumPy's legacy generator, `numpy.random.RandomState(seed)`: the Mersenne Twister MT19937 with
 * the drawing rules that scikit-learn's splitters rest on, so that a `random_state` gives the same
 * indices here and there. Frozen by NumPy's compatibility policy (NEP 19).
 * Not for anything but splits: training has its own counter-based streams.
 */

const length = 624;
const middle = 397;

export type RandomState = {
  /** Shuffles in place, as `RandomState.shuffle`. */
  shuffle(values: Uint32Array): void;
  /** 0 … n − 1 in random order, as `RandomState.permutation(n)`. */
  permutation(n: number): Uint32Array;
  /** A shuffled copy, as `RandomState.permutation(array)`. */
  permuted(values: ArrayLike<number>): Uint32Array;
  /** `size` of `values` without replacement, as `RandomState.choice(values, size, replace=False)`. */
  choose(values: ArrayLike<number>, size: number): Uint32Array;
};

/** A generator seeded with an integer, 0 … 2³² − 1. */
export function randomState(seed: number): RandomState {
  const uint32 = mersenneTwister(seed);

  /** Uniform in 0 … maximum by masked rejection, as `random_interval` in NumPy's distributions.c. */
  const interval = (maximum: number): number => {
    const mask = 2 ** (32 - Math.clz32(maximum)) - 1;
    let value = (uint32() & mask) >>> 0;
    while (value > maximum) value = (uint32() & mask) >>> 0;
    return value;
  };

  const shuffle = (values: Uint32Array): void => {
    for (let i = values.length - 1; i > 0; i--) {
      const j = interval(i);
      const kept = values[i] as number; // i < length
      values[i] = values[j] as number; // j ≤ i
      values[j] = kept;
    }
  };

  const permuted = (values: ArrayLike<number>): Uint32Array => {
    const copy = Uint32Array.from(values);
    shuffle(copy);
    return copy;
  };
  const permutation = (n: number) => permuted(Uint32Array.from({ length: n }, (_, i) => i));

  return {
    shuffle,
    permutation,
    permuted,
    choose: (values, size) =>
      permutation(values.length)
        .subarray(0, size)
        .map((at) => values[at] as number), // a permutation of the positions
  };
}

/** The 32-bit outputs of MT19937 (Matsumoto and Nishimura, 1998), seeded by `init_genrand`. */
function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(length);
  state[0] = seed;
  for (let i = 1; i < length; i++) {
    const previous = state[i - 1] as number; // within the state
    state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
  }
  let next = length;

  return () => {
    if (next === length) {
      twist(state);
      next = 0;
    }
    let y = state[next++] as number; // next < length
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  };
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < length; i++) {
    // All indices are taken modulo the state's length.
    const y =
      ((state[i] as number) & 0x80000000) | ((state[(i + 1) % length] as number) & 0x7fffffff);
    const mixed = (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    state[i] = (state[(i + middle) % length] as number) ^ mixed;
  }
}
