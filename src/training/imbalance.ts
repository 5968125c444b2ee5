/** Class weights and resampling of the train part; no other part ever comes here. */
import { drawsAt, shuffled } from './draws.ts';
import type { TrainingConfig } from './schema.ts';

const countsOf = (indices: Uint32Array, labels: Int32Array, classes: number): number[] => {
  const counts = new Array<number>(classes).fill(0);
  for (const index of indices) {
    const label = labels[index] ?? 0;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
};

/**
 * Weight of each class, [classes]. `balanced` is scikit-learn's compute_class_weight: samples /
 * (classes present × samples of the class), over the samples that are trained on.
 */
export function classWeights(
  config: TrainingConfig['class_weight'],
  indices: Uint32Array,
  labels: Int32Array,
  classes: readonly string[],
): Float32Array {
  if (config === 'none') return new Float32Array(classes.length).fill(1);
  if (config === 'balanced') {
    const counts = countsOf(indices, labels, classes.length);
    const present = counts.filter((count) => count > 0).length;
    return Float32Array.from(counts, (count) =>
      count === 0 ? 1 : indices.length / (present * count),
    );
  }
  const given = new Map(
    Object.entries(config).map(([name, weight]) => [name.toLowerCase(), weight]),
  );
  return Float32Array.from(
    classes,
    (name, index) => given.get(name.toLowerCase()) ?? given.get(String(index)) ?? 1,
  );
}

/**
 * The train part with classes of equal size: `oversample` keeps every sample and draws copies up
 * to the largest class, `undersample` draws without replacement down to the smallest. Drawn once
 * per fold (as imbalanced-learn's random samplers do).
 */
export function resample(
  mode: TrainingConfig['sampling'],
  indices: Uint32Array,
  labels: Int32Array,
  seed: number,
): Uint32Array {
  if (mode === 'none') return indices;
  const groups = new Map<number, number[]>();
  for (const index of indices) {
    const label = labels[index] ?? 0;
    const group = groups.get(label);
    if (group) group.push(index);
    else groups.set(label, [index]);
  }
  const sizes = [...groups.values()].map(({ length }) => length);
  const target = mode === 'oversample' ? Math.max(...sizes) : Math.min(...sizes);
  const drawn = [...groups].flatMap(([label, group]) => {
    const draw = drawsAt(seed, 'sampling', label);
    if (mode === 'undersample')
      return [...shuffled(Uint32Array.from(group), draw)].slice(0, target);
    const copies = Array.from(
      { length: target - group.length },
      () => group[Math.floor(draw() * group.length)],
    );
    return [...group, ...copies.filter((index) => index !== undefined)];
  });
  return Uint32Array.from(drawn);
}
