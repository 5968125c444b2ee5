import { defineVerb } from './define.ts';
import { print } from './terminal.ts';

export const baseline = defineVerb({
  name: 'baseline',
  summary: 'accept a run as what later ones must not be worse than',
  arguments: 'RUN FILE',
  flags: {},
  async run({ arguments: [text = '', file = ''] }) {
    const [{ findRun }, { writeAtomically }, { readResult }, baselines, { runsDirectory }] =
      await Promise.all([
        import('../result/find-run.ts'),
        import('../result/run-directory.ts'),
        import('../result/read-result.ts'),
        import('../thresholds/baseline.ts'),
        import('./runs-directory.ts'),
      ]);
    const result = readResult(findRun(runsDirectory(), text));
    const path = file.endsWith('.baseline.yaml') ? file : baselines.baselinePath(file);
    writeAtomically(path, baselines.writtenBaseline(baselines.baselineOf(result)));
    print(`${path} holds run ${result.run_id}; commit it beside the experiment`);
    return 0;
  },
});
