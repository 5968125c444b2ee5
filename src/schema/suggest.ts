/** "Did you mean …": the nearest of the words that would have been right. */

/** Other tools' words for ours, as their users type them. */
const otherNames: Readonly<Record<string, string>> = {
  lr: 'learning_rate',
  nb_epoch: 'epochs',
  n_epochs: 'epochs',
  num_epochs: 'epochs',
  max_epochs: 'epochs',
  bs: 'batch_size',
  n_splits: 'folds',
  k: 'folds',
  n_folds: 'folds',
  n_repeats: 'repeats',
  test_size: 'fraction',
  validation_split: 'validation',
  kernel: 'kernel_size',
  stride: 'strides',
  p: 'rate',
  wd: 'weight_decay',
  gates: 'thresholds',
  data: 'dataset',
  splits: 'split',
  train: 'training',
  architecture: 'model',
  acc: 'accuracy',
  val_acc: 'val_accuracy',
  maxpool2d: 'max_pooling2d',
  max_pool2d: 'max_pooling2d',
  avgpool2d: 'average_pooling2d',
  avg_pool2d: 'average_pooling2d',
  batchnorm: 'batch_normalization',
  batch_norm: 'batch_normalization',
  bn: 'batch_normalization',
  fc: 'dense',
  linear: 'dense',
  conv: 'conv2d',
};

/** Case, underscores, hyphens and blanks do not count: `learningRate` is `learning_rate`. */
export const normalized = (word: string) => word.toLowerCase().replace(/[_\-\s]/g, '');

/**
 * The candidate that the word was probably meant to be: the same but for case and separators,
 * another tool's name for it, or at most two letters away (Damerau–Levenshtein).
 */
export const nearest = (word: string, candidates: readonly string[]): string | undefined => {
  const wanted = normalized(word);
  const same = candidates.find((candidate) => normalized(candidate) === wanted);
  if (same !== undefined) return same;
  const alias = otherNames[word.toLowerCase()] ?? otherNames[wanted];
  if (alias !== undefined && candidates.includes(alias)) return alias;
  // Two letters of a three-letter word are most of it.
  const furthest = Math.min(2, Math.floor(wanted.length / 2));
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(wanted, normalized(candidate)) }))
    .filter(({ distance }) => distance <= furthest)
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate;
};

/** `did you mean "dense"?`, or nothing. */
export const didYouMean = (word: string, candidates: readonly string[]): string | undefined => {
  const suggestion = nearest(word, candidates);
  return suggestion === undefined ? undefined : `did you mean "${suggestion}"?`;
};

/**
 * Damerau–Levenshtein distance with adjacent transpositions (optimal string alignment): insertions,
 * deletions, substitutions and swaps of neighbours each count one.
 */
export const editDistance = (a: string, b: string): number => {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const removal = (previous[column] ?? 0) + 1;
      const insertion = (current[column - 1] ?? 0) + 1;
      const isSwap =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = isSwap ? (older[column - 2] ?? 0) + 1 : Infinity;
      current.push(Math.min(substitution, removal, insertion, swap));
    }
    older = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
};
