/** The `model` section: layers in a chain or a graph, and blocks of them. */
import { type ObjectSchema, oneOfType, type Schema } from '../schema/json-schema.ts';
import { type BackboneConfig, backbones } from './backbones/index.ts';
import { layers } from './layers/index.ts';

const scalar = {
  anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }],
} as const;

/** Any JSON value up to a depth; options in a block are checked once the block is expanded. */
const anyValue = (depth: number): Schema =>
  depth === 0
    ? scalar
    : {
        anyOf: [
          ...scalar.anyOf,
          { type: 'array', items: anyValue(depth - 1) },
          { type: 'object', additionalProperties: anyValue(depth - 1) },
        ],
      };

const layerName = {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  description: 'Name that `inputs` of other entries may use; unique in the model or block.',
  examples: ['shortcut'],
} as const;

const inputs = {
  type: 'array',
  items: { type: 'string' },
  minItems: 1,
  description: 'Names of the entries whose outputs it takes; the entry before it if left out.',
  examples: [['shortcut', 'residual']],
} as const;

/** Keys that every entry of `layers` may have besides its layer's own. */
const commonKeys = {
  name: layerName,
  inputs,
  trainable: {
    type: 'boolean',
    description: 'Whether training changes its weights; true if left out.',
  },
} as const;

/** A layer's schema as an entry of the YAML: its own options and the common keys. */
const asEntry = (schema: ObjectSchema): ObjectSchema => ({
  ...schema,
  properties: { ...schema.properties, ...commonKeys },
});

/** The schema of each type of entry, by `type`; for checking what a block expands to. */
export const layerEntrySchemas: Readonly<Record<string, ObjectSchema>> = Object.fromEntries(
  Object.entries(layers).map(([type, { schema }]) => [type, asEntry(schema)]),
);

const blockUse = {
  type: 'object',
  description: 'The layers of a block in this place.',
  properties: {
    use: { type: 'string', description: 'Name of a block under `blocks`.', examples: ['residual'] },
    with: {
      type: 'object',
      additionalProperties: anyValue(2),
      description: "Values of the block's parameters; its defaults for those left out.",
      examples: [{ filters: 64 }],
    },
    repeat: {
      description: 'How many times, one after the other; default once.',
      anyOf: [{ type: 'integer', minimum: 1 }, { type: 'string' }],
    },
    name: layerName,
    inputs: { ...inputs, maxItems: 1, examples: [['shortcut']] },
  },
  required: ['use'],
  additionalProperties: false,
} as const satisfies ObjectSchema;

const entry = {
  description: 'A layer, or the use of a block.',
  anyOf: [
    {
      type: 'object',
      required: ['type'],
      discriminator: { propertyName: 'type' },
      oneOf: Object.values(layerEntrySchemas),
    },
    blockUse,
  ],
} as const satisfies Schema;

const block = {
  type: 'object',
  description: 'A piece of a model under a name.',
  properties: {
    parameters: {
      type: 'object',
      additionalProperties: anyValue(2),
      description: 'Parameters and their defaults; null must be given where the block is used.',
      examples: [{ filters: 32, strides: 1 }],
    },
    layers: {
      type: 'array',
      minItems: 1,
      description:
        "Its layers, as in `model.layers`. A value may be a parameter's name or arithmetic on parameters; `input` is the block's own input.",
      items: {
        anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: anyValue(4) }],
      },
    },
  },
  required: ['layers'],
  additionalProperties: false,
} as const satisfies ObjectSchema;

const modelSchemaLiteral = {
  type: 'object',
  description: 'The architecture: a backbone or not, and layers in a chain or a graph.',
  properties: {
    backbone: oneOfType(backbones, {
      description:
        'A pretrained network of Keras before the layers, with its own preprocessing of pixels.',
      examples: [{ type: 'resnet50', weights: 'imagenet', trainable: false }],
    }),
    import: {
      type: 'string',
      format: 'path',
      description:
        'A model to begin with, in place of a backbone: Keras (`.keras`, or JSON without weights) or a saved tfjs model. Pixels come as `dataset.preprocessing` says.',
      examples: ['../models/mine.keras'],
    },
    layers: {
      type: 'array',
      items: entry,
      default: [],
      description:
        'Layers from input to output. Without `inputs` an entry takes the output of the one before it. The last one is the output.',
    },
    blocks: {
      type: 'object',
      additionalProperties: block,
      default: {},
      description: 'Reusable pieces, by name.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;

/** An entry as the YAML has it: a layer with its options, or the use of a block. */
export type LayerEntry = string | Readonly<Record<string, unknown>>;

export type Block = {
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly layers: readonly LayerEntry[];
};

/** The checked `model` section. Options of layers are as `layerEntrySchemas` say. */
export type ModelConfig = {
  readonly backbone?: BackboneConfig | undefined;
  readonly import?: string | undefined;
  readonly layers: readonly LayerEntry[];
  readonly blocks: Readonly<Record<string, Block>>;
};

/** Carries the section's type, which the union over the whole catalogue would make slow to infer. */
type ModelSchema = ObjectSchema & { readonly const?: ModelConfig };

// `const` is never present; it tells Infer the type.
export const modelSchema = modelSchemaLiteral as ModelSchema as ObjectSchema & {
  readonly const: ModelConfig;
};
