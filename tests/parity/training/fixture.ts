/** Reads what make_fixture.py wrote, and fills defaults as the config loader does. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { Schema } from '../../../src/schema/json-schema.ts';

export const readFixture = <Content>(name: string): Content =>
  // The script and the tests agree on the form.
  JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Content;

const ajv = new Ajv({ discriminator: true, useDefaults: true, strict: false });

/** The value with the schema's defaults; throws where it does not fit. */
export function withDefaults<Value>(schema: Schema, value: object): Value {
  const copy = structuredClone(value);
  if (!ajv.validate(schema, copy)) throw new Error(ajv.errorsText());
  return copy as Value; // just validated against the schema of that type
}

/** Largest |actual − expected| / max(|expected|, floor). */
export function largestDifference(
  actual: ArrayLike<number>,
  expected: readonly number[],
  floor: number,
): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...expected.map((value, i) => {
      const difference =
        Math.abs((actual[i] ?? Number.NaN) - value) / Math.max(Math.abs(value), floor);
      return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    }),
  );
}
