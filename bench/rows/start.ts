import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRounds, root, run, runCommand } from '../measure.ts';
import type { Row } from '../row.ts';

const quickstart = fileURLToPath(new URL('../../experiments/quickstart.yaml', import.meta.url));

/** Seconds until the first batch, of a program that is bundled as the command is. */
async function untilFirstBatch(rounds: number): Promise<number[]> {
  const folder = join(root, `first-batch.${process.pid}.tmp`);
  // Plain JavaScript without types: it runs before there is a compiler.
  const { bundle } = await import(join(root, 'scripts/setup/bundle.mjs'));
  try {
    const entryPoints = ['bench/foldwise/first-batch.ts'];
    await bundle({ root, entryPoints, base: 'bench/foldwise', folder });
    const args = [join(folder, 'first-batch.js'), quickstart];
    return await inRounds(rounds, async () => (await run(process.execPath, args)).seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const start: Row = {
  name: 'start',
  description: 'how soon the command answers',
  async measure({ quick }) {
    const rounds = quick ? 1 : 7;
    const seconds = (args: readonly string[]) =>
      inRounds(rounds, async () => (await runCommand(args, root)).seconds);
    const note = 'whole process, Node included';
    return [
      {
        what: '`foldwise --help`',
        unit: 's',
        limit: { value: 0.1 },
        values: await seconds(['--help']),
        note,
      },
      {
        what: '`foldwise validate experiments/quickstart.yaml`',
        unit: 's',
        limit: { value: 0.3 },
        values: await seconds(['validate', quickstart]),
        note,
      },
      {
        what: 'first training batch of the quickstart',
        unit: 's',
        limit: { value: 4 },
        values: await untilFirstBatch(quick ? 1 : 3),
        note: 'from the start of the process; data in the cache after the first time',
      },
    ];
  },
};
