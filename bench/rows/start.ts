import { fileURLToPath } from 'node:url';
import { inRounds, root, run, runCommand } from '../measure.ts';
import type { Row } from '../row.ts';

const quickstart = fileURLToPath(new URL('../../experiments/quickstart.yaml', import.meta.url));
const firstBatch = ['--import', 'tsx', 'bench/foldwise/first-batch.ts', quickstart];

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
        values: await inRounds(
          quick ? 1 : 3,
          async () => (await run(process.execPath, firstBatch)).seconds,
        ),
        note: 'from the start of the process; data in the cache after the first time',
      },
    ];
  },
};
