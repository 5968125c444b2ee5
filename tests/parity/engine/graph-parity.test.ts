/**
 * A traced step against the same step op by op, on every layer family and optimizer: from identical
 * state, every step's loss and gradients agree to 1e-5 over 30 steps, the variables after it to 1e-4.
 */
import { afterEach, expect, test } from '@jest/globals';
import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import { installFastKernels } from '../../../src/engine/kernels/install.ts';
import { loadEngine } from '../../../src/engine/load.ts';
import { randomStream, seedRandomStream } from '../../../src/engine/random.ts';
import { traceFunction } from '../../../src/engine/trace.ts';
import { classes, type SmallModel, type SmallModelName, smallModels } from './small-models.ts';
import { type SmallOptimizer, smallOptimizer } from './small-optimizers.ts';

const tf = await loadEngine();
installFastKernels(tf);
afterEach(() => {
  for (const variable of Object.values(tf.engine().registeredVariables)) variable.dispose();
});

const samples = 6;
const stepCount = 30;
const tolerance = {
  outputs: 1e-5,
  // Optimizers that divide by the gradient's size make much of the rounding of small gradients.
  variables: 1e-4,
};

type Subject = {
  readonly model: LayersModel;
  readonly trainable: readonly Variable[];
  readonly optimizer: SmallOptimizer;
  /** All that a step may change. */
  readonly state: readonly Variable[];
  readonly batches: readonly (readonly [x: Tensor, y: Tensor])[];
};
type Step = (inputs: Tensor[]) => Tensor[];

function prepare(made: SmallModel): Subject {
  seedRandomStream(tf, 11);
  const { model } = made;
  // A layer variable reads as the tf.Variable that holds it.
  const trainable = model.trainableWeights.map((weight) => weight.read() as Variable);
  const optimizer = smallOptimizer(tf, made.optimizer, trainable);
  const state: Variable[] = Object.values(tf.engine().registeredVariables);
  return { model, trainable, optimizer, state, batches: makeBatches(made) };
}

/** Numbers without a pattern, the same in every run. */
const draw = (i: number): number => {
  const wave = Math.sin(i * 12.9898 + 78.233) * 43758.5453;
  return wave - Math.floor(wave);
};

function makeBatches({ inputShape, vocabulary }: SmallModel): [Tensor, Tensor][] {
  const size = samples * inputShape.reduce((a, b) => a * b, 1);
  return [0, 1, 2].map((batch) => {
    const values = Float32Array.from({ length: size }, (_, i) => {
      const value = draw(batch * size + i);
      return vocabulary ? Math.floor(value * vocabulary) : 2 * value - 1;
    });
    const labels = Int32Array.from({ length: samples }, (_, i) => (batch + i) % classes);
    const y = tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), classes), 'float32');
    return [tf.tensor(values, [samples, ...inputShape]), y];
  });
}

const meanCrossentropy = (outputs: Tensor, y: Tensor): Tensor =>
  tf.neg(tf.mean(tf.sum(tf.mul(y, tf.log(tf.add(outputs, 1e-7))), -1)));

/** Outputs: loss, then the gradients of the trainable weights. */
function stepOf({ model, trainable, optimizer }: Subject): Step {
  return ([x, y]) => {
    const { value, grads } = tf.variableGrads(() => {
      const outputs = model.apply(x as Tensor, { training: true }) as Tensor; // one output
      const penalty = model.calculateLosses().reduce<Tensor>((a, b) => tf.add(a, b), tf.scalar(0));
      return tf.add(meanCrossentropy(outputs, y as Tensor), penalty) as never; // a scalar
    }, [...trainable]);
    const gradients = trainable.map(({ name }) => grads[name] as Tensor); // of every weight
    optimizer.apply(gradients);
    return [value, ...gradients];
  };
}

const numbers = (tensors: readonly Tensor[]): number[][] =>
  tensors.map((tensor) => Array.from(tensor.dataSync()));

