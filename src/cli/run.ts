import type { RunSelection } from '../execution/open-run.ts';
import type { RunOutcome } from '../execution/run-experiment.ts';
import { defineVerb } from './define.ts';
import { exitCodeOf } from './exit-code.ts';
import { jsonFlag, setFlag } from './shared-flags.ts';
import { bold, print, printJson, say } from './terminal.ts';

export const run = defineVerb({
  name: 'run',
  summary: 'train all folds, report, judge thresholds',
  arguments: 'FILE',
  flags: {
    set: setFlag,
    folds: { type: 'string', value: '0,3', description: 'only these folds' },
    smoke: { type: 'boolean', description: 'two batches of everything, to see that it works' },
    resume: {
      type: 'string',
      value: 'RUN',
      optional: true,
      description: 'go on with an unfinished run (--resume=RUN: with this one)',
    },
    fresh: { type: 'boolean', description: 'start a new run, whatever is unfinished' },
    device: {
      type: 'string',
      value: 'DEVICE',
      choices: ['cpu', 'gpu', 'auto'],
      description: 'where to compute',
    },
    'folds-at-once': { type: 'integer', value: 'N', description: 'folds that train side by side' },
    'no-track': { type: 'boolean', description: 'do not send anything to MLflow' },
    json: jsonFlag,
  },
  async run({ arguments: [file = ''], flags }) {
    const [{ loadExperiment }, { runExperiment }, { showProgress }, { runsDirectory }] =
      await Promise.all([
        import('../config/load.ts'),
        import('../execution/run-experiment.ts'),
        import('./progress.ts'),
        import('./runs-directory.ts'),
      ]);
    const experiment = loadExperiment(file, { set: flags.set });
    const progress = showProgress(experiment.config);
    const interruption = new AbortController();
    const onInterrupt = () => interrupt(interruption);
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onInterrupt);
    try {
      const outcome = await runExperiment(
        experiment,
        {
          root: runsDirectory(),
          selection: selectionOf(flags),
          folds: parseFolds(flags.folds),
          smoke: flags.smoke,
          track: !flags['no-track'],
          device: flags.device,
          foldsAtOnce: flags['folds-at-once'],
          signal: interruption.signal,
        },
        progress,
      );
      await progress.close();
      if (flags.json) printJson(outcome.result);
      else await show(outcome, file);
      return exitCodeOf(outcome);
    } finally {
      await progress.close();
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    }
  },
});

/** The first Ctrl-C lets the folds end their batch; the second one ends everything at once. */
function interrupt(interruption: AbortController): void {
  if (interruption.signal.aborted) process.exit(130);
  say('\nstopping after the running batch; Ctrl-C again to stop at once');
  interruption.abort();
}

type SelectionFlags = {
  readonly resume: string | undefined;
  readonly fresh: boolean;
  readonly smoke: boolean;
};

function selectionOf({ resume, fresh, smoke }: SelectionFlags): RunSelection {
  if (resume !== undefined)
    return resume === '' ? { kind: 'unfinished' } : { kind: 'named', run: resume };
  return fresh || smoke ? { kind: 'new' } : { kind: 'continue_or_new' };
}

const parseFolds = (text: string | undefined): readonly number[] | undefined =>
  text?.split(',').map(Number);

async function show(outcome: RunOutcome, file: string): Promise<void> {
  const { describeResult } = await import('../report/describe-result.ts');
  const { result, paths, tracking } = outcome;
  print(describeResult(result));
  if (result.status === 'interrupted') {
    print(`\nInterrupted. Go on with: npm run exp -- run ${file} --resume=${paths.id}`);
    return;
  }
  print(`\n${bold('report', process.stdout)}  ${paths.report}`);
  if (tracking.url) print(`${bold('MLflow', process.stdout)}  ${tracking.url}`);
  else print(`${bold('MLflow', process.stdout)}  npm run ui   shows this and all other runs`);
  if (tracking.message) say(tracking.message);
}
