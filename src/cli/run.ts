import type { LoadedExperiment } from '../config/load.ts';
import { ExperimentError } from '../errors.ts';
import type { RunSelection } from '../execution/open-run.ts';
import type { RunOptions } from '../execution/run-experiment.ts';
import { defineVerb, type FlagValues } from './define.ts';
import { jsonFlag, setFlag } from './shared-flags.ts';
import { print, printJson, say } from './terminal.ts';

const flagsOfRun = {
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
  list: { type: 'boolean', description: 'name the variants of a study and end' },
  device: {
    type: 'string',
    value: 'DEVICE',
    choices: ['cpu', 'gpu', 'auto'],
    description: 'where to compute',
  },
  'folds-at-once': { type: 'integer', value: 'N', description: 'folds that train side by side' },
  'no-track': { type: 'boolean', description: 'do not send anything to MLflow' },
  json: jsonFlag,
} as const;

type RunFlags = FlagValues<typeof flagsOfRun>;

export const run = defineVerb({
  name: 'run',
  summary: 'train all folds (of all variants), report, judge thresholds',
  arguments: 'FILE',
  flags: flagsOfRun,
  async run({ arguments: [file = ''], flags }) {
    const { loadExperiment } = await import('../config/load.ts');
    const experiment = loadExperiment(file, { set: flags.set });
    if (flags.list) return listVariants(experiment, flags.json);
    const interruption = new AbortController();
    const onInterrupt = () => interrupt(interruption);
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onInterrupt);
    try {
      const options = await optionsOf(flags, interruption.signal);
      return experiment.variants.length > 0
        ? await study(file, experiment, options, flags)
        : await single(file, experiment, options, flags);
    } finally {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    }
  },
});

type CommonOptions = Omit<RunOptions, 'selection'>;

async function optionsOf(flags: RunFlags, signal: AbortSignal): Promise<CommonOptions> {
  const { runsDirectory } = await import('./runs-directory.ts');
  return {
    root: runsDirectory(),
    folds: flags.folds === undefined ? undefined : foldNumbers(flags.folds),
    smoke: flags.smoke,
    track: !flags['no-track'],
    device: flags.device,
    foldsAtOnce: flags['folds-at-once'],
    signal,
  };
}

function foldNumbers(text: string): number[] {
  if (/^\d+(, *\d+)*$/.test(text)) return text.split(',').map(Number);
  throw new ExperimentError('USAGE', `--folds takes numbers, not "${text}"`, 'as in --folds 0,3');
}

async function single(
  file: string,
  experiment: LoadedExperiment,
  options: CommonOptions,
  flags: RunFlags,
): Promise<number> {
  const [{ runExperiment }, { showProgress }, { describeOutcome }, { exitCodeOf }] =
    await Promise.all([
      import('../execution/run-experiment.ts'),
      import('./progress.ts'),
      import('./describe-outcome.ts'),
      import('./exit-code.ts'),
    ]);
  const progress = showProgress(experiment.config, options.signal);
  try {
    const selection = selectionOf(flags);
    const outcome = await runExperiment(experiment, { ...options, selection }, progress);
    await progress.close();
    if (flags.json) printJson(outcome.result);
    else print(describeOutcome(outcome, commandOf(file, flags)));
    return exitCodeOf(outcome);
  } finally {
    await progress.close();
  }
}

async function study(
  file: string,
  { variants }: LoadedExperiment,
  options: CommonOptions,
  flags: RunFlags,
): Promise<number> {
  const [{ runStudy }, { watchStudy }, { describeStudy }, { exitCodeOfStudy }] = await Promise.all([
    import('../execution/run-study.ts'),
    import('./watch-study.ts'),
    import('./describe-outcome.ts'),
    import('./exit-code.ts'),
  ]);
  const { set, fresh } = flags;
  const watcher = watchStudy(variants.length, options.signal);
  const outcome = await runStudy(file, variants, { ...options, set, fresh }, watcher);
  if (flags.json) printJson(outcome.record);
  else print(describeStudy(outcome, commandOf(file, flags)));
  return exitCodeOfStudy(outcome);
}

/** What decides the experiment, to be said again when it goes on. */
const commandOf = (file: string, { set }: RunFlags) => [
  file,
  ...set.flatMap((change) => ['--set', change]),
];

function listVariants({ variants }: LoadedExperiment, json: boolean): number {
  if (json) printJson(variants);
  else {
    print(variants.length === 0 ? 'no variants: an ordinary experiment' : variants.join('\n'));
    if (variants.length > 0) say(`${variants.length} variants`);
  }
  return 0;
}

/** The first Ctrl-C lets the folds end their batch; the second one ends everything at once. */
function interrupt(interruption: AbortController): void {
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
}

function selectionOf({ resume, fresh, smoke }: RunFlags): RunSelection {
  if (resume !== undefined)
    return resume === '' ? { kind: 'unfinished' } : { kind: 'named', run: resume };
  return { kind: fresh || smoke ? 'new' : 'continue_or_new' };
}
