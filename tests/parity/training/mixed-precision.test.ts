/**
 * Keras's policies mixed_bfloat16 and mixed_float16 on a small CNN: losses and predictions agree
 * with Keras's of that policy, and are further from Keras's float32 than from these.
 */
import { expect, test } from '@jest/globals';
import type { LayersModel, Scalar, Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import { installFastKernels } from '../../../src/engine/kernels/install.ts';
import { loadEngine } from '../../../src/engine/load.ts';
import { traceFunction } from '../../../src/engine/trace.ts';
import { labelTensor } from '../../../src/training/batches.ts';
import { makeEvaluationStep } from '../../../src/training/evaluation-step.ts';
import { createLossScale } from '../../../src/training/loss-scale.ts';
import { modelVariables, trainableWeights } from '../../../src/training/model-weights.ts';
import { type OptimizerConfig, optimizerSchema } from '../../../src/training/optimizers/index.ts';
import { createOptimizer } from '../../../src/training/optimizers/optimizer.ts';
import type { Precision } from '../../../src/training/precision.ts';
import { evaluationRunner, stepRunner } from '../../../src/training/traced-runner.ts';
import { makeTrainStep } from '../../../src/training/train-step.ts';
import { largestDifference, readFixture, withDefaults } from './fixture.ts';

type Trained = { losses: number[]; predicted: number[] };
type Fixture = {
  learning_rate: number;
  images: number[];
  labels: number[];
  initial: number[][];
  policies: Record<Precision, Trained>;
  loss_scale: {
    initial_scale: number;
    dynamic_growth_steps: number;
    steps: {
      gradient: (number | null)[];
      scale: number;
      counter: number;
      iterations: number;
      weight: number[];
    }[];
  };
};

const tf = await loadEngine({ device: 'cpu' });
installFastKernels(tf);
const fixture = readFixture<Fixture>('mixed-precision.json');
const loss = { type: 'categorical_crossentropy', label_smoothing: 0 } as const;
const samples = fixture.labels.length;
const images = tf.tensor4d(fixture.images, [samples, 8, 8, 1]);
const labels = labelTensor(tf, fixture.labels, 3);

/** The model of make_mixed_precision.py with its initial weights. */
function buildModel(): LayersModel {
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.conv2d({
        filters: 8,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        inputShape: [8, 8, 1],
        kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
      }),
      layers.batchNormalization({}),
      layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 16, activation: 'relu' }),
      layers.dense({ units: 3 }),
      layers.activation({ activation: 'softmax' }),
    ],
  });
  // Keras lists weights layer by layer; so do these.
  for (const [i, weight] of model.layers.flatMap((layer) => layer.weights).entries()) {
    const variable = weight.read() as Variable; // `read` gives the variable itself
    variable.assign(tf.tensor(fixture.initial[i] ?? [], variable.shape));
  }
  return model;
}

const adam = withDefaults<OptimizerConfig>(optimizerSchema, { type: 'adam' });

type Run = Trained & { readonly types: ReadonlySet<string> };

function train(precision: Precision): Run {
  const model = buildModel();
  const weights = trainableWeights(model);
  const optimizer = createOptimizer(tf, adam, weights);
  const lossScale = precision === 'mixed_float16' ? createLossScale(tf) : undefined;
  const prepare = (stored: Tensor) => stored;
  const evaluation = makeEvaluationStep(tf, model, loss, { decode: prepare });
  const options = { mode: 'auto', precision, model, onFallback: () => {} } as const;
  const predictor = evaluationRunner(tf, { ...options, worthwhile: false }, evaluation);
  const [probabilities] = predictor.run([images, labels]);
  if (!probabilities) throw new Error('no probabilities');
  predictor.dispose();
  const step = makeTrainStep(tf, { model, loss, optimizer, weights, lossScale, prepare });
  const runner = stepRunner(tf, options)(step, evaluation);
  const inputs = [images, labels, tf.ones([samples]), tf.scalar(fixture.learning_rate)];
  const losses = fixture.policies[precision].losses.map(
    () => runner.run(inputs)[0]?.dataSync()[0] ?? Number.NaN,
  );
  runner.pull();
  const floats = [...modelVariables(model).values(), probabilities];
  runner.dispose();
  const types = new Set(floats.map(({ dtype }) => dtype));
  return { predicted: [...probabilities.dataSync()], losses, types };
}

