/** From the `backbone` key to the layers before the model's own, or to what is wrong with it. */
import { heightAndWidth } from '../../dataset/picture.ts';
import type { ConfigPath, Problem } from '../../errors.ts';
import type { Base, LayerNode, Shape } from '../graph.ts';
import { kerasOrder } from '../keras-order.ts';
import { type BackboneConfig, backbones } from './index.ts';
import { NetworkBuilder } from './network-builder.ts';

type Suggest = (word: string, candidates: readonly string[]) => string | undefined;

/**
 * The backbone's layers, a resizing first where `input_size` is given, with those frozen that do
 * not learn. `image`: [height, width, channels] of a picture; where it is not known, what the
 * backbone was trained on, which settles the names.
 */
export function backboneBase(config: BackboneConfig, image?: Shape, suggest?: Suggest): Base {
  const backbone = backbones[config.type];
  const side = backbone.defaultSize;
  const [height, width, channels] = image ?? [];
  const picture = [height ?? side, width ?? side, channels ?? 3];
  const problems = inputProblems(config, picture);
  if (problems.length > 0) return { nodes: [], output: 'input', problems };
  const net = new NetworkBuilder(picture);
  if (config.input_size !== undefined) {
    net.input = net.layer('resizing', 'input', heightAndWidth(config.input_size));
  }
  const output = backbone.build(net, {
    includeTop: config.include_top,
    pooling: config.pooling,
    pretrained: config.weights !== 'none',
  });
  return { output, ...frozen(config, net.nodes, output, suggest) };
}

/** Sizes and channels that the backbone does not take. */
function inputProblems(config: BackboneConfig, picture: readonly number[]): Problem[] {
  const { minimumSize, defaultSize } = backbones[config.type];
  const [height = 0, width = 0, channels] = picture;
  const size = config.input_size === undefined ? undefined : heightAndWidth(config.input_size);
  const { height: rows, width: columns } = size ?? { height, width };
  const problems: Problem[] = [];
  if (config.weights === 'imagenet' && channels !== 3) {
    problems.push({
      path: ['dataset', 'image', 'channels'],
      message: `the imagenet weights of ${config.type} are for rgb pictures, not grayscale`,
      hint: '`channels: rgb` repeats the gray channel',
    });
  }
  // Keras takes pictures with the classifier in the size that it was trained on alone.
  if (config.include_top && (rows !== defaultSize || columns !== defaultSize)) {
    problems.push(
      sizeProblem(
        config,
        `${config.type} with its classifier takes ${defaultSize}×${defaultSize}`,
        [rows, columns, defaultSize],
      ),
    );
  } else if (Math.min(rows, columns) < minimumSize) {
    problems.push(
      sizeProblem(config, `${config.type} takes at least ${minimumSize}×${minimumSize}`, [
        rows,
        columns,
        minimumSize,
      ]),
    );
  }
  return problems;
}

function sizeProblem(
  { input_size: given }: BackboneConfig,
  rule: string,
  [rows, columns, wanted]: readonly [number, number, number],
): Problem {
  const path: ConfigPath = ['model', 'backbone', given === undefined ? 'type' : 'input_size'];
  const message = `${rule} pixels, but gets ${rows}×${columns}`;
  return { path, message, hint: `\`input_size: ${wanted}\` brings the pictures to that size` };
}

/** The layers with their `trainable`; `{from}` counts in Keras's order of the layers. */
function frozen(
  { trainable, type }: BackboneConfig,
  nodes: readonly LayerNode[],
  output: string,
  suggest?: Suggest,
): Pick<Base, 'nodes' | 'problems'> {
  if (trainable === true) return { nodes, problems: [] };
  const names = kerasOrder(nodes, output).map(({ name }) => name);
  const first = trainable === false ? names.length : names.indexOf(trainable.from);
  if (trainable !== false && first < 0) {
    const path = ['model', 'backbone', 'trainable', 'from'];
    const message = `${type} has no layer "${trainable.from}"`;
    const hint = suggest?.(trainable.from, names) ?? '`plan` lists the names of its layers';
    return { nodes, problems: [{ path, message, hint }] };
  }
  const learning = new Set(names.slice(first));
  return {
    nodes: nodes.map((node) => ({ ...node, trainable: learning.has(node.name) })),
    problems: [],
  };
}
