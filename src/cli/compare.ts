import { defineVerb } from './define.ts';
import { jsonFlag } from './shared-flags.ts';
import { print, printJson } from './terminal.ts';

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
      description: 'where the report goes',
    },
  },
  async run({ arguments: names, flags }) {
    const [{ readRuns }, { compareRuns }, { describeComparison }, { runsDirectory }] =
      await Promise.all([
        import('../compare/read-runs.ts'),
        import('../compare/compare-runs.ts'),
        import('../report/describe-comparison.ts'),
        import('./runs-directory.ts'),
      ]);
    const comparison = compareRuns(readRuns(runsDirectory(), names));
    if (flags.json) printJson(comparison);
    else print(describeComparison(comparison));
    return 0;
  },
});
