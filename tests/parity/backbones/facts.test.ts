import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { type BackboneType, backbones } from '../../../src/model/backbones/index.ts';
import { NetworkBuilder } from '../../../src/model/backbones/network-builder.ts';
import { inferGraph } from '../../../src/model/infer-shapes.ts';
import { kerasOrder } from '../../../src/model/keras-order.ts';
import { findLayer } from '../../../src/model/layers/index.ts';
import { summarizeModel } from '../../../src/model/summarize-model.ts';

/** Name, output shape and number of parameters of a layer of Keras's. */
type KerasLayer = readonly [name: string, shape: readonly number[], parameters: number];
type Facts = {
  readonly parameters: number;
  readonly trainable: number;
  readonly layers: readonly KerasLayer[];
};

// Written by make_facts.py.
const facts = JSON.parse(
  gunzipSync(readFileSync(new URL('./facts.json.gz', import.meta.url))).toString(),
) as Readonly<Record<BackboneType, { readonly top: Facts; readonly no_top: Facts }>>;

function graphOf(type: BackboneType, includeTop: boolean) {
  const { defaultSize, build } = backbones[type];
  const input = [defaultSize, defaultSize, 3];
  const net = new NetworkBuilder(input);
  const output = build(net, { includeTop, pooling: 'none', pretrained: true });
  return { input, nodes: net.nodes, output, base: output };
}

/** Our layers under the names that Keras counts: a model inside the model is one layer of its. */
function asKerasLists(type: BackboneType, includeTop: boolean): KerasLayer[] {
  const graph = graphOf(type, includeTop);
  const inferred = inferGraph(graph);
  const layers: { name: string; shape: readonly number[]; parameters: number }[] = [];
  for (const node of kerasOrder(graph.nodes, graph.output)) {
    const { shape = [], weights = [] } = inferred.get(node.name) ?? {};
    const parameters = weights.reduce(
      (sum, weight) => sum + weight.shape.reduce((product, length) => product * length, 1),
      0,
    );
    const known = layers.at(-1);
    const name = node.within?.[0]?.name ?? node.name;
    // The shapes of a backbone are fixed.
    const entry = { name, shape: shape as readonly number[], parameters };
    if (known?.name === name) {
      layers[layers.length - 1] = { ...entry, parameters: known.parameters + parameters };
    } else layers.push(entry);
  }
  return layers.map(({ name, shape, parameters }) => [name, shape, parameters]);
}

const types = Object.keys(backbones) as BackboneType[];

test('the facts are of every backbone', () => {
  expect(Object.keys(facts).sort()).toEqual([...types].sort());
});

test.each(types)(
  '%s has as many parameters as in Keras, with and without its classifier',
  (type) => {
    for (const [includeTop, { parameters, trainable }] of [
      [true, facts[type].top],
      [false, facts[type].no_top],
    ] as const) {
      const summary = summarizeModel(graphOf(type, includeTop));
      expect(summary.parameters).toMatchObject({ total: parameters, trainable });
    }
  },
);

test.each(types)("%s has Keras's layers, shapes and order of the weights", (type) => {
  for (const [includeTop, { layers }] of [
    [true, facts[type].top],
    [false, facts[type].no_top],
  ] as const) {
    const ours = asKerasLists(type, includeTop);
    const weighted = (list: readonly KerasLayer[]) =>
      list.filter(([, , parameters]) => parameters > 0);
    expect(weighted(ours)).toEqual(weighted(layers));
    // Additions written as `+` in Keras and the scaling in front of one are layers here alone.
    const byName = new Map(ours.map((layer) => [layer[0], layer]));
    expect(layers.map(([name]) => byName.get(name))).toEqual(layers);
  }
});

test.each(types)('%s takes options that its layers have', (type) => {
  for (const { type: layer, config } of graphOf(type, true).nodes) {
    const known = Object.keys(findLayer(layer)?.schema.properties ?? {});
    expect(known).toEqual(expect.arrayContaining(Object.keys(config)));
  }
});
