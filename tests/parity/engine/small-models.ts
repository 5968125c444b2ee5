/**
 * Small models of every layer family, for comparing a traced step with an eager one. Mostly smooth
 * activations: at a kink a rounding error can turn into a whole gradient.
 */
import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../../src/engine/engine.ts';
import { trainBatchNormalization } from '../../../src/engine/kernels/batch-normalization.ts';
import { randomStream } from '../../../src/engine/random.ts';
import type { OptimizerName } from './small-optimizers.ts';

type Layer = { apply(inputs: SymbolicTensor | SymbolicTensor[]): unknown };

export type SmallModel = {
  readonly model: LayersModel;
  readonly inputShape: readonly number[];
  readonly optimizer: OptimizerName;
  /** Inputs are whole numbers below it, for an embedding. */
  readonly vocabulary?: number;
};

export const classes = 5;
export type SmallModelName = keyof ReturnType<typeof smallModels>;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table, one entry a kind of model
export function smallModels(tf: Engine) {
  const L = tf.layers;
  const own = ownLayers(tf);
  let layer = 0;
  // Initialisers with a seed: tfjs draws it from Math.random otherwise.
  const kernel = () => {
    layer += 1;
    return { kernelInitializer: tf.initializers.glorotUniform({ seed: layer }) };
  };
  const recurrent = () => ({
    ...kernel(),
    recurrentInitializer: tf.initializers.glorotUniform({ seed: layer + 100 }),
  });
  const separable = () => ({
    depthwiseInitializer: tf.initializers.glorotUniform({ seed: layer + 200 }),
    pointwiseInitializer: tf.initializers.glorotUniform({ seed: layer + 300 }),
  });
  const conv = (filters: number, more: object = {}) =>
    L.conv2d({ filters, kernelSize: 3, padding: 'same', ...kernel(), ...more });
  const dense = (units: number, more: object = {}) => L.dense({ units, ...kernel(), ...more });
  const head = () => dense(classes, { activation: 'softmax' });
  const chain = (inputShape: number[], optimizer: OptimizerName, list: Layer[]): SmallModel =>
    graph(inputShape, optimizer, (x) => list.reduce((value, each) => apply(each, value), x));
  const graph = (
    inputShape: number[],
    optimizer: OptimizerName,
    body: (x: SymbolicTensor) => SymbolicTensor,
  ): SmallModel => {
    const input = tf.input({ shape: inputShape });
    const outputs = apply(head(), body(input));
    return { model: tf.model({ inputs: input, outputs }), inputShape, optimizer };
  };
  const image = [7, 6, 3];

  return {
    'dense, relu': () => chain([9], 'sgd', [dense(8, { activation: 'relu' })]),
    'dense, smooth activations': () =>
      chain(
        [9],
        'momentum',
        ['tanh', 'elu', 'selu', 'softplus', 'sigmoid', 'swish', 'relu6'].map((activation) =>
          dense(8, { activation }),
        ),
      ),
    'dropout, noise': () =>
      chain([9], 'nesterov', [dense(16, { activation: 'relu' }), own.dropout(0.5), own.noise(0.1)]),
    'convolution, batch normalization, dropout': () =>
      chain(image, 'adam', [
        conv(4, { activation: 'relu' }),
        own.batchNormalization(),
        L.maxPooling2d({ poolSize: 2 }),
        own.dropout(0.25),
        conv(6, { activation: 'relu', padding: 'valid' }),
        own.batchNormalization(),
        L.flatten(),
      ]),
    'depthwise, separable, average pooling, layer normalization': () =>
      chain(image, 'adamax', [
        L.depthwiseConv2d({ kernelSize: 3, ...separable() }),
        L.separableConv2d({ filters: 4, kernelSize: 2, ...separable() }),
        L.averagePooling2d({ poolSize: 2 }),
        L.layerNormalization(),
        L.flatten(),
      ]),
    'convolution in one dimension': () =>
      chain([12, 3], 'rmsprop', [
        L.conv1d({ filters: 4, kernelSize: 3, activation: 'relu', ...kernel() }),
        L.maxPooling1d({ poolSize: 2 }),
        L.globalAveragePooling1d(),
      ]),
    'convolution in three dimensions': () =>
      chain([4, 5, 4, 2], 'sgd', [
        L.conv3d({ filters: 3, kernelSize: 2, activation: 'tanh', ...kernel() }),
        L.averagePooling3d({ poolSize: 2 }),
        L.flatten(),
      ]),
    'transposed convolution, cropping, up-sampling, padding': () =>
      chain(image, 'momentum', [
        L.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, ...kernel() }),
        L.cropping2D({ cropping: 2 }),
        L.upSampling2d({ size: [2, 2] }),
        L.zeroPadding2d({ padding: 1 }),
        L.globalMaxPooling2d({}),
      ]),
    lstm: () => chain([6, 4], 'adam', [L.lstm({ units: 5, ...recurrent() })]),
    'gru, both directions': () =>
      chain([5, 4], 'rmsprop_centered', [
        // The wrapper builds a layer of the kind that it is given; the types want a plain RNN.
        L.bidirectional({
          layer: L.gru({ units: 4, ...recurrent() }) as never,
          mergeMode: 'concat',
        }),
      ]),
    'simple recurrence, time distributed': () =>
      chain([5, 4], 'adagrad', [
        L.timeDistributed({ layer: dense(6, { activation: 'tanh' }) }),
        L.simpleRNN({ units: 5, ...recurrent() }),
      ]),
    embedding: () => ({
      ...chain([6], 'adadelta', [
        L.embedding({
          inputDim: 11,
          outputDim: 4,
          embeddingsInitializer: tf.initializers.randomNormal({ seed: 5 }),
        }),
        L.flatten(),
      ]),
      vocabulary: 11,
    }),
    'residual block': () =>
      graph(image, 'adam', (input) => {
        const start = apply(conv(4), input);
        const branch = [own.batchNormalization(), L.activation({ activation: 'relu' }), conv(4)];
        const end = branch.reduce((x, each) => apply(each, x), start);
        return apply(L.globalAveragePooling2d({}), apply(L.add(), [start, end]));
      }),
    'branches: concatenation, maximum, product, prelu': () =>
      graph(image, 'nesterov', (input) => {
        const left = apply(L.leakyReLU(), apply(conv(4), input));
        const right = apply(L.prelu(), apply(conv(4), input));
        const merged = [L.maximum(), L.multiply(), L.average(), L.minimum()].map((each) =>
          apply(each, [left, right]),
        );
        return apply(L.flatten(), apply(L.concatenate(), merged));
      }),
    'shared layer': () =>
      graph([9], 'adam', (input) => {
        const shared = dense(9, { activation: 'tanh' });
        return apply(L.add(), [apply(shared, input), apply(shared, apply(shared, input))]);
      }),
    'frozen parts': () =>
      chain(image, 'rmsprop_momentum', [
        conv(4, { activation: 'tanh', trainable: false }),
        own.batchNormalization(false),
        conv(3),
        L.flatten(),
      ]),
    'penalties of the weights': () =>
      chain([9], 'sgd', [
        dense(8, {
          activation: 'relu',
          kernelRegularizer: tf.regularizers.l1l2({ l1: 0.01, l2: 0.02 }),
        }),
      ]),
  } satisfies Record<string, () => SmallModel>;
}

