import { beforeAll, expect, test } from '@jest/globals';
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { installFastKernels } from '../../engine/kernels/install.ts';
import { loadEngine } from '../../engine/load.ts';
import { seedRandomStream } from '../../engine/random.ts';
import { traceFunction } from '../../engine/trace.ts';
import { withDefaults } from '../defaults.ts';
import { findLayer, type LayerType, layers } from './index.ts';
import { samples } from './samples.ts';

let tf: Engine;
beforeAll(async () => {
  tf = await loadEngine({ device: 'cpu' });
  installFastKernels(tf);
});

// The names as a literal union, which Object.keys does not give.
const types = Object.keys(layers) as LayerType[];

/** Output and gradients of a layer in training, as one function of its inputs. */
function stepOf(type: LayerType, shapes: readonly number[][], options: object) {
  const definition = findLayer(type);
  if (definition === undefined) throw new Error(`no layer ${type}`);
  const config = withDefaults(definition.schema, { type, ...options });
  const layer = definition.build(config, { tf, name: type, trainable: true, seed: 1 });
  layer.build(
    shapes.length === 1 ? [2, ...(shapes[0] ?? [])] : shapes.map((shape) => [2, ...shape]),
  );
  // The values of a layer's weights are variables.
  const variables = layer.trainableWeights.map((weight) => weight.read() as Variable);
  const apply = (inputs: Tensor[]): Tensor =>
    // A layer that is applied to tensors gives one tensor.
    layer.apply(inputs.length === 1 ? (inputs[0] ?? []) : inputs, { training: true }) as Tensor;
  return (...inputs: Tensor[]): Tensor[] =>
    tf.tidy(() => {
      if (variables.length === 0) return [apply(inputs)];
      const { grads, value } = tf.variableGrads(() => tf.sum(tf.square(apply(inputs))), variables);
      return [value, ...variables.map(({ name }) => grads[name] ?? value)];
    });
}

const numbers = (tensors: readonly Tensor[]): number[] =>
  tensors.flatMap((tensor) => Array.from(tensor.dataSync()));

test.each(types)('%s does the same in a recorded step as in an eager one', (type) => {
  const { options = {}, shapes = [[5, 6, 4]] } = samples[type] ?? {};
  const step = stepOf(type, shapes, options);
  const inputs = shapes.map((shape) => tf.randomUniform([2, ...shape], 0, 1));
  seedRandomStream(tf, 5);
  const recorded = traceFunction(tf, (list) => step(...list), inputs);
  const first = numbers(recorded.run(inputs));
  const second = numbers(recorded.run(inputs));
  recorded.dispose();
  seedRandomStream(tf, 5);
  for (const values of [first, second]) {
    const eager = numbers(step(...inputs));
    expect(values).toHaveLength(eager.length);
    const distance = Math.max(
      ...eager.map((value, index) => Math.abs(value - (values[index] ?? Number.NaN))),
    );
    expect(distance).toBeLessThan(1e-4 * Math.max(1, ...eager.map(Math.abs)));
  }
});
