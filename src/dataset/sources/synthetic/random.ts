/** Seeded random numbers for rendering: the same on every machine, whatever else is drawn. */

// Taken out of the global object once: every pixel's noise comes from here.
const { cos, imul, log, PI, sqrt } = Math;

export type RandomNumbers = {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
};

/** A stream of its own for every list of keys (mulberry32 on mixed keys). */
export function randomNumbers(...keys: readonly number[]): RandomNumbers {
  let state = keys.reduce((mixed, key) => mix(imul(mixed, 31) + key), 0x9e3779b9);
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    // Box and Muller 1958.
    normal: () => sqrt(-2 * log(1 - uniform())) * cos(2 * PI * uniform()),
  };
}

/** MurmurHash3's finalizer: every bit of the key moves every bit of the result. */
function mix(key: number): number {
  let bits = key | 0;
  bits = imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
