import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { checkTraining, trainingNotes } from './check.ts';
import { type TrainingConfig, trainingSchema } from './schema.ts';

const ajv = new Ajv({ discriminator: true, useDefaults: true, strict: false });

function configOf(value: object): TrainingConfig {
  const copy = structuredClone(value);
  if (!ajv.validate(trainingSchema, copy)) throw new Error(ajv.errorsText());
  return copy as TrainingConfig; // just validated
}

const messages = (value: object, units: number) =>
  checkTraining(configOf(value), units).map(({ path, message }) => `${path.join('.')}: ${message}`);

test('the defaults are 20 epochs of Adam on batches of 32', () => {
  const config = configOf({});
  expect(config).toMatchObject({ epochs: 20, batch_size: 32, callbacks: [], augmentation: [] });
  expect(config.optimizer).toMatchObject({ type: 'adam', learning_rate: 0.001, beta_2: 0.999 });
  expect(checkTraining(config, 7)).toEqual([]);
});

test.each([
  [{ loss: { type: 'binary_crossentropy' } }, 2, /^loss: binary_crossentropy needs one/],
  [
    { loss: { type: 'categorical_crossentropy' } },
    1,
    /^loss: categorical_crossentropy needs an output for each class/,
  ],
  [
    { optimizer: { type: 'sgd', clipnorm: 1, clipvalue: 1 } },
    7,
    /^optimizer.clipvalue: clipnorm and clipvalue/,
  ],
  [
    {
      phases: [
        {
          epochs: 1,
          optimizer: {
            type: 'sgd',
            learning_rate: { type: 'piecewise_constant', boundaries: [5, 3], values: [1, 1, 1] },
          },
        },
      ],
    },
    7,
    /^phases.0.optimizer.learning_rate.boundaries: boundaries must ascend/,
  ],
  [
    {
      callbacks: [
        {
          type: 'learning_rate_schedule',
          schedule: { type: 'piecewise_constant', boundaries: [5], values: [1, 1, 1] },
        },
      ],
    },
    7,
    /^callbacks.0.schedule.values: 1 boundaries need 2 values, not 3/,
  ],
  [
    {
      optimizer: {
        type: 'adam',
        learning_rate: { type: 'cosine_decay', initial_learning_rate: 0.1, decay_steps: 10 },
      },
      callbacks: [{ type: 'reduce_lr_on_plateau' }],
    },
    7,
    /^callbacks.0: reduce_lr_on_plateau cannot set the learning rate/,
  ],
  [
    { callbacks: [{ type: 'csv_logger', filename: 'history.csv' }] },
    7,
    /^callbacks.0.filename: history.csv is written by something else/,
  ],
])('%j is a problem', (value, units, expected) => {
  expect(messages(value, units)).toEqual([expect.stringMatching(expected)]);
});

test('two selecting callbacks with different monitors: a note names the winner', () => {
  const callbacks = [
    { type: 'early_stopping', monitor: 'val_loss', restore_best_weights: true },
    { type: 'model_checkpoint', monitor: 'val_accuracy', save_best_only: true },
  ];
  const [note] = trainingNotes(configOf({ callbacks }));
  expect(note?.message).toMatch(/the weights of the best val_loss are tested/);
  const same = callbacks.map((callback) => ({ ...callback, monitor: 'val_loss' }));
  expect(trainingNotes(configOf({ callbacks: same }))).toEqual([]);
});

test('binary cross-entropy over several classes is left to METRIC001', () => {
  expect(messages({ loss: { type: 'binary_crossentropy' } }, 7)).toEqual([]);
});
