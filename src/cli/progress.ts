/**
 * Shows a run while it goes on: folds as tasks in a terminal (listr2), one line per epoch where
 * there is none. Everything goes to stderr, so that stdout stays the program's answer.
 */
import { Listr, type ListrTaskWrapper } from 'listr2';
import type { ExperimentConfig } from '../config/experiment.ts';
import type { RunObserver } from '../execution/observer.ts';
import { formatDuration } from '../report/format.ts';
import type { EpochRecord } from '../training/epoch-record.ts';
import { totalEpochs } from '../training/phases.ts';

export type Progress = RunObserver & { close(): Promise<void> };

export function showProgress({ training }: ExperimentConfig): Progress {
  const epochs = totalEpochs(training);
  const terminal = process.stderr.isTTY && !process.env.CI;
  return terminal ? listProgress(epochs) : plainProgress(epochs);
}

const share = (value: number) => value.toFixed(3);

function describeEpoch({ epoch, values }: EpochRecord, epochs: number): string {
  const shown = ['loss', 'val_loss', 'accuracy', 'val_accuracy'].flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`${name} ${share(value)}`];
  });
  return [`epoch ${epoch}/${epochs}`, ...shown].join('  ');
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
      say(`${of(fold)}  ${describeEpoch(record, epochs)}${left}`);
    },
    onFoldEnded: (fold, status, reason) =>
      say(`${of(fold)}  ${status}${reason ? `: ${reason}` : ''}`),
    close: async () => {},
  };
}

type FoldLine = {
  readonly task: ListrTaskWrapper<unknown, never, never>;
  readonly end: (error?: Error) => void;
  seconds: number;
  epochText: string;
};

function listProgress(epochs: number): Progress {
  const lines = new Map<number, FoldLine>();
  const list = new Listr<unknown>([], {
    concurrent: true,
    exitOnError: false,
    fallbackRenderer: 'simple',
    rendererOptions: { collapseErrors: false },
  });
  let running: Promise<unknown> | undefined;
  const title = (fold: number) => `fold ${fold}`;
  const startLine = (fold: number) => {
    list.add({
      title: title(fold),
      task: (_, task) =>
        new Promise<void>((resolve, reject) => {
          const end = (error?: Error) => (error ? reject(error) : resolve());
          // listr2 types the wrapper by its renderers; title and output are all that is used.
          lines.set(fold, { task: task as never, end, seconds: 0, epochText: '' });
        }),
    });
  };
  return {
    onStep: (what, done, total) => {
      const counted = done !== undefined && total ? ` ${Math.floor((100 * done) / total)} %` : '';
      process.stderr.write(`\r\u001b[K${what}${counted}${done === undefined ? '\n' : ''}`);
    },
    onNote: (message) => void process.stderr.write(`note: ${message}\n`),
    onFoldStarted: (fold) => {
      startLine(fold);
      running ??= list.run();
    },
    onBatch: (fold, epoch, batch, batches) => {
      const line = lines.get(fold);
      if (line)
        line.task.title = `${title(fold)}  epoch ${epoch}/${epochs} ${Math.floor((100 * batch) / batches)} %  ${line.epochText}`;
    },
    onEpoch: (fold, record) => {
      const line = lines.get(fold);
      if (!line) return;
      line.seconds += record.seconds;
      line.epochText = `${describeEpoch(record, epochs)}${timeLeft(line.seconds, record.epoch, epochs)}`;
      line.task.title = `${title(fold)}  ${line.epochText}`;
    },
    onFoldEnded: (fold, status, reason) => {
      const line = lines.get(fold);
      if (!line) return;
      line.task.title = `${title(fold)}  ${status}  ${line.epochText}`;
      line.end(status === 'completed' ? undefined : new Error(reason ?? status));
    },
    close: async () => {
      for (const line of lines.values()) line.end();
      await running;
    },
  };
}
