/** Operations whose gradient tfjs lacks or has wrong, with TensorFlow's own. */
import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { attribute, executeOne } from '../../engine/op.ts';

export type Interpolation = 'bilinear' | 'nearest';

/** Images [batch, height, width, channels] in another size, half-pixel centres as in Keras. */
export function resizeImages(
  tf: Engine,
  images: Tensor4D,
  size: [number, number],
  interpolation: Interpolation,
): Tensor {
  const centres = [
    attribute.type(tf, 'T', 'float32'),
    attribute.bool(tf, 'align_corners', false),
    attribute.bool(tf, 'half_pixel_centers', true),
  ];
  // tfjs's gradient forgets where the centres are.
  const resize = tf.customGrad((x) => {
    // customGrad hands its function tensors; the list of what to save is its last argument.
    const input = x as Tensor4D;
    return {
      value:
        interpolation === 'bilinear'
          ? tf.image.resizeBilinear(input, size, false, true)
          : tf.image.resizeNearestNeighbor(input, size, false, true),
      gradFunc: (dy: Tensor) =>
        interpolation === 'bilinear'
          ? executeOne(tf, 'ResizeBilinearGrad', centres, [dy, input])
          : executeOne(tf, 'ResizeNearestNeighborGrad', centres, [
              dy,
              tf.tensor1d(input.shape.slice(1, 3), 'int32'),
            ]),
    };
  });
  return resize(images);
}

/**
 * Transposed convolution of volumes [batch, depth, height, width, channels] with a kernel
 * [depth, height, width, filters, channels], for which tfjs has no gradient.
 */
export function conv3dTranspose(
  tf: Engine,
  volumes: Tensor5D,
  kernel: Tensor5D,
  shape: [number, number, number, number, number],
  strides: [number, number, number],
  pad: 'valid' | 'same',
): Tensor {
  const attributes = [
    attribute.type(tf, 'T', 'float32'),
    attribute.int(tf, 'strides', [1, ...strides, 1]),
    attribute.string(tf, 'padding', pad.toUpperCase()),
    attribute.string(tf, 'data_format', 'NDHWC'),
    attribute.int(tf, 'dilations', [1, 1, 1, 1, 1]),
  ];
  const transpose = tf.customGrad((x, filters) => {
    // customGrad hands its function the tensors that it is called with.
    const [input, weights] = [x as Tensor5D, filters as Tensor5D];
    return {
      value: tf.conv3dTranspose(input, weights, shape, strides, pad),
      gradFunc: (dy: Tensor) => [
        tf.conv3d(dy as Tensor5D, weights, strides, pad),
        executeOne(tf, 'Conv3DBackpropFilterV2', attributes, [
          dy,
          tf.tensor1d(weights.shape, 'int32'),
          input,
        ]),
      ],
    };
  });
  return transpose(volumes, kernel);
}

/** Where x differs from the value, bool; a constant to gradients, which tfjs lacks here. */
export const differs = (tf: Engine, x: Tensor, value: number): Tensor =>
  executeOne(
    tf,
    'NotEqual',
    [attribute.type(tf, 'T', 'float32'), attribute.bool(tf, 'incompatible_shape_error', true)],
    [tf.cast(x, 'float32'), tf.scalar(value)],
  );
