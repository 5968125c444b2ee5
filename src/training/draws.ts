/**
 * Random draws outside of the model (order of samples, resampling, mixing), from a seed and a
 * place such as ['order', epoch]: nothing has to be saved to draw the same again.
 */

/** Mixes an integer into a hash: the finaliser of MurmurHash3. */
function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const hashOf = (seed: number, place: readonly (string | number)[]): number =>
  place.reduce<number>(
    (hash, part) =>
      typeof part === 'number'
        ? mix(hash + 0x9e3779b9, part)
        : [...part].reduce((h, letter) => mix(h + 0x9e3779b9, letter.charCodeAt(0)), hash),
    mix(0x243f6a88, seed),
  );

/** Uniform draws in [0, 1) with 32 bits each (sfc32, Chris Doty-Humphrey's PractRand). */
export function drawsAt(seed: number, ...place: readonly (string | number)[]): () => number {
  let [a, b, c] = [1, 2, 3].map((part) => hashOf(seed, [...place, part])) as [
    number,
    number,
    number,
  ];
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let warm = 0; warm < 12; warm++) next();
  return next;
}

/** A new array with the same entries in random order (Fisher and Yates). */
export function shuffled(values: Uint32Array, draw: () => number): Uint32Array {
  const result = values.slice();
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    const kept = result[last] ?? 0;
    result[last] = result[other] ?? 0;
    result[other] = kept;
  }
  return result;
}

/** A draw from Beta(alpha, alpha), by Jöhnk's method where alpha ≤ 1, else from two gammas. */
export function symmetricBeta(alpha: number, draw: () => number): number {
  if (alpha > 1) {
    const first = gamma(alpha, draw);
    return first / (first + gamma(alpha, draw));
  }
  for (;;) {
    const x = draw() ** (1 / alpha);
    const y = draw() ** (1 / alpha);
    // Both underflow for a tiny alpha; the distribution is then a coin.
    if (x + y <= 1) return x + y > 0 ? x / (x + y) : Math.round(draw());
  }
}

/** A draw from Gamma(shape, 1), shape ≥ 1 (Marsaglia and Tsang 2000). */
function gamma(shape: number, draw: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - draw()) < 0.5 * normal ** 2 + d - d * v + d * Math.log(v)) {
      return d * v;
    }
  }
}
