/**
 * The process of one fold: builds the model, trains it on what it was given, and only then hears
 * which samples to be tested on. Talks in `protocol.ts`; may not write anything but the model, the
 * saved state and messages.
 */
import type { Engine } from '../engine/engine.ts';
import { installFastKernels } from '../engine/kernels/install.ts';
import { describeEngine, loadEngine } from '../engine/load.ts';
import { asExperimentError } from '../errors.ts';
import { evaluate, predict } from '../training/predict.ts';
import { trainFold } from '../training/train-fold.ts';
import type { FoldAssignment, FromWorker, ToWorker } from './protocol.ts';
import { saveModel } from './save-model.ts';
import { openTrainee, type Trainee } from './trainee.ts';

const send = (message: FromWorker) => process.send?.(message);
const note = (message: string) => send({ kind: 'note', message });

type Trained = {
  readonly tf: Engine;
  readonly trainee: Trainee;
  readonly assignment: FoldAssignment;
};

let interrupted = false;
let trained: Trained | undefined;

/** Labels by sample index; −1 for every sample that this process does not know. */
function knownLabels({ images, fold, trainLabels, validationLabels }: FoldAssignment): Int32Array {
  const labels = new Int32Array(images.samples).fill(-1);
  fold.train.forEach((sample, i) => {
    labels[sample] = trainLabels[i] ?? -1;
  });
  fold.validation.forEach((sample, i) => {
    labels[sample] = validationLabels[i] ?? -1;
  });
  return labels;
}

async function train(assignment: FoldAssignment): Promise<void> {
  const { device, threads } = assignment;
  const tf = await loadEngine({ device, threads });
  send({ kind: 'ready', engine: describeEngine(tf) });
  installFastKernels(tf);
  const started = performance.now();
  const shouldStop = () => interrupted;
  const trainee = await openTrainee(tf, assignment, {
    onNote: note,
    shouldStop,
    onFeatures: (done, total) => send({ kind: 'features', done, total }),
  });
  const { input, cached } = await trainee.inputOf(assignment.images, assignment.fingerprint);
  const training = await trainFold({
    tf,
    model: trainee.model,
    input,
    labels: knownLabels(assignment),
    classes: assignment.classes,
    fold: assignment.fold,
    config: assignment.training,
    monitors: assignment.monitors,
    seed: assignment.seed,
    stateDirectory: assignment.stateDirectory,
    smoke: assignment.smoke,
    mode: assignment.mode,
    onNote: note,
    onEpoch: (record) => send({ kind: 'epoch', record }),
    onProgress: (epoch, batch, batches) => send({ kind: 'batch', epoch, batch, batches }),
    shouldStop,
  });
  if (!training.interrupted) await saveModel(trainee.finish(), assignment.modelDirectory);
  trained = { tf, trainee, assignment };
  const seconds = (performance.now() - started) / 1000;
  send({ kind: 'trained', training: { ...training, seconds, cachedFeatures: cached } });
}

async function handle(message: ToWorker): Promise<void> {
  if (message.kind === 'train') return train(message.assignment);
  if (message.kind === 'interrupt') {
    interrupted = true;
    return;
  }
  if (message.kind === 'close') return process.disconnect();
  if (!trained) throw new Error(`"${message.kind}" before training`);
  const { tf, trainee, assignment } = trained;
  const { model } = trainee;
  const { mode, training } = assignment;
  const { batch_size: batchSize, loss, precision } = training;
  const options = { mode, precision, batchSize, loss, onNote: note };
  if (message.kind === 'evaluate') {
    const { input } = await trainee.inputOf(assignment.images, assignment.fingerprint);
    send({ kind: 'evaluated', ...evaluate(tf, model, input, message.part, options) });
  } else {
    const { input } = await trainee.inputOf(message.images, message.fingerprint);
    const probabilities = predict(tf, model, input, message.indices, options);
    send({ kind: 'predicted', name: message.name, probabilities });
  }
}

function report(error: unknown): void {
  const known = asExperimentError(error);
  send({
    kind: 'failed',
    code: known?.code ?? 'BUG',
    message: known?.message ?? String((error as Error).stack ?? error),
    hint: known?.hint,
  });
}

// Ctrl-C reaches the whole terminal group; the parent decides what it means for this fold.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (message: ToWorker) => {
  handle(message).catch(report);
});
