/** What the backbones are written with: adds layers under Keras's names and knows their shapes. */
import { withDefaults } from '../defaults.ts';
import type { InnerModel, LayerNode, Shape } from '../graph.ts';
import { inferNode } from '../infer-shapes.ts';
import { findLayer, type LayerType } from '../layers/index.ts';

/** Alive while one network is built. */
export class NetworkBuilder {
  readonly nodes: LayerNode[] = [];
  /** What the network takes: the picture, or a layer that prepares it. */
  input = 'input';
  #within: readonly InnerModel[] = [];
  readonly #shapes = new Map<string, Shape>();
  readonly #counts = new Map<string, number>();

  /** `input`: [height, width, channels], all known. */
  constructor(input: Shape) {
    this.#shapes.set('input', input);
  }

  /**
   * Adds a layer and gives its name, by which others take its output. `options` are Keras's;
   * without a `name` it gets Keras's automatic one: `add`, `add_1`, …
   *
   * @throws {ShapeError} when its inputs do not fit.
   */
  layer(
    type: LayerType,
    inputs: string | readonly string[],
    options: Readonly<Record<string, unknown>> = {},
    name: string = this.automaticName(type),
  ): string {
    const schema = findLayer(type)?.schema;
    if (schema === undefined) throw new Error(`no layer type ${type}`);
    const sources = typeof inputs === 'string' ? [inputs] : inputs;
    const config = withDefaults(schema, options);
    const node: LayerNode = {
      name,
      type,
      config,
      inputs: sources,
      trainable: true,
      within: this.#within.length === 0 ? undefined : this.#within,
    };
    const { shape } = inferNode(
      node,
      sources.map((source) => this.shape(source)),
    );
    this.#shapes.set(name, shape);
    this.nodes.push(node);
    return name;
  }

  /** Adds layers that are a model inside the model in Keras. */
  inside(inner: InnerModel, add: () => string): string {
    const outside = this.#within;
    this.#within = [...outside, inner];
    const output = add();
    this.#within = outside;
    return output;
  }

  /** Shape of a layer's output, or of `input`. */
  shape(name: string): Shape {
    const shape = this.#shapes.get(name);
    if (shape === undefined) throw new Error(`the network has no layer ${name}`);
    return shape;
  }

  /** Length of the last axis of a layer's output. */
  channels(name: string): number {
    return this.shape(name).at(-1) ?? 0;
  }

  /** The name that Keras gives to the next unnamed layer of a class (`auto_name`). */
  automaticName(word: string): string {
    const count = this.#counts.get(word) ?? 0;
    this.#counts.set(word, count + 1);
    return count === 0 ? word : `${word}_${count}`;
  }
}

/** Zeros before a strided 3×3 (or larger) window, as Keras's `imagenet_utils.correct_pad`. */
export function correctPad(shape: Shape, kernel: number): readonly (readonly number[])[] {
  const half = Math.floor(kernel / 2);
  return shape.slice(0, 2).map((length) => [half - (1 - ((length ?? 0) % 2)), half]);
}
