/** From the `model` section to a graph, or to everything that is wrong with it. */
import type { ConfigPath, Problem } from '../errors.ts';
import { backboneBase } from './backbones/base.ts';
import { withDefaults } from './defaults.ts';
import { type ExpandedLayer, expandBlocks, type Suggest } from './expand-blocks.ts';
import type { Base, LayerNode, ModelGraph, Shape } from './graph.ts';
import { importedBase } from './import/imported-base.ts';
import { inferNode } from './infer-shapes.ts';
import { ShapeError } from './layers/define.ts';
import { findLayer, layers } from './layers/index.ts';
import { shapeText } from './layers/sizes.ts';
import { orderNodes, unusedNodes } from './order-nodes.ts';
import type { ModelConfig } from './schema.ts';

export type ModelInput = {
  /** Shape of one image, [height, width, channels], where it is known. */
  readonly shape?: Shape | undefined;
  /** Number of classes, where it is known. */
  readonly classes?: number | undefined;
};

export type ModelHooks = {
  /**
   * Checks an expanded layer (`type` and options) against its schema; gives problems, or the layer
   * with its defaults filled in. Without it only the defaults are filled in.
   */
  readonly validateLayer?:
    | ((layer: unknown, path: ConfigPath) => readonly Problem[] | Readonly<Record<string, unknown>>)
    | undefined;
  /** "did you mean …" for a name that does not exist. */
  readonly suggest?: Suggest | undefined;
};

export type CheckedModel = {
  /** Undefined when there are problems, or when shape or classes are not known. */
  readonly graph: ModelGraph | undefined;
  readonly problems: readonly Problem[];
};

const noBase: Base = { nodes: [], output: 'input', problems: [] };

/** Expands, names, orders and infers; all problems at once. */
export function checkModel(
  config: ModelConfig,
  input: ModelInput,
  hooks: ModelHooks = {},
): CheckedModel {
  return checkLayers(config, input, hooks, baseOf(config, input, hooks));
}

/** What stands before the layers; an imported model is read from its file. */
function baseOf(
  { backbone, import: path }: ModelConfig,
  { shape }: ModelInput,
  { suggest }: ModelHooks,
): Base {
  if (backbone && path !== undefined) {
    const message = 'a model begins with a backbone or with an imported model, not with both';
    return { ...noBase, problems: [{ path: ['model', 'import'], message, atKey: true }] };
  }
  if (backbone) return backboneBase(backbone, shape, suggest);
  return path === undefined ? noBase : importedBase(path, shape);
}

/** The same with something before the layers. */
export function checkLayers(
  config: ModelConfig,
  input: ModelInput,
  hooks: ModelHooks,
  base: Base,
): CheckedModel {
  if (config.layers.length === 0 && base === noBase) {
    const message = 'the model has no layers';
    return { graph: undefined, problems: [{ path: ['model', 'layers'], message }] };
  }
  const expansion = expandBlocks(config, {
    classes: input.classes,
    suggest: hooks.suggest,
    taken: base.nodes.map(({ name }) => name),
    input: base.output,
  });
  const problems: Problem[] = [...base.problems, ...expansion.problems];
  const open = new Set(expansion.layers.filter((layer) => layer.open).map(({ name }) => name));
  const nodes = expansion.layers.flatMap((layer) => {
    const node = toNode(layer, hooks);
    if ('type' in node) return [node];
    problems.push(...node.problems);
    return [];
  });
  const all = [...base.nodes, ...nodes];
  // A misspelt name or type would leave its neighbours without use: one mistake, one problem.
  if (problems.length === 0) problems.push(...unusedNodes(all, expansion.output));
  const ordered = orderNodes(all);
  problems.push(...ordered.problems);
  // Without its base a model has no shapes.
  if (base.problems.length === 0) {
    problems.push(...shapeProblems(ordered.nodes, input, open, expansion.output));
  }
  const isKnown = input.classes !== undefined || open.size === 0;
  if (problems.length > 0 || !isKnown || input.shape === undefined) {
    return { graph: undefined, problems: unique(problems) };
  }
  return {
    graph: {
      input: input.shape,
      nodes: ordered.nodes,
      output: expansion.output,
      base: base === noBase ? undefined : base.output,
    },
    problems: [],
  };
}

