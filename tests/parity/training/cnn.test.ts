import { expect, test } from '@jest/globals';
import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import { loadEngine } from '../../../src/engine/load.ts';
import { labelTensor } from '../../../src/training/batches.ts';
import type { InputSource } from '../../../src/training/input-source.ts';
import { useModelOutput } from '../../../src/training/model-output.ts';
import { trainableWeights } from '../../../src/training/model-weights.ts';
import { type OptimizerConfig, optimizerSchema } from '../../../src/training/optimizers/index.ts';
import { createOptimizer } from '../../../src/training/optimizers/optimizer.ts';
import { evaluate } from '../../../src/training/predict.ts';
import { batchLoss, makeTrainStep } from '../../../src/training/train-step.ts';
import { largestDifference, readFixture, withDefaults } from './fixture.ts';

type Fixture = {
  images: number[];
  labels: number[];
  class_weight: number[];
  initial: number[][];
  evaluated: number;
  gradients: number[][];
  losses: number[];
  weights: number[][];
};

const tf = await loadEngine({ device: 'cpu' });
const fixture = readFixture<Fixture>('cnn.json');
const loss = { type: 'categorical_crossentropy', label_smoothing: 0 } as const;
const images = tf.tensor4d(fixture.images, [10, 8, 8, 1]);
const labels = labelTensor(tf, fixture.labels, 3);
const weights = tf.tensor1d(fixture.labels.map((label) => fixture.class_weight[label] ?? 0));

/** The model of make_fixture.py with its initial weights. */
function buildModel(): LayersModel {
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.conv2d({
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [8, 8, 1],
        kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
      }),
      layers.batchNormalization({}),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({
        units: 3,
        activation: 'softmax',
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5 }),
      }),
    ],
  });
  // Keras lists weights layer by layer; so do these.
  for (const [i, weight] of model.layers.flatMap((layer) => layer.weights).entries()) {
    // Past the constraint, which `write` would apply; `read` gives the variable itself.
    const variable = weight.read() as Variable;
    variable.assign(tf.tensor(fixture.initial[i] ?? [], variable.shape));
  }
  return model;
}

test("the gradients of a small CNN with class weights are Keras's", () => {
  const model = buildModel();
  const variables = trainableWeights(model).map(({ variable }) => variable);
  const { grads } = tf.variableGrads(
    () =>
      useModelOutput(tf, model, images, { training: true }, (output) =>
        batchLoss(tf, model, loss, { ...output, labels }, weights),
      ),
    variables,
  );
  variables.forEach(({ name }, i) => {
    const gradient = grads[name]?.dataSync() ?? [];
    expect(largestDifference(gradient, fixture.gradients[i] ?? [], 1e-1)).toBeLessThan(1e-5);
  });
});

test("four steps with momentum and a constraint give Keras's losses and weights", () => {
  const model = buildModel();
  const trained = trainableWeights(model);
  const config = withDefaults<OptimizerConfig>(optimizerSchema, { type: 'sgd', momentum: 0.9 });
  const optimizer = createOptimizer(tf, config, trained);
  const step = makeTrainStep(tf, {
    model,
    loss,
    optimizer,
    weights: trained,
    prepare: (stored) => stored,
  });
  const losses = fixture.losses.map(
    () => step(images, labels, weights, tf.scalar(0.1))[0].dataSync()[0] ?? Number.NaN,
  );
  expect(largestDifference(losses, fixture.losses, 1e-2)).toBeLessThan(1e-5);
  const after = model.layers.flatMap((layer) => layer.weights).map((weight) => weight.read());
  after.forEach((weight: Tensor, i) => {
    expect(largestDifference(weight.dataSync(), fixture.weights[i] ?? [], 1e-1)).toBeLessThan(1e-4);
  });
});

test("the loss over samples is that of Keras's evaluate, penalties included", () => {
  const input: InputSource = {
    shape: [8, 8, 1],
    read: (indices) => tf.gather(images, [...indices]),
    decode: (stored) => stored,
  };
  const indices = Uint32Array.from(fixture.labels, (_, i) => i);
  const samples = { indices, labels: Int32Array.from(fixture.labels) };
  const { loss: value } = evaluate(tf, buildModel(), input, samples, { loss, batchSize: 4 });
  expect(Math.abs(value - fixture.evaluated) / fixture.evaluated).toBeLessThan(1e-5);
});
