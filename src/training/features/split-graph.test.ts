import { expect, test } from '@jest/globals';
import { withDefaults } from '../../model/defaults.ts';
import type { LayerNode, ModelGraph } from '../../model/graph.ts';
import { findLayer } from '../../model/layers/index.ts';
import { splitAtFrozen } from './split-graph.ts';

type Written = { type: string; name?: string; inputs?: string[]; trainable?: boolean } & Record<
  string,
  unknown
>;

/** A chain, or a graph where entries say their inputs. */
function graphOf(...written: Written[]): ModelGraph {
  const nodes: LayerNode[] = [];
  for (const { type, name = type, inputs, trainable = true, ...options } of written) {
    const schema = findLayer(type)?.schema;
    if (!schema) throw new Error(`no layer ${type}`);
    const config = withDefaults(schema, { type, ...options });
    nodes.push({
      name,
      type,
      config,
      inputs: inputs ?? [nodes.at(-1)?.name ?? 'input'],
      trainable,
    });
  }
  return { input: [6, 6, 1], nodes, output: nodes.at(-1)?.name ?? 'input' };
}

const conv = { type: 'conv2d', filters: 4, kernel_size: 3, trainable: false };
const dense = { type: 'dense', units: 2 };
const plain = { augmentation: [] } as const;

const cutOf = (graph: ModelGraph, training: Parameters<typeof splitAtFrozen>[1] = plain) =>
  splitAtFrozen(graph, training).split?.base.output;

test('the cut is after the frozen layers, where the output is smallest', () => {
  expect(cutOf(graphOf(conv, { type: 'flatten' }, dense))).toBe('flatten');
  const pooled = graphOf(conv, { type: 'max_pooling2d' }, { type: 'flatten' }, dense);
  expect(cutOf(pooled)).toBe('flatten');
  const enlarged = graphOf(conv, { type: 'up_sampling2d' }, { type: 'flatten' }, dense);
  expect(cutOf(enlarged)).toBe('conv2d');
});

test('base and head are the whole graph, with the cut as the input of the head', () => {
  const graph = graphOf(conv, { type: 'flatten' }, { type: 'dropout', rate: 0.5 }, dense);
  const { split } = splitAtFrozen(graph, plain);
  expect(split?.base.nodes.map(({ name }) => name)).toEqual(['conv2d', 'flatten']);
  expect(split?.head.nodes.map(({ name, inputs }) => [name, ...inputs])).toEqual([
    ['dropout', 'input'],
    ['dense', 'dropout'],
  ]);
  expect(split?.head.input).toEqual([64]);
  expect(split?.head.output).toBe('dense');
});

test('a shortcut around a layer is not cut through', () => {
  const graph = graphOf(
    { ...conv, name: 'first' },
    { ...conv, name: 'second', padding: 'same' },
    { type: 'add', inputs: ['first', 'second'] },
    { type: 'flatten' },
    dense,
  );
  expect(cutOf(graph)).toBe('flatten');
  const trained = graph.nodes.map((node) =>
    node.name === 'second' ? { ...node, trainable: true } : node,
  );
  expect(cutOf({ ...graph, nodes: trained })).toBe('first');
});

test('dropout before the cut moves it back; frozen dropout does nothing and stays before it', () => {
  const drop = { type: 'dropout', rate: 0.5 };
  expect(cutOf(graphOf(conv, drop, { type: 'flatten' }, dense))).toBe('conv2d');
  expect(cutOf(graphOf(conv, { ...drop, trainable: false }, { type: 'flatten' }, dense))).toBe(
    'flatten',
  );
});

test('a model without frozen layers has no cut and needs no reason', () => {
  const graph = graphOf({ ...conv, trainable: true }, { type: 'flatten' }, dense);
  expect(splitAtFrozen(graph, plain)).toEqual({ reason: undefined });
});

test('changes of the pictures, random layers and trained layers before the frozen ones are named', () => {
  const graph = graphOf(conv, { type: 'flatten' }, dense);
  const flip = { type: 'random_flip', mode: 'horizontal' };
  const reasonOf = (...args: Parameters<typeof splitAtFrozen>) => splitAtFrozen(...args).reason;
  expect(reasonOf(graph, { ...plain, mixup: { alpha: 1 } })).toMatch(/mixup/);
  expect(reasonOf(graphOf(flip, conv, { type: 'flatten' }, dense), plain)).toMatch(/random/);
  expect(
    reasonOf(graphOf({ ...conv, trainable: true }, { ...conv, name: 'late' }, dense), plain),
  ).toMatch(/trained/);
});

test('what a later phase unfreezes is not before the cut', () => {
  const graph = graphOf(conv, { ...conv, name: 'late' }, { type: 'flatten' }, dense);
  const unfreezing = (unfreeze: 'all' | { from: string }) => ({
    ...plain,
    phases: [{ epochs: 1 }, { epochs: 1, unfreeze }],
  });
  expect(cutOf(graph, unfreezing({ from: 'late' }))).toBe('conv2d');
  expect(cutOf(graph, unfreezing({ from: 'dense' }))).toBe('flatten');
  expect(splitAtFrozen(graph, unfreezing('all')).split).toBeUndefined();
});

test('a frozen layer that makes masks stays with the layers that use them', () => {
  const graph = graphOf(
    { type: 'reshape', target_shape: [6, 6] },
    { type: 'dense', name: 'projection', units: 6, trainable: false },
    { type: 'masking' },
    { type: 'lstm', units: 2 },
    dense,
  );
  expect(cutOf(graph)).toBe('projection');
});