function toNode(expanded: ExpandedLayer, hooks: ModelHooks): LayerNode | { problems: Problem[] } {
  const { name, layer, inputs, trainable, path, usedAt } = expanded;
  const type = String(layer.type);
  const related = usedAt.map((use) => ({ path: use, message: 'the block is used here' }));
  const checked = hooks.validateLayer?.(layer, path);
  if (isProblems(checked)) {
    return {
      problems: checked.map((problem) => ({
        ...problem,
        related: [...(problem.related ?? []), ...related],
      })),
    };
  }
  const definition = findLayer(type);
  if (definition === undefined) {
    const message = `there is no layer "${type}"`;
    const hint = hooks.suggest?.(type, Object.keys(layers));
    return { problems: [{ path: [...path, 'type'], message, hint, related }] };
  }
  const { type: _type, ...options } = { ...layer, ...checked };
  const filled = withDefaults(definition.schema, options);
  return { name, type, config: filled, inputs, trainable, origin: { path, usedAt } };
}

type Checked = readonly Problem[] | Readonly<Record<string, unknown>> | undefined;

/** Array.isArray does not narrow readonly arrays. */
const isProblems = (checked: Checked): checked is readonly Problem[] => Array.isArray(checked);

/** Problems of shapes, as far as they can be known. */
function shapeProblems(
  nodes: readonly LayerNode[],
  input: ModelInput,
  open: ReadonlySet<string>,
  output: string,
): Problem[] {
  if (input.shape === undefined) return [];
  const shapes = new Map<string, Shape>([['input', input.shape]]);
  const problems: Problem[] = [];
  for (const node of nodes) {
    const known = node.inputs
      .map((name) => shapes.get(name))
      .filter((shape) => shape !== undefined);
    if (known.length !== node.inputs.length || open.has(node.name)) continue;
    try {
      shapes.set(node.name, inferNode(node, known).shape);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      problems.push(problemAt(node, `${describe(node)} ${error.message}`));
    }
  }
  const last = nodes.find(({ name }) => name === output);
  const shape = shapes.get(output);
  if (last === undefined || shape === undefined || input.classes === undefined) return problems;
  return [...problems, ...outputProblems(last, shape, input.classes)];
}

/** The last layer: one softmax output per class, or one sigmoid output for two classes. */
function outputProblems(node: LayerNode, shape: Shape, classes: number): Problem[] {
  const activation = node.type === 'softmax' ? 'softmax' : (node.config.activation ?? 'linear');
  const single = shape.length === 1 && shape[0] === 1 && classes === 2;
  if (!single && (shape.length !== 1 || shape[0] !== classes)) {
    return [
      problemAt(
        node,
        `${describe(node)} ends the model with the shape ${shapeText(shape)}, but there are ${classes} classes`,
        classes === 2
          ? '`units: classes` with softmax, or `units: 1` with sigmoid'
          : '`units: classes` follows the data',
      ),
    ];
  }
  const wanted = single ? 'sigmoid' : 'softmax';
  if (activation === wanted) return [];
  return [
    problemAt(
      node,
      `${describe(node)} ends the model with ${activation}, but class probabilities of ${shape[0]} ${single ? 'unit' : 'units'} need ${wanted}`,
      `\`activation: ${wanted}\``,
    ),
  ];
}

const describe = (node: LayerNode): string =>
  node.name === node.type ? node.type : `${node.type} "${node.name}"`;

/** A problem at the entry that made the node, with the places where its block is used. */
const problemAt = (node: LayerNode, message: string, hint?: string): Problem => ({
  path: node.origin?.path ?? ['model'],
  message,
  hint,
  related: node.origin?.usedAt.map((path) => ({ path, message: 'the block is used here' })),
});

/** A mistake in a block that is used often is one mistake. */
function unique(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const key = `${JSON.stringify(problem.path)} ${problem.message}`;
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}
