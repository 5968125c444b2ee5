/** Fills in what a schema gives a default for; defaults exist in the schemas only. */
import type { ObjectSchema } from '../schema/json-schema.ts';

/** The options with the schema's defaults for the keys that are absent. */
export const withDefaults = (
  schema: ObjectSchema,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(schema.properties).flatMap(([key, property]) =>
      property.default === undefined ? [] : [[key, property.default]],
    ),
  ),
  ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
});
