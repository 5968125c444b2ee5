import type { EpochRecord } from '../epoch-record.ts';
import { defineCallback } from './define.ts';

/** keras.callbacks.CSVLogger: epochs from 0, then the values' names in alphabetical order. */
export const csvLogger = defineCallback({
  schema: {
    type: 'object',
    description: "Writes each epoch's values into a file in the fold's directory, as Keras does.",
    properties: {
      type: { type: 'string', const: 'csv_logger', description: 'Name of the callback.' },
      filename: {
        type: 'string',
        default: 'training.csv',
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
        description: "Name of the file in the fold's directory.",
      },
      separator: { type: 'string', default: ',', minLength: 1, description: 'Between values.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  start: () => ({}),
  onEpochEnd: ({ filename, separator }, state, { history }) => ({
    state,
    actions: [{ kind: 'write_file', name: filename, text: csv(history, separator) }],
  }),
});

function csv(history: readonly EpochRecord[], separator: string): string {
  const names = [...new Set(history.flatMap(({ values }) => Object.keys(values)))];
  const columns = [...names, 'learning_rate'].sort();
  const rows = history.map(({ epoch, values, learning_rate }) => [
    epoch - 1,
    ...columns.map((name) => (name === 'learning_rate' ? learning_rate : (values[name] ?? 'NA'))),
  ]);
  return [['epoch', ...columns], ...rows].map((row) => `${row.join(separator)}\r\n`).join('');
}
