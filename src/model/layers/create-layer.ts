/**
 * The one tf.layers.Layer behind every entry of the catalogue: it makes the weights that the
 * entry names, runs its `call` and describes itself in Keras's words when a model is saved.
 */
import type {
  constraints,
  initializers,
  Scalar,
  serialization,
  Tensor,
} from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';
import { type ActivationName, activate } from '../activations.ts';
import { constrain } from '../constraints.ts';
import type { Shape } from '../graph.ts';
import { initialValue } from '../initializers.ts';
import { kerasConfig } from '../keras-config.ts';
import { regularization } from '../regularizers.ts';
import type { BuildContext, BuiltLayer, LayerCode, LayerOptions, WeightShape } from './define.ts';

type BatchShape = (number | null)[];
type AnyCode = LayerCode<ObjectSchema, LayerOptions>;
type Initializer = ReturnType<typeof initializers.zeros>;
type Constraint = ReturnType<typeof constraints.nonNeg> | undefined;
type LayerWeight = BuiltLayer['weights'][number];
/** Name, shape, dtype, initialiser, regulariser, trainable and constraint. */
type AddWeight = [string, number[], 'float32', Initializer, undefined, boolean, Constraint];

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a class, in a function because it needs tf
const createLayerClass = (tf: Engine) =>
  class CatalogueLayer extends tf.layers.Layer {
    static readonly className: string = 'CatalogueLayer';
    /** As tfjs's own layers have it; a loss listens to the last one's `apply` for the logits. */
    readonly activation: ReturnType<typeof activationOf>;
    readonly #code: AnyCode;
    readonly #options: LayerOptions;
    readonly #seed: number;
    readonly #named = new Map<string, LayerWeight>();

    constructor(code: AnyCode, options: LayerOptions, context: BuildContext) {
      super({ name: context.name, trainable: context.trainable });
      this.#code = code;
      this.#options = options;
      this.#seed = context.seed;
      this.supportsMasking = true;
      this.activation = activationOf(tf, code, options);
    }

    override getClassName(): string {
      return this.#code.className;
    }

    override build(inputShape: BatchShape | BatchShape[]): void {
      const weights = this.#code.weights?.(this.#options, sampleShapes(inputShape)) ?? [];
      for (const [index, rules] of weights.entries()) {
        const weight = this.addWeight(...weightArguments(tf, rules, [this.#seed, index]));
        this.#named.set(rules.name, weight);
        const { regularizer } = rules;
        // Keras sums over trainable weights only.
        const penalty = (): Scalar =>
          regularizer && this.trainable
            ? regularization(tf, regularizer, weight.read())
            : tf.scalar(0);
        if (regularizer) this.addLoss(penalty);
      }
      this.built = true;
    }

    override call(inputs: Tensor | Tensor[], kwargs: Record<string, unknown>): Tensor {
      const list = Array.isArray(inputs) ? inputs : [inputs];
      const mask = firstMask(kwargs.mask);
      // tfjs hands the same object to every layer, a mask of an earlier one included.
      delete kwargs.mask;
      return tf.tidy(() =>
        this.#code.call(this.#options, {
          tf,
          x: firstInput(list),
          inputs: list,
          mask,
          weight: (name) => this.#find(name).read(),
          activate: (x) => this.activation.apply(x),
          training: kwargs.training === true && this.trainable,
          update: (name, value) => this.#find(name).write(value),
        }),
      );
    }

    override computeMask(inputs: Tensor | Tensor[], masks?: Tensor | Tensor[]): Tensor {
      const x = firstInput(Array.isArray(inputs) ? inputs : [inputs]);
      const mask = this.#code.mask?.(this.#options, { tf, x, mask: firstMask(masks) });
      // tfjs says null for "no mask", which its types leave out.
      return (mask ?? null) as Tensor;
    }

    override computeOutputShape(inputShape: BatchShape | BatchShape[]): BatchShape {
      // A list of shapes begins with a shape, a shape with the batch axis.
      const [first] = Array.isArray(inputShape[0]) ? inputShape[0] : (inputShape as BatchShape);
      return [first ?? null, ...this.#code.shape(this.#options, sampleShapes(inputShape))];
    }

    override getConfig(): serialization.ConfigDict {
      // Options are checked JSON values, which is what a ConfigDict holds.
      const options = kerasConfig(this.#options) as serialization.ConfigDict;
      return { ...super.getConfig(), ...options };
    }

    #find(name: string): LayerWeight {
      const weight = this.#named.get(name);
      if (weight === undefined) throw new Error(`${this.name} has no weight ${name}`);
      return weight;
    }
  };

type LayerClass = ReturnType<typeof createLayerClass>;
const classes = new WeakMap<Engine, LayerClass>();

/** Builds a layer; its weights are made when it is first applied. */
export function createLayer<S extends ObjectSchema>(
  code: LayerCode<S>,
  config: Infer<S>,
  context: BuildContext,
): BuiltLayer {
  const known = classes.get(context.tf);
  const CatalogueLayer = known ?? createLayerClass(context.tf);
  if (known === undefined) classes.set(context.tf, CatalogueLayer);
  // Seen from here every option is an unknown; the code reads its own, checked ones.
  return new CatalogueLayer(code as unknown as AnyCode, config as LayerOptions, context);
}

/** What tfjs's `addWeight` takes for a weight. It asks initialisers and constraints for `apply`. */
function weightArguments(
  tf: Engine,
  { name, shape, trainable, initializer = 'zeros', adjust, constraint }: WeightShape,
  seed: readonly [number, number],
): AddWeight {
  const apply = (): Tensor =>
    tf.tidy(() => {
      const values = initialValue(tf, initializer, shape, seed);
      return adjust ? adjust(tf, values) : values;
    });
  const limit = constraint
    ? { apply: (value: Tensor) => constrain(tf, constraint, value) }
    : undefined;
  // The casts: tfjs's types name its own classes.
  return [
    name,
    [...shape],
    'float32',
    { apply } as unknown as Initializer,
    undefined,
    trainable,
    limit as unknown as Constraint,
  ];
}

function activationOf(tf: Engine, code: AnyCode, options: LayerOptions) {
  // An option that the schema has checked.
  const name = (options.activation ?? code.activation ?? 'linear') as ActivationName;
  return { apply: (x: Tensor): Tensor => activate(tf, name, x), getClassName: () => name };
}

function firstInput([x]: readonly Tensor[]): Tensor {
  if (x === undefined) throw new Error('a layer was called without an input');
  return x;
}

/** tfjs passes one mask, a list of masks, or null for none. */
function firstMask(masks: unknown): Tensor | undefined {
  const [mask] = Array.isArray(masks) ? masks : [masks];
  // What tfjs hands over here are tensors.
  return (mask ?? undefined) as Tensor | undefined;
}

function sampleShapes(inputShape: BatchShape | BatchShape[]): Shape[] {
  // A list of shapes begins with a shape, a shape with the batch axis.
  const several = Array.isArray(inputShape[0])
    ? (inputShape as BatchShape[])
    : [inputShape as BatchShape];
  return several.map((shape) => shape.slice(1));
}
