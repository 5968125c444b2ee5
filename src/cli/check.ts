import type { ThresholdsConfig } from '../thresholds/schema.ts';
import { defineVerb } from './define.ts';
import { jsonFlag } from './shared-flags.ts';
import { print, printJson } from './terminal.ts';

export const check = defineVerb({
  name: 'check',
  summary: 'judge the thresholds of a run again, without training',
  arguments: 'RUN',
  flags: { json: jsonFlag },
  async run({ arguments: [text = ''], flags }) {
    const [{ findRun }, { readResult }, { judge }, { describeChecks }, { runsDirectory }] =
      await Promise.all([
        import('../result/run-directory.ts'),
        import('../result/read-result.ts'),
        import('../thresholds/judge.ts'),
        import('../report/describe-result.ts'),
        import('./runs-directory.ts'),
      ]);
    const result = readResult(findRun(runsDirectory(), text));
    // The config in result.json has been checked before the run began.
    const { thresholds } = result.config as { thresholds?: ThresholdsConfig };
    const verdict = judge(result, thresholds);
    if (flags.json) printJson({ run_id: result.run_id, ...verdict });
    else print(describeChecks({ ...result, thresholds: verdict }));
    return { none: 0, passed: 0, failed: 1, inconclusive: 3 }[verdict.verdict];
  },
});
