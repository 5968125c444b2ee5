/** How well the probabilities rank samples of a class above the others: ROC AUC, average precision. */
import { byCount, defineMetric, type Evidence, total, Undefined } from './define.ts';

export const auc = defineMetric({
  schema: {
    type: 'string',
    const: 'auc',
    description:
      'Area under the ROC curve, one class against the rest, mean over classes (roc_auc_score, ovr, macro); with two classes that of the second.',
  },
  direction: 'max',
  range: [0, 1],
  compute: (evidence) => {
    const labels = evidence.classes.length === 2 ? [1] : evidence.classes.map((_, c) => c);
    requireEveryClass(evidence);
    return total(labels.map((label) => rocArea(ranked(evidence, label)))) / labels.length;
  },
  knowNothing: byCount(() => 0.5),
});

export const averagePrecision = defineMetric({
  schema: {
    type: 'string',
    const: 'average_precision',
    description:
      'Area under the precision-recall curve by steps, one class against the rest, mean over classes (average_precision_score, macro); two classes are averaged like more.',
  },
  direction: 'max',
  range: [0, 1],
  compute: (evidence) => {
    requireEveryClass(evidence);
    const areas = evidence.classes.map((_, label) => stepArea(ranked(evidence, label)));
    return total(areas) / areas.length;
  },
  knowNothing: byCount((classes) => 1 / classes),
});

function requireEveryClass({ classes, support }: Evidence): void {
  const absent = classes.filter((_, c) => support[c] === 0);
  if (absent.length > 0)
    throw new Undefined(`no samples of class ${absent.join(', ')}, so it cannot be ranked`);
}

/** Ascending scores of the samples of a class, and of the others. */
type Ranked = { readonly inside: Float64Array; readonly outside: Float64Array };

function ranked(
  { rows, labels, probabilities, classes, support }: Evidence,
  label: number,
): Ranked {
  const inside = new Float64Array(support[label] ?? 0);
  const outside = new Float64Array(rows - inside.length);
  let [i, o] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const score = probabilities[row * classes.length + label] as number; // in the row
    if (labels[row] === label) inside[i++] = score;
    else outside[o++] = score;
  }
  return { inside: inside.sort(), outside: outside.sort() };
}

/** Chance that a sample inside scores above one outside, ties half (Mann and Whitney's U). */
function rocArea({ inside, outside }: Ranked): number {
  let wins = 0;
  let [below, notAbove] = [0, 0];
  for (const score of inside) {
    while (below < outside.length && (outside[below] as number) < score) below += 1;
    while (notAbove < outside.length && (outside[notAbove] as number) <= score) notAbove += 1;
    wins += (below + notAbove) / 2;
  }
  return wins / (inside.length * outside.length);
}

/** Σ (recall step) × precision over the distinct scores, highest first. */
function stepArea({ inside, outside }: Ranked): number {
  let area = 0;
  let [i, o] = [inside.length, outside.length];
  while (i > 0) {
    const score = inside[i - 1] as number; // i > 0
    const before = i;
    while (i > 0 && (inside[i - 1] as number) >= score) i -= 1;
    while (o > 0 && (outside[o - 1] as number) >= score) o -= 1;
    const found = inside.length - i;
    const called = found + outside.length - o;
    area += ((before - i) / inside.length) * (found / called);
  }
  return area;
}
