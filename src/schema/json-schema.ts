/**
 * The JSON Schema keywords that our config uses, and the type of a value that satisfies them.
 * Schemas are plain literals: what is written here is what ajv checks and what the editor reads.
 * May not: import anything.
 */
type Annotations = {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
};
type Range = {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
};

export type ObjectSchema = Annotations & {
  readonly type: 'object';
  readonly properties: { readonly [key: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties: false;
};

/** A mapping with free keys, such as class name → weight. */
export type MapSchema = Annotations & {
  readonly type: 'object';
  readonly additionalProperties: Schema;
  readonly propertyNames?: { readonly pattern: string };
  readonly minProperties?: number;
};

/** One of several objects told apart by `type`. */
export type TypedUnionSchema = Annotations & {
  readonly type: 'object';
  readonly required: readonly ['type'];
  readonly discriminator: { readonly propertyName: 'type' };
  readonly oneOf: readonly ObjectSchema[];
};

export type Schema =
  | ObjectSchema
  | MapSchema
  | TypedUnionSchema
  | (Annotations & {
      readonly type: 'string';
      readonly const?: string;
      readonly enum?: readonly string[];
      readonly pattern?: string;
      readonly minLength?: number;
      /** `path`: relative to the file that names it; the loader makes it absolute. */
      readonly format?: 'path';
    })
  | (Annotations &
      Range & { readonly type: 'number' | 'integer'; readonly enum?: readonly number[] })
  | (Annotations & { readonly type: 'boolean'; readonly const?: boolean })
  | (Annotations & { readonly type: 'null' })
  | (Annotations & {
      readonly type: 'array';
      readonly items: Schema;
      readonly minItems?: number;
      readonly maxItems?: number;
    })
  /** Alternatives of different JSON types (a number or a pair, a name or a mapping). */
  | (Annotations & { readonly anyOf: readonly Schema[] });

/** The value that a schema describes, once defaults are filled in. */
export type Infer<S> = S extends { readonly const: infer Value }
  ? Value
  : S extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : S extends { readonly anyOf: readonly (infer Member)[] }
      ? Infer<Member>
      : S extends { readonly oneOf: readonly (infer Member)[] }
        ? Infer<Member>
        : S extends { readonly type: 'string' }
          ? string
          : S extends { readonly type: 'number' | 'integer' }
            ? number
            : S extends { readonly type: 'boolean' }
              ? boolean
              : S extends { readonly type: 'null' }
                ? null
                : S extends { readonly items: infer Item }
                  ? readonly Infer<Item>[]
                  : S extends {
                        readonly properties: infer Properties;
                        readonly required?: infer Names;
                      }
                    ? InferObject<Properties, Names extends readonly (infer Name)[] ? Name : never>
                    : S extends { readonly additionalProperties: infer Value }
                      ? { readonly [key: string]: Infer<Value> }
                      : never;

type Present<Properties, Names> = {
  [K in keyof Properties]: K extends Names
    ? K
    : Properties[K] extends { readonly default: unknown }
      ? K
      : never;
}[keyof Properties];

type InferObject<Properties, Names> = {
  readonly [K in Present<Properties, Names>]: Infer<Properties[K]>;
} & {
  readonly [K in Exclude<keyof Properties, Present<Properties, Names>>]?:
    | Infer<Properties[K]>
    | undefined;
};

/**
 * The union of a registry's schemas. The config loader also takes a bare string for an entry that
 * needs nothing but its `type` (`optimizer: adam`), and the published schema says so.
 */
export const oneOfType = <Registry extends Record<string, { schema: ObjectSchema }>>(
  registry: Registry,
  annotations: Annotations = {},
) => ({
  ...annotations,
  type: 'object' as const,
  required: ['type'] as const,
  discriminator: { propertyName: 'type' } as const,
  oneOf: Object.values(registry).map(
    ({ schema }) => schema,
  ) as Registry[keyof Registry]['schema'][],
});
