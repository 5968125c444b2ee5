/**
 * Shows a run while it goes on: folds as tasks in a terminal (listr2), one line per epoch where
 * there is none. Everything goes to stderr, so that stdout stays the program's answer.
 */
import type { ExperimentConfig } from '../config/experiment.ts';
import type { RunObserver } from '../execution/observer.ts';
import { formatDuration } from '../report/format.ts';
import type { EpochRecord } from '../training/epoch-record.ts';
import { totalEpochs } from '../training/phases.ts';
import { type LiveLine, liveLines } from './live-lines.ts';

export type Progress = RunObserver & { close(): Promise<void> };

/** When `signal` aborts, it says that the run is about to end. */
export function showProgress({ training }: ExperimentConfig, signal: AbortSignal): Progress {
  const epochs = totalEpochs(training);
  const terminal = process.stderr.isTTY && !process.env.CI;
  const progress = terminal ? listProgress(epochs) : plainProgress(epochs);
  signal.addEventListener('abort', () => progress.onNote(stopping), { once: true });
  return progress;
}

const stopping = 'stopping after the running batch; Ctrl-C again to stop at once';

const share = (value: number) => value.toFixed(3);

function describeValues({ values }: EpochRecord): string {
  const shown = ['loss', 'val_loss', 'accuracy', 'val_accuracy'].flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`  ${name} ${share(value)}`];
  });
  return shown.join('');
}

/** Time left of a fold, from the mean of its epochs so far; an early stop may make it shorter. */
const timeLeft = (seconds: number, done: number, epochs: number) =>
  done < epochs ? `  ≤ ${formatDuration((seconds / done) * (epochs - done))} left` : '';

function plainProgress(epochs: number): Progress {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const spent = new Map<number, number>();
  const of = (fold: number) => `fold ${fold}`;
  return {
    // A line for each step, not for each percent of it.
    onStep: (what, done) => done === undefined && say(what),
    onNote: (message) => say(`note: ${message}`),
    onFoldStarted: (fold) => say(`${of(fold)}  started`),
    onBatch: () => {},
    onEpoch: (fold, record) => {
      const seconds = (spent.get(fold) ?? 0) + record.seconds;
      spent.set(fold, seconds);
      const left = timeLeft(seconds, record.epoch, epochs);
      say(`${of(fold)}  epoch ${record.epoch}/${epochs}${describeValues(record)}${left}`);
    },
    onFoldEnded: (fold, status, reason) =>
      say(`${of(fold)}  ${status}${reason ? `: ${reason}` : ''}`),
    close: async () => {},
  };
}

type FoldProgress = { readonly line: LiveLine; seconds: number; values: string; left: string };

function listProgress(epochs: number): Progress {
  const lines = liveLines();
  const folds = new Map<number, FoldProgress>();
  let step: { readonly what: string; readonly line: LiveLine } | undefined;
  const title = (fold: number) => `fold ${fold}`;
  return {
    onStep: (what, done, total) => {
      if (step?.what !== what) {
        step?.line.end();
        step = { what, line: lines.add(what) };
      }
      if (done !== undefined && total)
        step.line.show(`${what} ${Math.floor((100 * done) / total)} %`);
    },
    onNote: (message) => lines.add(`note: ${message}`).end(),
    onFoldStarted: (fold) => {
      step?.line.end();
      folds.set(fold, { line: lines.add(title(fold)), seconds: 0, values: '', left: '' });
    },
    onBatch: (fold, epoch, batch, batches) => {
      const { line, values = '', left = '' } = folds.get(fold) ?? {};
      const done = `epoch ${epoch}/${epochs} ${Math.floor((100 * batch) / batches)} %`;
      line?.show(`${title(fold)}  ${done}${values}${left}`);
    },
    onEpoch: (fold, record) => {
      const progress = folds.get(fold);
      if (!progress) return;
      progress.seconds += record.seconds;
      progress.values = describeValues(record);
      progress.left = timeLeft(progress.seconds, record.epoch, epochs);
      const { line, values, left } = progress;
      line.show(`${title(fold)}  epoch ${record.epoch}/${epochs}${values}${left}`);
    },
    onFoldEnded: (fold, status, reason) => {
      const progress = folds.get(fold);
      progress?.line.show(`${title(fold)}  ${status}${progress.values}`);
      progress?.line.end(
        status === 'completed' ? undefined : new Error(reason ?? 'what it has learned is kept'),
      );
    },
    close: () => lines.close(),
  };
}
