import { resolve } from 'node:path';
import { defineVerb } from './define.ts';
import { jsonFlag } from './shared-flags.ts';
import { print, printJson, say } from './terminal.ts';

export const compare = defineVerb({
  name: 'compare',
  summary: 'compare runs on the same folds: paired statistics, with a verdict in words',
  arguments: 'RUN RUN…',
  flags: {
    json: jsonFlag,
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE.html',
      description: 'write the comparison report here',
    },
  },
  async run({ arguments: names, flags }) {
    const [{ readRunToCompare }, { compareRuns }, { describeComparison }, { findRun }] =
      await Promise.all([
        import('../compare/read-runs.ts'),
        import('../compare/compare-runs.ts'),
        import('../report/describe-comparison.ts'),
        import('../result/run-directory.ts'),
      ]);
    const { runsDirectory } = await import('./runs-directory.ts');
    const runs = names.map((name) => findRun(runsDirectory(), name));
    const comparison = compareRuns(runs.map(readRunToCompare));
    const { output } = flags;
    if (output !== undefined) {
      const { writeComparison } = await import('../report/comparison/write-comparison.ts');
      const title = comparison.runs.map(({ label }) => label).join(' · ');
      await writeComparison(resolve(output), comparison, { title, runs });
    }
    if (flags.json) printJson(comparison);
    else print(describeComparison(comparison));
    if (output !== undefined) say(`report  ${resolve(output)}`);
    return 0;
  },
});
