/**
 * Every small model in 16 bits: TensorFlow has the kernels (also on the CPU), and loss and
 * gradients are float32's up to the rounding of 8 (bfloat16) or 11 (float16) significant bits.
 */
import { afterEach, expect, test } from '@jest/globals';
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import { installFastKernels } from '../../../src/engine/kernels/install.ts';
import { loadEngine } from '../../../src/engine/load.ts';
import { seedRandomStream } from '../../../src/engine/random.ts';
import { type MixedPrecision, traceFunction } from '../../../src/engine/trace.ts';
import { classes, type SmallModelName, smallModels } from './small-models.ts';

const tf = await loadEngine();
installFastKernels(tf);
afterEach(() => {
  for (const variable of Object.values(tf.engine().registeredVariables)) variable.dispose();
});

const samples = 6;

/** Loss, all gradients in one row, and casts in the graph of the first step from one state. */
function firstStep(name: SmallModelName, precision: MixedPrecision | undefined) {
  seedRandomStream(tf, 11);
  const { model, inputShape, vocabulary } = smallModels(tf)[name]();
  // A layer variable reads as the tf.Variable that holds it.
  const trainable = model.trainableWeights.map((weight) => weight.read() as Variable);
  const size = samples * inputShape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: size }, (_, i) =>
    vocabulary ? (i * 7) % vocabulary : Math.sin(i * i),
  );
  const labels = Array.from({ length: samples }, (_, i) => i % classes);
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), classes).toFloat();
  const inputs = [tf.tensor(values, [samples, ...inputShape]), y];
  const step = ([x, target]: Tensor[]): Tensor[] => {
    const { value, grads } = tf.variableGrads(() => {
      const outputs = model.apply(x as Tensor, { training: true }) as Tensor; // one output
      return tf.neg(tf.mean(tf.mul(target as Tensor, tf.log(tf.add(outputs, 1e-7)))));
    }, trainable);
    return [value, ...trainable.map((variable) => grads[variable.name] as Tensor)];
  };
  const graph = traceFunction(tf, step, inputs, { precision });
  const [loss, ...gradients] = graph.run(inputs).map((one) => [...one.dataSync()]);
  const casts = graph.program.recordings[0]?.nodes.filter(({ op }) => op === 'Cast').length ?? 0;
  graph.dispose();
  return { loss: loss?.[0] ?? Number.NaN, gradients: gradients.flat(), casts };
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

const bounds = {
  // A maximum of numbers that 8 bits hold equal can hand its gradient to another place.
  bfloat16: { loss: 1e-2, gradients: 0.1 },
  float16: { loss: 1e-3, gradients: 1e-5 },
} as const;

const names = Object.keys(smallModels(tf)) as SmallModelName[]; // its own keys

test.each(names)('%s: a step in 16 bits is close to float32', (name) => {
  const exact = firstStep(name, undefined);
  for (const precision of ['bfloat16', 'float16'] as const) {
    const { loss, gradients, casts } = firstStep(name, precision);
    expect(casts).toBeGreaterThan(exact.casts);
    expect(Math.abs(loss / exact.loss - 1)).toBeLessThan(bounds[precision].loss);
    const cosine =
      dot(gradients, exact.gradients) /
      Math.sqrt(dot(gradients, gradients) * dot(exact.gradients, exact.gradients));
    expect(1 - cosine).toBeLessThan(bounds[precision].gradients);
  }
});
