import { expect, test } from '@jest/globals';
import { type ObjectSchema, oneOfType } from '../schema/json-schema.ts';
import { chooseAlternative } from './choose.ts';
import type { Node } from './tree.ts';

const properties = { name: { type: 'string' }, inputs: { type: 'string' } } as const;
const layer = oneOfType({
  flatten: {
    schema: {
      type: 'object',
      properties: { type: { type: 'string', const: 'flatten' }, ...properties },
      required: ['type'],
      additionalProperties: false,
    },
  },
});
const blockUse: ObjectSchema = {
  type: 'object',
  properties: { use: { type: 'string' }, ...properties },
  required: ['use'],
  additionalProperties: false,
};

const mapping = (...keys: string[]): Node =>
  // The choice looks at the keys alone.
  ({ kind: 'mapping', entries: new Map(keys.map((key) => [key, {}])) }) as unknown as Node;

test('an entry with a type is a layer, however many keys it shares with the use of a block', () => {
  const choose = (...keys: string[]) => chooseAlternative([layer, blockUse], mapping(...keys));
  expect(choose('type', 'name', 'inputs')).toBe(layer);
  expect(choose('use', 'name', 'inputs')).toBe(blockUse);
  expect(choose('name', 'inputs')).toBe(blockUse);
});
