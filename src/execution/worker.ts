/**
 * The process of one fold: builds the model, trains it on what it was given, and only then hears
 * which samples to be tested on. Talks in `protocol.ts`; may not write anything but the model, the
 * saved state and messages.
 */
import type { LayersModel } from '@tensorflow/tfjs-node-gpu';
import type { ImageFile } from '../dataset/dataset.ts';
import { openImages } from '../dataset/open-images.ts';
import type { Engine } from '../engine/engine.ts';
import { installFastKernels } from '../engine/kernels/install.ts';
import { describeEngine, loadEngine } from '../engine/load.ts';
import { ExperimentError } from '../errors.ts';
import { buildModel } from '../model/build-model.ts';
import { loadWeights } from '../model/weights/load-weights.ts';
import { type InputSource, imageInput } from '../training/input-source.ts';
import { evaluate, predict } from '../training/predict.ts';
import { trainFold } from '../training/train-fold.ts';
import type { FoldAssignment, FromWorker, ToWorker } from './protocol.ts';
import { saveModel } from './save-model.ts';

const send = (message: FromWorker) => process.send?.(message);
const note = (message: string) => send({ kind: 'note', message });

type Trained = {
  readonly tf: Engine;
  readonly model: LayersModel;
  readonly assignment: FoldAssignment;
};

let interrupted = false;
let trained: Trained | undefined;

const inputOf = (tf: Engine, images: ImageFile, { transform }: FoldAssignment): InputSource =>
  imageInput(tf, openImages(images), transform);

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
  const { graph, weights } = assignment;
  const model = buildModel(tf, graph, { seed: assignment.seed });
  if (weights !== null) await loadWeights(tf, model, graph, weights);
  const started = performance.now();
  const training = await trainFold({
    tf,
    model,
    input: inputOf(tf, assignment.images, assignment),
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
    shouldStop: () => interrupted,
  });
  if (!training.interrupted) await saveModel(model, assignment.modelDirectory);
  trained = { tf, model, assignment };
  const seconds = (performance.now() - started) / 1000;
  send({ kind: 'trained', training: { ...training, seconds } });
}

async function handle(message: ToWorker): Promise<void> {
  if (message.kind === 'train') return train(message.assignment);
  if (message.kind === 'interrupt') {
    interrupted = true;
    return;
  }
  if (message.kind === 'close') return process.disconnect();
  if (!trained) throw new Error(`"${message.kind}" before training`);
  const { tf, model, assignment } = trained;
  const { mode, training } = assignment;
  const options = { mode, batchSize: training.batch_size, loss: training.loss, onNote: note };
  if (message.kind === 'evaluate') {
    const input = inputOf(tf, assignment.images, assignment);
    send({ kind: 'evaluated', ...evaluate(tf, model, input, message.part, options) });
  } else {
    const input = inputOf(tf, message.images, assignment);
    const probabilities = predict(tf, model, input, message.indices, options);
    send({ kind: 'predicted', name: message.name, probabilities });
  }
}

function report(error: unknown): void {
  const known = error instanceof ExperimentError;
  send({
    kind: 'failed',
    code: known ? error.code : 'BUG',
    message: known ? error.message : String((error as Error).stack ?? error),
    hint: known ? error.hint : undefined,
  });
}

// Ctrl-C reaches the whole terminal group; the parent decides what it means for this fold.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (message: ToWorker) => {
  handle(message).catch(report);
});
