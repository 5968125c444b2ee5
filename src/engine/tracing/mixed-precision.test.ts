import { expect, test } from '@jest/globals';
import { attributeValue, dataType, type GraphNode } from './graph-def.ts';
import { type MixedPrecision, mixedPrecision } from './mixed-precision.ts';

const typeNames = new Map(
  Object.entries({ ...dataType, bfloat16: 14, float16: 19 }).map(([name, number]) => [
    attributeValue.type(number).toString('hex'),
    name,
  ]),
);

const node = (
  name: string,
  op: string,
  inputs: string[],
  type: keyof typeof dataType = 'float32',
): GraphNode => ({ name, op, inputs, attributes: { T: attributeValue.type(dataType[type]) } });

const typeOf = ({ attributes }: GraphNode): string => {
  const { T, SrcT, DstT } = attributes;
  const nameOf = (type: Buffer | undefined) => typeNames.get(type?.toString('hex') ?? '') ?? '?';
  return T ? nameOf(T) : `${nameOf(SrcT)}→${nameOf(DstT)}`;
};

/** `name = op(inputs) type` of every node, in order. */
const rewritten = (nodes: GraphNode[], precision: MixedPrecision = 'bfloat16') =>
  mixedPrecision(nodes, precision).map(
    (one) => `${one.name} = ${one.op}(${one.inputs}) ${typeOf(one)}`,
  );

test('a matrix op computes on casts of its inputs, what follows takes float32 again', () => {
  const nodes = [
    node('product', 'MatMul', ['x:0', 'w:0']),
    node('exp', 'Exp', ['product:0']),
    node('sum', 'Sum', ['product:0', 'axes:0']),
  ];
  expect(rewritten(nodes, 'float16')).toEqual([
    'x_0_as_float16 = Cast(x:0) float32→float16',
    'w_0_as_float16 = Cast(w:0) float32→float16',
    'product = MatMul(x_0_as_float16:0,w_0_as_float16:0) float16',
    'product_0_as_float32 = Cast(product:0) float16→float32',
    'exp = Exp(product_0_as_float32:0) float32',
    'sum = Sum(product_0_as_float32:0,axes:0) float32',
  ]);
});

test('a bias and what only passes numbers on stay in 16 bits between matrix ops', () => {
  const nodes = [
    node('conv', 'Conv2D', ['x:0', 'w:0']),
    node('biased', 'BiasAdd', ['conv:0', 'b:0']),
    node('relu', 'Relu', ['biased:0']),
    node('pool', 'MaxPool', ['relu:0']),
    node('flat', 'Reshape', ['pool:0', 'shape:0']),
    node('dense', 'BatchMatMulV2', ['flat:0', 'v:0']),
    node('softmax', 'Softmax', ['dense:0']),
  ];
  expect(rewritten(nodes)).toEqual([
    'x_0_as_bfloat16 = Cast(x:0) float32→bfloat16',
    'w_0_as_bfloat16 = Cast(w:0) float32→bfloat16',
    'conv = Conv2D(x_0_as_bfloat16:0,w_0_as_bfloat16:0) bfloat16',
    'b_0_as_bfloat16 = Cast(b:0) float32→bfloat16',
    'biased = BiasAdd(conv:0,b_0_as_bfloat16:0) bfloat16',
    'relu = Relu(biased:0) bfloat16',
    'pool = MaxPool(relu:0) bfloat16',
    'flat = Reshape(pool:0,shape:0) bfloat16',
    'v_0_as_bfloat16 = Cast(v:0) float32→bfloat16',
    'dense = BatchMatMulV2(flat:0,v_0_as_bfloat16:0) bfloat16',
    'dense_0_as_float32 = Cast(dense:0) bfloat16→float32',
    'softmax = Softmax(dense_0_as_float32:0) float32',
  ]);
});

test('gradients of a convolution share the casts of its inputs; shapes are left alone', () => {
  const nodes = [
    node('conv', 'Conv2D', ['x:0', 'w:0']),
    node('dx', 'Conv2DBackpropInput', ['shape_x:0', 'w:0', 'dy:0']),
    node('dw', 'Conv2DBackpropFilter', ['x:0', 'shape_w:0', 'dy:0']),
    node('fetched', 'Identity', ['dw:0']),
  ];
  expect(rewritten(nodes).slice(3)).toEqual([
    'dy_0_as_bfloat16 = Cast(dy:0) float32→bfloat16',
    'dx = Conv2DBackpropInput(shape_x:0,w_0_as_bfloat16:0,dy_0_as_bfloat16:0) bfloat16',
    'dw = Conv2DBackpropFilter(x_0_as_bfloat16:0,shape_w:0,dy_0_as_bfloat16:0) bfloat16',
    'dw_0_as_float32 = Cast(dw:0) bfloat16→float32',
    'fetched = Identity(dw_0_as_float32:0) float32',
  ]);
});

test('without a matrix op, in whole numbers, and with control inputs nothing changes', () => {
  const nodes = [
    node('relu', 'Relu', ['x:0']),
    node('biased', 'BiasAdd', ['relu:0', 'b:0']),
    node('whole', 'MatMul', ['i:0', 'j:0'], 'int32'),
    node('fused', 'FusedBatchNorm', ['biased:0', 'scale:0', '^relu']),
  ];
  expect(mixedPrecision(nodes, 'bfloat16')).toEqual(nodes);
});

test('a second pass changes nothing', () => {
  const nodes = [
    node('conv', 'Conv2D', ['x:0', 'w:0']),
    node('relu', 'Relu', ['conv:0']),
    node('mean', 'Mean', ['relu:0', 'axes:0']),
    node('again', 'Conv2D', ['relu:0', 'w:0']),
  ];
  const once = mixedPrecision(nodes, 'float16');
  expect(mixedPrecision(once, 'float16')).toEqual(once);
});
