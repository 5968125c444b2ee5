/**
 * Where a model can be cut in two: before the cut nothing changes while it trains, so what comes
 * out there is the same in every epoch and fold. Pure.
 */
import type { LayerNode, ModelGraph, Shape } from '../../model/graph.ts';
import { type Inferred, inferGraph } from '../../model/infer-shapes.ts';
import { passMask } from '../../model/layers/define.ts';
import { findLayer } from '../../model/layers/index.ts';
import type { TrainingConfig } from '../schema.ts';

export type FrozenSplit = {
  /** From the input to the last layer that nothing changes. */
  readonly base: ModelGraph;
  /** The rest, which takes the base's output as its input. */
  readonly head: ModelGraph;
};

export type SplitOutcome =
  | { readonly split: FrozenSplit; readonly reason?: undefined }
  /** `reason`: why frozen layers are there and yet no cut; undefined where none are there. */
  | { readonly split?: undefined; readonly reason: string | undefined };

type WhatTrains = Pick<TrainingConfig, 'augmentation' | 'mixup' | 'cutmix' | 'phases'>;

/** Cuts the model after its frozen layers, where its output before the cut is always the same. */
export function splitAtFrozen(graph: ModelGraph, training: WhatTrains): SplitOutcome {
  const inferred = inferGraph(graph);
  const trained = trainedNodes(graph, training);
  const isFrozen = (node: LayerNode) => hasWeights(inferred, node) && !trained.has(node.name);
  if (!graph.nodes.some(isFrozen))
    return { reason: graph.base ? 'the backbone is trained' : undefined };
  const changed = changedPictures(training);
  if (changed) return { reason: `${changed} changes the pictures from epoch to epoch` };
  const steady = steadyNodes(graph, trained, inferred);
  const cuts = graph.nodes
    .filter(({ name }) => steady.has(name) && name !== graph.output)
    .map(({ name }) => ({ name, before: ancestors(graph, name) }))
    .filter((cut) => separates(graph, cut))
    .map((cut) => ({
      ...cut,
      frozen: graph.nodes.filter((node) => cut.before.has(node.name) && isFrozen(node)).length,
      size: sizeOf(inferred.get(cut.name)?.shape ?? []),
    }))
    .filter(({ frozen, size }) => frozen > 0 && Number.isFinite(size));
  // The most frozen layers, then the smallest output, then the last one.
  const [best] = cuts.reverse().sort((a, b) => b.frozen - a.frozen || a.size - b.size);
  if (!best) return { reason: 'a layer before them is trained or draws random numbers' };
  return { split: cutAt(graph, best, inferred.get(best.name)?.shape ?? []) };
}

/** Nodes that some phase trains. */
function trainedNodes(graph: ModelGraph, { phases = [] }: WhatTrains): ReadonlySet<string> {
  const trained = new Set(graph.nodes.filter(({ trainable }) => trainable).map(({ name }) => name));
  for (const { unfreeze } of phases) {
    if (unfreeze === undefined) continue;
    // The built model may order branches otherwise, but never a layer after one that needs it.
    const before = new Set(unfreeze === 'all' ? [] : ancestors(graph, unfreeze.from));
    if (unfreeze !== 'all') before.delete(unfreeze.from);
    for (const { name } of graph.nodes) if (!before.has(name)) trained.add(name);
  }
  return trained;
}

function changedPictures({ augmentation, mixup, cutmix }: WhatTrains): string | undefined {
  if (augmentation.length > 0) return 'training.augmentation';
  if (mixup) return 'training.mixup';
  return cutmix ? 'training.cutmix' : undefined;
}

/** Nodes whose output depends on the picture alone, in training as in prediction. */
function steadyNodes(
  graph: ModelGraph,
  trained: ReadonlySet<string>,
  inferred: ReadonlyMap<string, Inferred>,
): ReadonlySet<string> {
  const steady = new Set(['input']);
  for (const node of graph.nodes) {
    const { random, mask } = findLayer(node.type) ?? {};
    // A frozen layer acts as in prediction; a trained one is steady if it has nothing to train.
    const isFixed = !trained.has(node.name) || !(hasWeights(inferred, node) || random);
    const makesMasks = mask !== undefined && mask !== passMask; // which the cut would lose
    if (isFixed && !makesMasks && node.inputs.every((name) => steady.has(name)))
      steady.add(node.name);
  }
  return steady;
}

const hasWeights = (inferred: ReadonlyMap<string, Inferred>, { name }: LayerNode): boolean =>
  (inferred.get(name)?.weights.length ?? 0) > 0;

function ancestors({ nodes }: ModelGraph, last: string): ReadonlySet<string> {
  const found = new Set([last]);
  for (const { name, inputs } of [...nodes].reverse())
    if (found.has(name)) for (const input of inputs) found.add(input);
  return found;
}

type Cut = { readonly name: string; readonly before: ReadonlySet<string> };

/** Whether everything that reaches the rest of the model goes through the cut. */
const separates = ({ nodes }: ModelGraph, { name, before }: Cut): boolean =>
  nodes.every(
    (node) =>
      before.has(node.name) || node.inputs.every((input) => input === name || !before.has(input)),
  );

function cutAt(graph: ModelGraph, { name, before }: Cut, shape: Shape): FrozenSplit {
  const rest = graph.nodes.filter((node) => !before.has(node.name));
  return {
    base: { ...graph, nodes: graph.nodes.filter((node) => before.has(node.name)), output: name },
    head: {
      ...graph,
      input: shape,
      nodes: rest.map((node) => ({
        ...node,
        inputs: node.inputs.map((input) => (input === name ? 'input' : input)),
      })),
    },
  };
}

/** NaN where a length is not fixed. */
const sizeOf = (shape: Shape): number =>
  shape.reduce<number>((size, length) => size * (length ?? Number.NaN), 1);
