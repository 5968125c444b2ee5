/** One fold from assignment to finished files, seen from the parent process. */
import { mkdirSync, rmSync } from 'node:fs';
import type { ImageFile } from '../dataset/dataset.ts';
import type { EngineInfo } from '../engine/load.ts';
import { ExperimentError } from '../errors.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { writeHistory } from '../result/history-file.ts';
import { writePredictions } from '../result/predictions-file.ts';
import { type FoldPaths, writeAtomically } from '../result/run-directory.ts';
import type { EpochRecord } from '../training/epoch-record.ts';
import { type FoldProcess, startFoldProcess } from './fold-process.ts';
import { writeModelCard } from './model-card.ts';
import type { FoldAssignment, FoldTraining, FromWorker, LabelledIndices } from './protocol.ts';

/** What a finished fold leaves in `fold.json`, beside its predictions and history. */
export type FinishedFold = Omit<FoldTraining, 'epochs' | 'interrupted'> & {
  /** Of the test part, with penalties. */
  readonly loss: number;
  readonly engine: EngineInfo;
};

export type UnseenPictures = {
  readonly name: string;
  readonly images: ImageFile;
  readonly fingerprint: string;
  readonly labels: Int32Array;
};

export type FoldListener = {
  onEpoch(record: EpochRecord): void;
  onBatch(epoch: number, batch: number, batches: number): void;
  onNote(message: string): void;
  /** Samples whose features are in the cache, of all. */
  onFeatures(done: number, total: number): void;
};

/** Where a fold is trained and what it writes. */
export type FoldPlace = {
  readonly paths: FoldPaths;
  /** The GPU that it sees, as CUDA_VISIBLE_DEVICES names it; undefined leaves that as it is. */
  readonly gpu: string | undefined;
};

export type RemoteFold = {
  /** Null when it was interrupted; its last complete epoch is saved. */
  readonly finished: Promise<FinishedFold | null>;
  interrupt(): void;
  kill(): void;
};

/**
 * Trains one fold in a process of its own and writes its files, `fold.json` last. The test part
 * leaves this process only after the other has said that training is over.
 * `finished` rejects with FoldFailed.
 */
export function trainFoldRemotely(
  assignment: FoldAssignment,
  test: LabelledIndices,
  unseen: readonly UnseenPictures[],
  { paths, gpu }: FoldPlace,
  listener: FoldListener,
): RemoteFold {
  mkdirSync(paths.directory, { recursive: true });
  let engine: EngineInfo | undefined;
  const epochs: EpochRecord[] = [];
  const onMessage = (message: FromWorker) => {
    if (message.kind === 'ready') engine = message.engine;
    if (message.kind === 'batch') listener.onBatch(message.epoch, message.batch, message.batches);
    if (message.kind === 'features') listener.onFeatures(message.done, message.total);
    if (message.kind === 'note') listener.onNote(message.message);
    if (message.kind === 'epoch') {
      epochs.push(message.record);
      listener.onEpoch(message.record);
    }
  };
  const child = startFoldProcess(foldEnvironment(assignment.threads, gpu), onMessage);
  const run = async (): Promise<FinishedFold | null> => {
    try {
      child.send({ kind: 'train', assignment });
      const { training } = await child.next('trained');
      writeHistory(paths.history, training.epochs);
      if (training.interrupted) return null;
      const loss = await testFold(child, assignment, test, paths);
      for (const pictures of unseen) await predictUnseen(child, assignment, pictures, paths);
      await child.close();
      const { epochs: _, interrupted: __, ...outcome } = training;
      if (!engine) throw new Error('a fold process trained before it said "ready"');
      writeModelCard(paths.model, assignment);
      const finished = { ...outcome, loss, engine };
      writeAtomically(paths.record, `${JSON.stringify(finished, null, 2)}\n`);
      rmSync(paths.state, { recursive: true, force: true });
      return finished;
    } finally {
      child.kill();
    }
  };
  return {
    finished: run(),
    interrupt: () => child.send({ kind: 'interrupt' }),
    kill: child.kill,
  };
}

/** Predicts the test part and stores it; gives its loss. */
async function testFold(
  child: FoldProcess,
  { classes }: FoldAssignment,
  part: LabelledIndices,
  paths: FoldPaths,
): Promise<number> {
  child.send({ kind: 'evaluate', part });
  const { probabilities, loss } = await child.next('evaluated');
  requireNumbers(probabilities, classes.length, 'the test part');
  const predictions: Predictions = { ...part, probabilities, classes, loss };
  writePredictions(paths.predictions, predictions);
  return loss;
}

async function predictUnseen(
  child: FoldProcess,
  { classes }: FoldAssignment,
  { name, images, fingerprint, labels }: UnseenPictures,
  paths: FoldPaths,
): Promise<void> {
  const indices = Uint32Array.from(labels, (_, i) => i);
  child.send({ kind: 'predict', name, images, fingerprint, indices });
  const { probabilities } = await child.next('predicted');
  requireNumbers(probabilities, classes.length, `unseen data ${name}`);
  writePredictions(paths.unseen(name), { indices, labels, probabilities, classes, loss: null });
}

/** Weights can overflow in the very last step, when no loss is looked at any more. */
function requireNumbers(probabilities: Float64Array, classes: number, of: string): void {
  const broken = new Set<number>();
  probabilities.forEach((value, i) => {
    if (!Number.isFinite(value)) broken.add(Math.floor(i / classes));
  });
  if (broken.size === 0) return;
  const samples = probabilities.length / classes;
  throw new ExperimentError(
    'INCONCLUSIVE',
    `The model predicts no numbers for ${broken.size} of ${samples} samples of ${of}.`,
    'A lower learning rate, clipnorm on the optimizer, or scaled pixels usually help.',
  );
}

/** TensorFlow reads these when its library loads, before any message arrives. */
const foldEnvironment = (threads: number, gpu: string | undefined): NodeJS.ProcessEnv => ({
  ...(gpu !== undefined && { CUDA_VISIBLE_DEVICES: gpu }),
  TF_NUM_INTRAOP_THREADS: process.env.TF_NUM_INTRAOP_THREADS ?? String(threads),
  OMP_NUM_THREADS: process.env.OMP_NUM_THREADS ?? String(threads),
});
