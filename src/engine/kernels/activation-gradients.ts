/**
 * Gradients of activations as one op each. tfjs composes them: Relu's alone takes seven ops and an
 * array that JavaScript fills with ones.
 *
 * Where an input is NaN, the gradients of the Relu family and Selu are TensorFlow's and so Keras's,
 * which take it for a number on one side of the kink; tfjs's own pass the NaN on (not LeakyRelu's).
 */
import type { GradConfig, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine.ts';
import { attribute, executeOne, type OpAttribute } from '../op.ts';
import { type FastKernel, replaceGradient } from './fast-kernel.ts';

type Activation = {
  readonly kernel: string;
  readonly op: string;
  /** What the op needs besides the gradient. */
  readonly needs: 'input' | 'output';
  /** The order of the op's inputs. */
  readonly first: 'gradient' | 'value';
};

const activations: readonly Activation[] = [
  { kernel: 'Relu', op: 'ReluGrad', needs: 'output', first: 'gradient' },
  { kernel: 'Relu6', op: 'Relu6Grad', needs: 'output', first: 'gradient' },
  // From the output, whose sign is the input's: TensorFlow fuses the input away (and fails at it).
  { kernel: 'LeakyRelu', op: 'LeakyReluGrad', needs: 'output', first: 'gradient' },
  { kernel: 'Selu', op: 'SeluGrad', needs: 'output', first: 'gradient' },
  { kernel: 'Softplus', op: 'SoftplusGrad', needs: 'input', first: 'gradient' },
  { kernel: 'Sigmoid', op: 'SigmoidGrad', needs: 'output', first: 'value' },
  { kernel: 'Tanh', op: 'TanhGrad', needs: 'output', first: 'value' },
];

export const activationGradients: FastKernel = {
  name: 'activation_gradients',
  install(tf) {
    const restores = activations.map((each) => replaceGradient(tf, gradientOf(tf, each)));
    return () => {
      for (const restore of restores) restore();
    };
  },
};

function gradientOf(tf: Engine, { kernel, op, needs, first }: Activation): GradConfig {
  return {
    kernelName: kernel,
    inputsToSave: needs === 'input' ? ['x'] : [],
    outputsToSave: needs === 'output' ? [true] : [],
    gradFunc(dy, [value], attributes) {
      // These kernels have one output, so there is one gradient and one saved tensor.
      const [gradient, saved] = [dy as Tensor, value as Tensor];
      const inputs = first === 'gradient' ? [gradient, saved] : [saved, gradient];
      return { x: () => executeOne(tf, op, opAttributes(tf, attributes?.alpha), inputs) };
    },
  };
}

function opAttributes(tf: Engine, alpha: unknown): OpAttribute[] {
  const type = attribute.type(tf, 'T', 'float32');
  return typeof alpha === 'number' ? [type, attribute.float(tf, 'alpha', alpha)] : [type];
}
