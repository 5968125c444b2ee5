/** How a kernel or gradient of tfjs is replaced, and put back. */
import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine.ts';

export type FastKernel = {
  /** Name under which it can be switched off. */
  readonly name: string;
  /** Puts it in place of tfjs's own; returns what undoes that. */
  install(tf: Engine): () => void;
};

export type KernelCall = {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly attributes: NamedAttrMap;
};

/**
 * Replaces the kernel by `replacement(call, stock)`, where `stock()` computes as tfjs would.
 *
 * @returns puts tfjs's own back
 */
export function replaceKernel(
  tf: Engine,
  kernelName: string,
  replacement: (call: KernelCall, stock: () => Tensor) => Tensor,
): () => void {
  const backendName = tf.getBackend();
  const original = tf.getKernel(kernelName, backendName);
  const register = (kernelFunc: typeof original.kernelFunc) => {
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...original, kernelFunc });
  };
  register((args) => {
    // tfjs hands its kernels tensors, though it types them by what all backends share; the
    // kernels replaced here have one output.
    const call = { inputs: args.inputs as Record<string, Tensor>, attributes: args.attrs ?? {} };
    return replacement(call, () => original.kernelFunc(args) as Tensor);
  });
  return () => register(original.kernelFunc);
}

/** Replaces the gradient of a kernel; returns what puts tfjs's own back. */
export function replaceGradient(tf: Engine, replacement: GradConfig): () => void {
  const { kernelName } = replacement;
  const original = tf.getGradient(kernelName);
  const register = (config: GradConfig) => {
    tf.unregisterGradient(kernelName);
    tf.registerGradient(config);
  };
  register(replacement);
  return () => register(original);
}
