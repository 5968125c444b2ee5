import type { Baseline } from '../thresholds/baseline.ts';
import type { ThresholdsConfig } from '../thresholds/schema.ts';
import { defineVerb } from './define.ts';
import { jsonFlag } from './shared-flags.ts';
import { print, printJson } from './terminal.ts';

export const check = defineVerb({
  name: 'check',
  summary: 'judge thresholds and baseline of a run again, without training',
  arguments: 'RUN',
  flags: {
    baseline: {
      type: 'string',
      value: 'FILE|RUN',
      description: 'hold it against this baseline file, or against another run',
    },
    json: jsonFlag,
  },
  async run({ arguments: [text = ''], flags }) {
    const [{ findRun }, { readResult }, { judge }, { describeChecks }, { runsDirectory }] =
      await Promise.all([
        import('../result/find-run.ts'),
        import('../result/read-result.ts'),
        import('../thresholds/judge.ts'),
        import('../report/describe-result.ts'),
        import('./runs-directory.ts'),
      ]);
    const root = runsDirectory();
    const result = readResult(findRun(root, text));
    const baseline =
      flags.baseline === undefined ? undefined : await baselineFrom(root, flags.baseline);
    // The config in result.json has been checked before the run began.
    const { thresholds } = result.config as { thresholds?: ThresholdsConfig };
    const verdict = judge(result, thresholds, baseline);
    if (flags.json) printJson({ run_id: result.run_id, ...verdict });
    else print(describeChecks({ ...result, thresholds: verdict }));
    return { none: 0, passed: 0, failed: 1, inconclusive: 3 }[verdict.verdict];
  },
});

/** A baseline file, or what another run would be as a baseline. */
async function baselineFrom(root: string, text: string): Promise<Baseline> {
  const [{ findRun }, { readResult }, { baselineOf, readBaseline }] = await Promise.all([
    import('../result/find-run.ts'),
    import('../result/read-result.ts'),
    import('../thresholds/baseline.ts'),
  ]);
  const written = /\.ya?ml$/i.test(text) ? readBaseline(text) : undefined;
  return written ?? baselineOf(readResult(findRun(root, text)));
}
