import { resolve } from 'node:path';
import type { RunPaths } from '../result/run-directory.ts';
import { defineVerb } from './define.ts';
import { jsonFlag } from './shared-flags.ts';
import { print, printJson, say } from './terminal.ts';

export const compare = defineVerb({
  name: 'compare',
  summary: 'compare runs on the same folds: paired statistics, with a verdict in words',
  arguments: 'RUN…',
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
    const [{ readRunToCompare }, { compareRuns }, { describeComparison }, { findRun, findStudy }] =
      await Promise.all([
        import('../compare/read-runs.ts'),
        import('../compare/compare-runs.ts'),
        import('../report/describe-comparison.ts'),
        import('../result/find-run.ts'),
      ]);
    const { runsDirectory } = await import('./runs-directory.ts');
    const root = runsDirectory();
    // A study stands for the runs of its variants.
    const named = names.flatMap((name): { label?: string; run: RunPaths }[] => {
      const study = findStudy(root, name);
      if (!study) return [{ run: findRun(root, name) }];
      return study.variants.map((variant) => ({ label: variant.name, run: variant.run }));
    });
    const runs = named.map(({ run }) => run);
    const comparison = compareRuns(
      named.map(({ label, run }) => ({ ...readRunToCompare(run), label })),
    );
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
