/**
 * The benchmark: `npm run bench -- [--quick] [ROW…]`.
 *
 * Writes `docs/benchmarks.md` and `docs/benchmarks.json`; rows that were not asked for stay as they
 * were. A quick run writes to standard output alone. FOLDWISE_BENCH_PYTHON names an interpreter
 * with Keras 3, TensorFlow, scikit-learn, pandas and h5py; without it an environment is made in the
 * cache directory.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { root, run } from './measure.ts';
import type { Measurement } from './row.ts';
import { rows } from './rows/index.ts';
import { type BenchReport, benchmarksPage } from './table.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const unknown = positionals.find((word) => !rows.some(({ name }) => name === word));
if (unknown !== undefined) {
  const known = rows.map(({ name, description }) => `  ${name.padEnd(12)}${description}`);
  console.error(`bench: there is no row "${unknown}"; there are\n${known.join('\n')}`);
  process.exit(2);
}

const directory = mkdtempSync(join(tmpdir(), 'foldwise-bench-'));
// All that Foldwise caches goes there, so that nothing of earlier runs helps.
const userCache = { XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };
process.env.XDG_CACHE_HOME = join(directory, 'cache');
process.env.FOLDWISE_BENCH_DIRECTORY = directory;
let interpreter: string | undefined;
const python = async (): Promise<string> => {
  if (interpreter === undefined) {
    console.error('bench: preparing Python (made once, some minutes) …');
    const made = await run(process.execPath, ['scripts/bench-python.mjs'], { env: userCache });
    interpreter = made.stdout.trim();
  }
  return interpreter;
};
try {
  const measured: Record<string, readonly Measurement[]> = {};
  for (const row of rows) {
    if (positionals.length > 0 && !positionals.includes(row.name)) continue;
    const started = performance.now();
    console.error(`bench: ${row.name}: ${row.description} …`);
    measured[row.name] = await row.measure({ quick: flags.quick, directory, python });
    const minutes = ((performance.now() - started) / 60_000).toFixed(1);
    console.error(`bench: ${row.name}: ${minutes} min`);
  }
  report(measured, await describeMachine(interpreter));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function report(
  measured: BenchReport['rows'],
  machine: Readonly<Record<string, string | number>>,
): void {
  const json = join(root, 'docs/benchmarks.json');
  const date = new Date().toISOString().slice(0, 10);
  if (flags.quick) {
    console.log(benchmarksPage({ quick: true, date, machine, rows: measured }));
    return;
  }
  const before: Partial<BenchReport> = existsSync(json)
    ? JSON.parse(readFileSync(json, 'utf8'))
    : {};
  const kept = { ...before.rows, ...measured };
  const inOrder = rows.flatMap(({ name }) => {
    const values = kept[name];
    return values ? [[name, values] as const] : [];
  });
  const all: BenchReport = {
    quick: false,
    date,
    machine: { ...before.machine, ...machine },
    rows: Object.fromEntries(inOrder),
  };
  writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`);
  const page = benchmarksPage(all);
  writeFileSync(join(root, 'docs/benchmarks.md'), page);
  console.log(page);
}
