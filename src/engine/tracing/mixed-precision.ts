/**
 * Keras's mixed precision as a rewrite of a recorded graph, since tfjs has no 16-bit type: matrix
 * ops compute in 16 bits on casts of float32 weights, ops between them stay in 16 bits where that
 * loses nothing, all else (normalisation, softmax, loss, updates, sums) stays float32.
 *
 * Which ops: the allow and clear lists of TensorFlow's own pass,
 * tensorflow/core/grappler/optimizers/auto_mixed_precision_lists.h. Of its infer list only BiasAdd
 * is taken: unlike Keras, the rest keeps float32.
 */
import { attributeValue, dataType, type GraphNode, sixteenBits } from './graph-def.ts';
import type { Encoded } from './protobuf.ts';

/** What matrix ops compute in. */
export type MixedPrecision = keyof typeof sixteenBits;

/** Inputs that are of an op's type `T`; all outputs are as well. */
type FloatInputs = readonly number[];

/** Always in 16 bits: what Tensor Cores are for. Input 0 or 1 of a gradient is a shape. */
const matrixOps: Readonly<Record<string, FloatInputs>> = {
  MatMul: [0, 1],
  BatchMatMul: [0, 1],
  BatchMatMulV2: [0, 1],
  Conv2D: [0, 1],
  Conv2DBackpropInput: [1, 2],
  Conv2DBackpropFilter: [0, 2],
  Conv3D: [0, 1],
  Conv3DBackpropInputV2: [1, 2],
  Conv3DBackpropFilterV2: [0, 2],
  DepthwiseConv2dNative: [0, 1],
  DepthwiseConv2dNativeBackpropInput: [1, 2],
  DepthwiseConv2dNativeBackpropFilter: [0, 2],
};

/** In 16 bits when their first input is: they pass numbers on, or (BiasAdd) fuse with the op before. */
const followingOps: Readonly<Record<string, FloatInputs>> = {
  BiasAdd: [0, 1],
  Relu: [0],
  ReluGrad: [0, 1],
  MaxPool: [0],
  MaxPoolGrad: [0, 1, 2],
  Reshape: [0],
  Transpose: [0],
};

const float32 = attributeValue.type(dataType.float32);

/**
 * The nodes, given in an order in which inputs come first, with matrix ops in `precision`. A tensor
 * is cast once however many ops take it. Nodes that have no float32 `T` stay as they are, so that
 * a second pass changes nothing.
 */
export function mixedPrecision(
  nodes: readonly GraphNode[],
  precision: MixedPrecision,
): GraphNode[] {
  const rewritten: GraphNode[] = [];
  const inSixteen = new Set<string>();
  const casts = new Map<string, string>();
  const cast = (edge: string, to: 'float32' | MixedPrecision, layer: string | undefined) => {
    const key = `${edge} ${to}`;
    const known = casts.get(key);
    if (known !== undefined) return known;
    const node = castNode(edge, to, precision, layer);
    rewritten.push(node);
    casts.set(key, `${node.name}:0`);
    return `${node.name}:0`;
  };
  for (const node of nodes) {
    const narrow = narrowInputs(node, inSixteen);
    const inputs = node.inputs.map((edge, index) => {
      const isNarrow = inSixteen.has(edge);
      const wantsNarrow = narrow?.includes(index) ?? false;
      if (isNarrow === wantsNarrow) return edge;
      return cast(edge, wantsNarrow ? precision : 'float32', node.layer);
    });
    if (!narrow) rewritten.push({ ...node, inputs });
    else {
      const T = attributeValue.type(sixteenBits[precision]);
      rewritten.push({ ...node, inputs, attributes: { ...node.attributes, T } });
      inSixteen.add(`${node.name}:0`); // these ops have one output
    }
  }
  return rewritten;
}

/** Inputs that a node takes in 16 bits; undefined for a node that stays as it is. */
function narrowInputs(
  { op, inputs, attributes }: GraphNode,
  inSixteen: ReadonlySet<string>,
): FloatInputs | undefined {
  if (!isFloat32(attributes.T)) return undefined;
  if (matrixOps[op]) return matrixOps[op];
  const [first = ''] = inputs;
  return inSixteen.has(first) ? followingOps[op] : undefined;
}

const isFloat32 = (type: Encoded | undefined) => type !== undefined && float32.equals(type);

function castNode(
  edge: string,
  to: 'float32' | MixedPrecision,
  precision: MixedPrecision,
  layer: string | undefined,
): GraphNode {
  const wide = attributeValue.type(dataType.float32);
  const narrow = attributeValue.type(sixteenBits[precision]);
  return {
    name: `${edge.replace(':', '_')}_as_${to}`,
    op: 'Cast',
    inputs: [edge],
    attributes: to === 'float32' ? { SrcT: narrow, DstT: wide } : { SrcT: wide, DstT: narrow },
    layer,
  };
}
