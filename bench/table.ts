/** What came out, as JSON and as the page docs/benchmarks.md. Pure. */
import { median } from './measure.ts';
import type { Measurement } from './row.ts';

export type BenchReport = {
  readonly quick: boolean;
  /** ISO date of the run. */
  readonly date: string;
  readonly machine: Readonly<Record<string, string | number>>;
  /** By name of the row. */
  readonly rows: Readonly<Record<string, readonly Measurement[]>>;
};

/** Ratios to the counterpart, or the values themselves. */
export const valuesOf = ({ pairs, values = [] }: Measurement): readonly number[] =>
  pairs ? pairs.map(({ ours, theirs }) => ours / theirs) : values;

/** Whether the median keeps within the limit; null where there is none. */
export function isReached(measurement: Measurement): boolean | null {
  const { limit } = measurement;
  if (!limit) return null;
  return median(valuesOf(measurement)) <= ('ratio' in limit ? limit.ratio : limit.value);
}

export function benchmarksPage({ rows, machine, date, quick }: BenchReport): string {
  const lines = Object.values(rows).flat().map(tableLine);
  const facts = Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`);
  const notes = Object.values(rows)
    .flat()
    .map(({ what, note }) => `- ${what}: ${note}.`);
  return `# Benchmarks

Written by \`npm run bench\` on ${date}. Each row compares Foldwise with a script as one writes it
with Keras 3, scikit-learn and pandas (\`bench/python/\`), on the same machine and the same TensorFlow.
The two run in turns; a ratio is Foldwise's time over the script's, the median over the pairs, with
the lowest and the highest in brackets. Rows without a ratio have no counterpart.
${quick ? '\n**This was a quick run: tiny sizes, once. It shows that everything runs, not how fast.**\n' : ''}
| work | Foldwise | Keras script | ratio | to reach | reached |
|---|---|---|---|---|---|
${lines.join('\n')}

## Sizes

${notes.join('\n')}

## Machine

${facts.join('\n')}
`;
}

function tableLine(measurement: Measurement): string {
  const { what, unit, limit, pairs, values = [] } = measurement;
  const reached = isReached(measurement);
  const ours = pairs ? pairs.map((pair) => pair.ours) : values;
  const cells = [
    what,
    `${number(median(ours))} ${unit}`,
    pairs ? `${number(median(pairs.map(({ theirs }) => theirs)))} ${unit}` : '',
    pairs ? spread(valuesOf(measurement)) : '',
    limit ? ('ratio' in limit ? `≤ ${number(limit.ratio)}` : `≤ ${limit.value} ${unit}`) : '',
    reached === null ? '' : reached ? 'yes' : '**no**',
  ];
  return `| ${cells.join(' | ')} |`;
}

function spread(values: readonly number[]): string {
  const range =
    values.length > 1 ? ` (${number(Math.min(...values))}…${number(Math.max(...values))})` : '';
  return `**${number(median(values))}**${range}`;
}

/** Three significant digits. */
const number = (value: number): string =>
  Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
