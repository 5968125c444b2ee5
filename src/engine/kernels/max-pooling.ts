/**
 * Max pooling through oneDNN in eager training on the CPU: its forward pass notes where each
 * maximum was, so that the gradient need not search for it. Graphs get these ops by themselves.
 * Where a window holds a NaN, its gradient goes to another place of it than tfjs's.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine.ts';
import { attribute, executeMany, executeOne, nodeBackend, type OpAttribute } from '../op.ts';
import { isRecording } from '../variable-update.ts';
import { type FastKernel, type KernelCall, replaceKernel } from './fast-kernel.ts';

/** Positions of the maxima, by the data of the pooled tensor. */
type Workspaces = Map<object, Tensor>;

export const maxPooling: FastKernel = {
  name: 'max_pooling',
  install(tf) {
    const workspaces: Workspaces = new Map();
    let available = !nodeBackend(tf).isUsingGpuDevice;
    const restoreForward = replaceKernel(tf, 'MaxPool', ({ inputs, attributes }, stock) => {
      const { x } = inputs;
      const options = x && poolAttributes(tf, x, attributes);
      // Without a gradient to come, nobody would free the workspace.
      if (!available || !options || !isTraining(tf) || isRecording()) return stock();
      try {
        return pool(tf, x, options, workspaces);
      } catch {
        available = false; // an internal op: another TensorFlow may not have it
        return stock();
      }
    });
    const restoreGradient = replaceKernel(tf, 'MaxPoolGrad', ({ inputs, attributes }, stock) => {
      const { dy, input, output } = inputs;
      const workspace = output && workspaces.get(output.dataId);
      const options = input && poolAttributes(tf, input, attributes);
      if (!dy || !workspace || !options) return stock();
      workspaces.delete(output.dataId);
      const gradient = executeOne(tf, '_MklNativeMaxPoolGrad', options, [
        ...[input, output, dy, workspace],
      ]);
      workspace.dispose();
      return gradient;
    });
    return () => {
      restoreForward();
      restoreGradient();
      for (const workspace of workspaces.values()) workspace.dispose();
    };
  },
};

function pool(tf: Engine, x: Tensor, options: OpAttribute[], workspaces: Workspaces): Tensor {
  releaseAbandoned(tf, workspaces);
  const [y, workspace] = executeMany(tf, '_MklNativeMaxPool', options, [x], 2);
  if (!y || !workspace) throw new Error('_MklNativeMaxPool has two outputs');
  workspaces.set(y.dataId, tf.keep(workspace));
  return y;
}

/** A forward pass whose gradient was never taken leaves its workspace. */
function releaseAbandoned(tf: Engine, workspaces: Workspaces): void {
  for (const [dataId, workspace] of workspaces) {
    if (nodeBackend(tf).refCount(dataId) > 0) continue;
    workspace.dispose();
    workspaces.delete(dataId);
  }
}

// Part of tfjs's engine, though not of its types.
const isTraining = (tf: Engine): boolean =>
  (tf.engine() as unknown as { state: { gradientDepth: number } }).state.gradientDepth > 0;

/** Undefined where the op does not fit: another type, or explicit padding. */
function poolAttributes(
  tf: Engine,
  x: Tensor,
  { filterSize, strides, pad, dimRoundingMode }: KernelCall['attributes'],
): OpAttribute[] | undefined {
  if (x.dtype !== 'float32' || x.shape.length !== 4) return undefined;
  const info = tf.backend_util.computePool2DInfo(
    // The shape of an image batch, and the attributes of tfjs's own kernel.
    x.shape as [number, number, number, number],
    filterSize as [number, number],
    strides as [number, number],
    1,
    pad as 'valid' | 'same',
    dimRoundingMode as 'floor' | undefined,
  );
  if (info.padInfo.type !== 'VALID' && info.padInfo.type !== 'SAME') return undefined;
  return [
    attribute.type(tf, 'T', 'float32'),
    attribute.int(tf, 'ksize', [1, info.filterHeight, info.filterWidth, 1]),
    attribute.int(tf, 'strides', [1, info.strideHeight, info.strideWidth, 1]),
    attribute.string(tf, 'padding', info.padInfo.type),
    attribute.string(tf, 'data_format', 'NHWC'),
    attribute.bool(tf, 'workspace_enabled', true),
    attribute.string(tf, '_kernel', 'MklNameChangeOp'),
  ];
}
