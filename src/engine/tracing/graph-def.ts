/**
 * TensorFlow's GraphDef and SavedModel as bytes.
 * Field numbers: tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto
 * and tensorflow/core/protobuf/{saved_model,meta_graph}.proto.
 */
import { bytesField, type Encoded, floatField, message, varintField } from './protobuf.ts';

export type GraphNode = {
  readonly name: string;
  readonly op: string;
  /** Edges (`node:output`), then control inputs (`^node`). */
  readonly inputs: readonly string[];
  /** Encoded AttrValues by name. */
  readonly attributes: Readonly<Record<string, Encoded>>;
  /** The layer that made it, where known. Not part of the graph. */
  readonly layer?: string | undefined;
};

/** DataType numbers of types.proto, which are those of the C API. */
export const dataType = { float32: 1, int32: 3, bool: 10, int64: 9 } as const;

/** Those of 16 bits, which tfjs does not know. */
export const sixteenBits = { bfloat16: 14, float16: 19 } as const;

/** Tags under which the graph is loaded again. */
export const servingTag = 'serve';

// Of a TensorFlow of 2022: newer ones read older graphs, not the other way round.
const producerVersion = 1087;

/** Encoded AttrValues. */
export const attributeValue = {
  string: (value: string): Encoded => bytesField(2, value),
  int: (value: number | readonly number[]): Encoded => scalarOrList(3, value, varintField),
  float: (value: number | readonly number[]): Encoded => scalarOrList(4, value, floatField),
  bool: (value: boolean): Encoded => varintField(5, value),
  type: (value: number): Encoded => varintField(6, value),
  shape: (value: readonly number[]): Encoded => bytesField(7, tensorShape(value)),
  tensor: (type: number, shape: readonly number[], values: ConstantValues): Encoded =>
    bytesField(8, tensor(type, shape, values)),
};

/** Typed arrays as tfjs hands them to TensorFlow. */
export type ConstantValues = Float32Array | Int32Array | Uint8Array;

export function encodeNode(node: GraphNode): Encoded {
  const attributes = Object.entries(node.attributes).map(([name, value]) =>
    bytesField(5, message(bytesField(1, name), bytesField(2, value))),
  );
  return message(
    bytesField(1, node.name),
    bytesField(2, node.op),
    ...node.inputs.map((input) => bytesField(3, input)),
    ...attributes,
  );
}

/** A SavedModel of one graph without a saver: `saved_model.pb` is its only file. */
export function encodeSavedModel(nodes: readonly GraphNode[]): Encoded {
  const versions = bytesField(4, varintField(1, producerVersion));
  const graph = message(...nodes.map((node) => bytesField(1, encodeNode(node))), versions);
  const meta = message(bytesField(1, bytesField(4, servingTag)), bytesField(2, graph));
  return message(varintField(1, 1), bytesField(2, meta));
}

function tensorShape(shape: readonly number[]): Encoded {
  return message(...shape.map((size) => bytesField(2, varintField(1, size))));
}

function tensor(type: number, shape: readonly number[], values: ConstantValues): Encoded {
  const head = message(varintField(1, type), bytesField(2, tensorShape(shape)));
  const uniform = uniformValue(type, values);
  if (uniform) return message(head, uniform);
  const { buffer, byteOffset, byteLength } = values;
  return message(head, bytesField(4, new Uint8Array(buffer, byteOffset, byteLength)));
}

/** A tensor of one value repeated (zeros, ones) takes that value alone. */
function uniformValue(type: number, values: ConstantValues): Encoded | undefined {
  const first = values[0];
  if (first === undefined || values.length < 16 || !isUniform(values)) return undefined;
  if (type === dataType.float32) return floatField(5, first);
  if (type === dataType.int32) return varintField(7, first);
  return type === dataType.bool ? varintField(11, first) : undefined;
}

function isUniform(values: ConstantValues): boolean {
  const first = values[0];
  // Object.is: −0 is not 0, and NaN is NaN.
  for (let i = 1; i < values.length; i += 1) if (!Object.is(values[i], first)) return false;
  return true;
}

/** Numbers have the same field in AttrValue and in its list. */
function scalarOrList(
  field: number,
  value: number | readonly number[],
  encode: (field: number, value: number) => Encoded,
): Encoded {
  return typeof value === 'number'
    ? encode(field, value)
    : bytesField(1, message(...value.map((item) => encode(field, item))));
}
