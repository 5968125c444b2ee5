import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import type { ObjectSchema } from '../schema/json-schema.ts';
import { splitSchema } from './schema.ts';
import { strategies } from './strategies/index.ts';

const entries: [string, ObjectSchema][] = Object.entries(strategies).map(([name, { schema }]) => [
  name,
  schema,
]);

test.each(entries)('%s is registered under its own type, every key explained', (name, schema) => {
  expect(schema.properties.type).toMatchObject({ const: name });
  expect(schema.description).toBeTruthy();
  for (const property of Object.values(schema.properties))
    expect(property.description).toBeTruthy();
});

const validate = new Ajv({
  discriminator: true,
  useDefaults: true,
  formats: { path: true },
}).compile(splitSchema);

test('what is left out is what an expert would choose', () => {
  const split = { strategy: undefined, validation: undefined };
  expect(validate(split)).toBe(true);
  expect(split).toEqual({
    strategy: { type: 'stratified_k_fold', folds: 5, shuffle: true },
    validation: { fraction: 0.1, stratified: true },
  });
  const given = { strategy: { type: 'repeated_k_fold' }, validation: { fraction: 0.2 } };
  expect(validate(given)).toBe(true);
  expect(given).toEqual({
    strategy: { type: 'repeated_k_fold', folds: 5, repeats: 3 },
    validation: { fraction: 0.2, stratified: true },
  });
});

test.each([
  { strategy: { type: 'k_fold', folds: 1 } },
  { strategy: { type: 'k_fold', fold: 5 } },
  { strategy: { type: 'leave_one_out' } },
  { strategy: { type: 'holdout', fraction: 1 } },
  { validation: { fraction: 0 } },
  { strategy: { type: 'k_fold', random_state: -1 } },
])('%j is refused', (split) => {
  expect(validate(split)).toBe(false);
});
