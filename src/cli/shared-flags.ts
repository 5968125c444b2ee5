/** Flags that several verbs take, so that they mean and say the same everywhere. */
import type { Flag } from './define.ts';

export const setFlag = {
  type: 'string',
  multiple: true,
  value: 'PATH=VALUE',
  description: 'change a value, as in --set training.epochs=3 or model.layers[0].units=64',
} as const satisfies Flag;

export const jsonFlag = {
  type: 'boolean',
  description: 'print the result as JSON',
} as const satisfies Flag;