const apply = (layer: Layer, x: SymbolicTensor | SymbolicTensor[]): SymbolicTensor =>
  layer.apply(x) as SymbolicTensor; // symbols in, one symbol out

/** Layers that draw from the random stream or use the fused kernels. */
function ownLayers(tf: Engine) {
  const first = (inputs: Tensor | Tensor[]): Tensor =>
    (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor; // one input each
  type Arguments = { training?: boolean };

  class StreamDropout extends tf.layers.Layer {
    static readonly className: string = 'StreamDropout';
    readonly rate: number;
    constructor(rate: number) {
      super({});
      this.rate = rate;
    }
    override call(inputs: Tensor | Tensor[], { training }: Arguments): Tensor {
      const x = first(inputs);
      if (!training) return x;
      const kept = tf.greaterEqual(randomStream(tf).uniform(x.shape), this.rate);
      return tf.mul(x, tf.mul(tf.cast(kept, 'float32'), 1 / (1 - this.rate)));
    }
  }

  class StreamNoise extends StreamDropout {
    override call(inputs: Tensor | Tensor[], { training }: Arguments): Tensor {
      const x = first(inputs);
      return training ? tf.add(x, randomStream(tf).normal(x.shape, 0, this.rate)) : x;
    }
  }

  class FusedBatchNormalization extends tf.layers.Layer {
    static readonly className = 'FusedBatchNormalization';
    override build(shape: (number | null)[]): void {
      const size = [shape.at(-1) ?? 1];
      for (const name of ['gamma', 'beta', 'mean', 'variance']) {
        const start = /gamma|variance/.test(name)
          ? tf.initializers.ones()
          : tf.initializers.zeros();
        const trainable = /gamma|beta/.test(name);
        this.addWeight(name, size, 'float32', start as never, undefined, trainable);
      }
      this.built = true;
    }
    override call(inputs: Tensor | Tensor[], { training }: Arguments): Tensor {
      const x = first(inputs);
      return tf.tidy(() => {
        const byName = this.weights.map((weight) => weight.read());
        // Trainable ones come first, as they were added.
        const [gamma, beta, mean, variance] = byName as [Tensor, Tensor, Tensor, Tensor];
        if (!training || !this.trainable) {
          const scale = tf.div(gamma, tf.sqrt(tf.add(variance, 1e-3)));
          return tf.add(tf.mul(tf.sub(x, mean), scale), beta);
        }
        const batch = trainBatchNormalization(tf, x, gamma, beta, 1e-3);
        const move = (old: Tensor, value: Tensor) => tf.add(tf.mul(old, 0.9), tf.mul(value, 0.1));
        this.weights[2]?.write(move(mean, batch.mean));
        this.weights[3]?.write(move(variance, batch.variance));
        return batch.y;
      });
    }
  }

  return {
    dropout: (rate: number) => new StreamDropout(rate),
    noise: (standardDeviation: number) => new StreamNoise(standardDeviation),
    batchNormalization: (trainable = true) => {
      const layer = new FusedBatchNormalization({});
      layer.trainable = trainable;
      return layer;
    },
  };
}