/** Throws at the first step where the graph differs from the eager step. */
function compareSteps(subject: Subject, eager: Step, traced: Step): void {
  const { state, batches, optimizer } = subject;
  const graph = traceFunction(tf, traced, [...(batches[0] ?? [])], {
    layers: subject.model.layers,
  });
  graph.push(); // before the eager step changes the variables
  try {
    for (let i = 0; i < stepCount; i += 1) {
      if (i === 10) {
        optimizer.learningRate.assign(tf.mul(optimizer.learningRate, 0.1));
        graph.pushVariables([optimizer.learningRate]);
      }
      tf.tidy(() => {
        const inputs = [...(batches[i % batches.length] ?? [])];
        const expected = { outputs: numbers(eager(inputs)), state: numbers(state) };
        const outputs = numbers(graph.run(inputs));
        graph.pull();
        expectAgreement(`step ${i}, outputs`, outputs, expected.outputs, tolerance.outputs);
        expectAgreement(
          `step ${i}, variables`,
          numbers(state),
          expected.state,
          tolerance.variables,
        );
      });
    }
  } finally {
    graph.dispose();
  }
}

/** Each tensor relative to its largest value. */
function expectAgreement(
  what: string,
  actual: number[][],
  expected: number[][],
  bound: number,
): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((values, k) => {
    const scale = Math.max(1e-6, ...values.map(Math.abs));
    const errors = values.map((value, i) => Math.abs(value - (actual[k]?.[i] ?? Number.NaN)));
    const worst = Math.max(...errors) / scale;
    if (!(worst <= bound)) throw new Error(`${what}: tensor ${k} is off by ${worst}`);
  });
}

const names = Object.keys(smallModels(tf)) as SmallModelName[]; // its own keys

test.each(names)('%s: every step of the graph is the eager step', (name) => {
  const subject = prepare(smallModels(tf)[name]());
  const step = stepOf(subject);
  compareSteps(subject, step, step);
});

test.each(names)('%s: on its own the graph keeps to the eager losses', (name) => {
  const subject = prepare(smallModels(tf)[name]());
  const step = stepOf(subject);
  const graph = traceFunction(tf, step, [...(subject.batches[0] ?? [])]);
  const losses = (run: Step): number[] =>
    Array.from({ length: stepCount }, (_, i) =>
      tf.tidy(() => run([...(subject.batches[i % 3] ?? [])])[0]?.dataSync()[0] ?? Number.NaN),
    );
  const inGraph = losses((inputs) => graph.run(inputs)); // leaves tfjs's variables alone
  const eager = losses(step);
  inGraph.forEach((loss, i) => {
    expect(Math.abs(loss - (eager[i] ?? 0))).toBeLessThanOrEqual(1e-3);
  });
  expect(eager.at(-1)).not.toBe(eager[0]);
  graph.dispose();
});

const convolution: SmallModelName = 'convolution, batch normalization, dropout';

test('a dropped update of one weight is noticed', () => {
  const subject = prepare(smallModels(tf)[convolution]());
  const { optimizer } = subject;
  const apply: typeof optimizer.apply = ([, ...others]) => optimizer.apply([undefined, ...others]);
  const faulty = stepOf({ ...subject, optimizer: { ...optimizer, apply } });
  expect(() => compareSteps(subject, stepOf(subject), faulty)).toThrow(/step 0, variables/);
});

test('a frozen mask is noticed', () => {
  const subject = prepare(smallModels(tf)[convolution]());
  const { state } = randomStream(tf);
  const frozen: Step = (inputs) => {
    state.assign(tf.tensor1d([11, 0], 'int32'));
    return stepOf(subject)(inputs);
  };
  expect(() => compareSteps(subject, stepOf(subject), frozen)).toThrow(/step 1, outputs/);
});

test('a constant learning rate is noticed', () => {
  const subject = prepare(smallModels(tf)['dense, relu']());
  const { learningRate } = subject.optimizer;
  const value = learningRate.dataSync()[0] ?? 0;
  const faulty: Step = (inputs) => {
    learningRate.assign(tf.scalar(value));
    return stepOf(subject)(inputs);
  };
  expect(() => compareSteps(subject, stepOf(subject), faulty)).toThrow(/step 10, variables/);
});
