/**
 * The table that a script with Keras's binary metrics prints, beside the honest one. With n classes
 * a model that predicts nothing is right in (n − 1)/n of its outputs, so all models look alike.
 */
import type { ComparedRun, Comparison } from '../../compare/comparison.ts';
import { isBinaryMetric } from '../../metrics/names.ts';
import { numberCell } from '../cell.ts';
import { drawChart } from '../charts.ts';
import { formatValue, missing } from '../format.ts';
import { meanCell } from './metrics.ts';

/** In the order of the thesis's table. */
const binary = [
  'binary_accuracy',
  'loss',
  'binary_recall',
  'binary_precision',
  'binary_f1',
  'binary_auc',
];
const honest = ['accuracy', 'balanced_accuracy', 'f1_macro'];

/** Null where no run has binary metrics. */
export async function printed(comparison: Comparison) {
  const { metrics, runs } = comparison;
  if (!metrics.some(isBinaryMetric)) return null;
  const listed = (names: readonly string[]) =>
    names.filter((name) => runs.every(({ summary }) => summary[name]?.mean != null));
  const misleading = tableOf(runs, listed(binary));
  const shown = tableOf(runs, listed(honest));
  return {
    misleading,
    honest: {
      ...shown,
      rows: shown.rows.map((row, i) => ({ ...row, worst: worstClass(runs[i]) })),
    },
    words: inWords(comparison),
    chart: await chart(comparison),
  };
}

const tableOf = (runs: readonly ComparedRun[], names: readonly string[]) => ({
  names: names.map((name) => ({ name, short: shortName(name) })),
  rows: runs.map((run) => ({
    label: run.label,
    // As the thesis printed it: the accuracy with its deviation, the rest without.
    cells: names.map((name) =>
      /^(binary_)?accuracy$/.test(name) ? meanCell(run, name) : numberCell(run.summary[name]?.mean),
    ),
  })),
  knowNothing: names.map((name) => numberCell(runs[0]?.know_nothing[name])),
});

/** As the thesis's table had it: in it all metrics but the loss were binary ones. */
const shortName = (name: string): string =>
  (name === 'binary_accuracy' ? name : name.replace(/^binary_/, '')).replaceAll('_', ' ');

/** The class that is recognised least, as far as recall is among the metrics. */
function worstClass(run: ComparedRun | undefined): string {
  const recalls = Object.entries(run?.summary ?? {}).flatMap(([name, { mean }]) =>
    name.startsWith('recall[') && mean !== null ? [{ name, mean }] : [],
  );
  const worst = recalls.sort((a, b) => a.mean - b.mean)[0];
  return worst ? `${worst.name.slice('recall['.length, -1)} ${formatValue(worst.mean)}` : missing;
}

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

/** What the two accuracies say of the same predictions; null where one of them is not there. */
function inWords({ runs }: Comparison): string | null {
  const means = (name: string) => runs.map(({ summary }) => summary[name]?.mean ?? null);
  const [binaries, accuracies] = [means('binary_accuracy'), means('accuracy')];
  const [nothing, guess] = ['binary_accuracy', 'accuracy'].map(
    (name) => runs[0]?.know_nothing[name] ?? null,
  );
  if ([...binaries, ...accuracies].includes(null) || nothing == null || guess == null) return null;
  // null is ruled out above.
  const range = (values: readonly (number | null)[]) => {
    const numbers = values as readonly number[];
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    return `${percent(low)} to ${percent(high)}, ${(100 * (high - low)).toFixed(1)} points apart`;
  };
  return (
    `Binary accuracies run from ${range(binaries)}; predicting nothing at all reaches ` +
    `${percent(nothing)}. The true accuracies of the very same predictions run from ` +
    `${range(accuracies)}; always naming the largest class reaches ${percent(guess)}.`
  );
}

function chart({ runs }: Comparison): Promise<string> {
  const rows = ['binary_accuracy', 'accuracy'].flatMap((metric) => {
    const row = (model: string | null, value: number | null | undefined) =>
      value === null || value === undefined ? [] : [{ metric, model, value }];
    return [
      ...runs.flatMap(({ label, summary }) => row(label, summary[metric]?.mean)),
      ...row(null, runs[0]?.know_nothing[metric]),
    ];
  });
  return drawChart('printed', rows);
}