test('float32 is as without a policy', () => {
  const { losses, predicted } = train('float32');
  expect(largestDifference(losses, fixture.policies.float32.losses, 1e-3)).toBeLessThan(1e-4);
  expect(largestDifference(predicted, fixture.policies.float32.predicted, 1)).toBeLessThan(1e-6);
});

// Measured: losses 0.008 and 0.0003 from Keras's own, 0.029 and 0.0026 from its float32.
test.each([
  ['mixed_bfloat16', 2e-2],
  ['mixed_float16', 1e-3],
] as const)("%s: losses and predictions are Keras's of that policy", (precision, tolerance) => {
  const ours = train(precision);
  const { float32, [precision]: same } = fixture.policies;
  const off = largestDifference(ours.losses, same.losses, 1e-3);
  expect(off).toBeLessThan(tolerance);
  expect(off).toBeLessThan(largestDifference(ours.losses, float32.losses, 1e-3) / 2);
  const predictedOff = largestDifference(ours.predicted, same.predicted, 1);
  expect(predictedOff).toBeLessThan(largestDifference(ours.predicted, float32.predicted, 1) / 2);
  expect([...ours.types]).toEqual(['float32']);
});

test.each(['eager', 'recorded'] as const)("%s: the loss scale goes Keras's way", (how) => {
  const { steps, initial_scale: initialScale } = fixture.loss_scale;
  const variable = tf.variable(tf.tensor1d([1, -2]));
  const optimizer = createOptimizer(tf, adam, [{ name: 'weight', variable }]);
  const lossScale = createLossScale(tf, { initialScale, growthSteps: 3 });
  const numberIn = (one: Variable | undefined) => one?.dataSync()[0];
  const { variables } = lossScale;
  const [scale, counter] = [variables.get('dynamic_scale'), variables.get('step_counter')];
  const changed = [variable, ...optimizer.variables.values()];
  const step = ([gradient]: Tensor[]): Tensor[] => {
    const scaled = lossScale.scaled(gradient as Scalar); // of any shape
    lossScale.apply({ [variable.name]: scaled }, changed, (unscaled) => {
      optimizer.apply(tf.scalar(0.1), unscaled);
    });
    return [];
  };
  const graph = how === 'recorded' ? traceFunction(tf, step, [tf.zeros([2])]) : undefined;
  for (const expected of steps) {
    const gradient = tf.tensor1d(
      expected.gradient.map((value) => value ?? Number.POSITIVE_INFINITY),
    );
    if (graph) graph.run([gradient]);
    else step([gradient]);
    graph?.pull();
    expect(numberIn(scale)).toBe(expected.scale);
    expect(numberIn(counter)).toBe(expected.counter);
    expect(numberIn(optimizer.variables.get('iterations'))).toBe(expected.iterations);
    expect(largestDifference(variable.dataSync(), expected.weight, 1e-1)).toBeLessThan(1e-5);
  }
  graph?.dispose();
});

test("the loss scale starts and grows as Keras's by default", () => {
  const { initial_scale: initial, dynamic_growth_steps: growth } = fixture.loss_scale;
  const lossScale = createLossScale(tf);
  const { variables } = lossScale;
  const numberIn = (name: string) => variables.get(name)?.dataSync()[0];
  const stepAfter = (finite: number) => {
    variables.get('step_counter')?.assign(tf.scalar(finite, 'int32'));
    lossScale.apply({ weight: tf.scalar(1) }, [], () => {});
    return [numberIn('dynamic_scale'), numberIn('step_counter')];
  };
  expect(numberIn('dynamic_scale')).toBe(initial);
  expect(stepAfter(growth - 2)).toEqual([initial, growth - 1]);
  expect(stepAfter(growth - 1)).toEqual([initial * 2, 0]);
});
