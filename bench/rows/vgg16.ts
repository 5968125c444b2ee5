import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ferCsv } from '../data.ts';
import { inPairs, lastLine, median, run, runCommand, runFoldwise } from '../measure.ts';
import type { BenchContext, Measurement, Row } from '../row.ts';

const original = fileURLToPath(new URL('../../experiments/vgg16.yaml', import.meta.url));

type Sizes = { readonly rows: number; readonly folds: number; readonly epochs: number };

/** Weights that both sides load, and the experiment. */
async function prepare({ directory, python }: BenchContext, { rows, folds, epochs }: Sizes) {
  const weights = join(directory, 'vgg16.weights.h5');
  const interpreter = await python();
  if (!existsSync(weights)) await run(interpreter, ['bench/python/vgg16_weights.py', weights]);
  const csv = ferCsv(directory, rows);
  const file = join(directory, 'vgg16.yaml');
  writeFileSync(
    file,
    `extends: ${original}
name: bench-vgg16
dataset: { source: { path: ${csv} } }
split: { strategy: { folds: ${folds} } }
model: { backbone: { weights: ${weights} } }
training: { epochs: ${epochs}, callbacks: [] }
`,
  );
  return { weights, interpreter, csv, file };
}

export const vgg16: Row = {
  name: 'vgg16',
  description: 'frozen VGG16 with a head: the whole experiment, and its parts',
  async measure(context) {
    const sizes = context.quick
      ? { rows: 140, folds: 2, epochs: 1 }
      : { rows: 1000, folds: 10, epochs: 20 };
    const prepared = await prepare(context, sizes);
    return [
      await wholeExperiment(context, sizes, prepared),
      ...(await parts(context, sizes, prepared)),
    ];
  },
};

type Prepared = Awaited<ReturnType<typeof prepare>>;

async function wholeExperiment(
  { quick, directory }: BenchContext,
  { rows, folds, epochs }: Sizes,
  { weights, interpreter, csv, file }: Prepared,
): Promise<Measurement> {
  const trained = quick ? 1 : 4;
  const script = ['bench/python/vgg16.py', csv, weights, String(folds), String(trained)];
  const pairs = await inPairs(
    1,
    async () => {
      rmSync(join(directory, 'cache'), { recursive: true, force: true });
      return (await runCommand(['run', file, '--fresh', '--no-track'], directory)).seconds;
    },
    async () => {
      const ended = await run(interpreter, script);
      const times = lastLine<{ startup: number; epochs: number[] }>(ended);
      return times.startup + folds * epochs * median(times.epochs);
    },
  );
  return {
    what: `${folds} folds × ${epochs} epochs of a frozen VGG16 with a head`,
    unit: 's',
    limit: { ratio: 0.1 },
    pairs,
    note:
      `${rows} images; Foldwise runs all of it with empty caches; of the script ${trained} epochs ` +
      `of one fold are measured and their median is taken ${folds * epochs} times`,
  };
}

async function parts(
  { quick }: BenchContext,
  { rows }: Sizes,
  { weights, interpreter, csv, file }: Prepared,
): Promise<Measurement[]> {
  const steps = quick ? '3' : '300';
  type Times = { readonly pass: number; readonly steps: readonly number[] };
  const ours: Times[] = [];
  const theirs: Times[] = [];
  await inPairs(
    quick ? 1 : 3,
    async () => ours.push(lastLine<Times>(await runFoldwise('features', [file, weights, steps]))),
    async () =>
      theirs.push(
        lastLine<Times>(await run(interpreter, ['bench/python/features.py', csv, weights, steps])),
      ),
  );
  const pairsOf = (value: (times: Times) => number) =>
    ours.map((times, i) => ({
      ours: value(times),
      theirs: value(theirs[i] ?? { pass: Number.NaN, steps: [] }),
    }));
  return [
    {
      what: `VGG16's features of ${rows} images, computed and stored`,
      unit: 's',
      limit: null,
      pairs: pairsOf(({ pass }) => pass),
      note: "one process, all cores, against Keras's predict",
    },
    {
      what: 'step of the head on features, batch 32',
      unit: 'ms',
      limit: { ratio: 0.7 },
      pairs: pairsOf((times) => median(times.steps)),
      note: `medians of ${steps} steps; 6,500,743 parameters`,
    },
  ];
}
