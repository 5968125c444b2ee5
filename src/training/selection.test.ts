import { expect, test } from '@jest/globals';
import { selectionRule } from './selection.ts';

const stopping = (monitor: string, restore_best_weights: boolean) =>
  ({
    type: 'early_stopping',
    monitor,
    mode: 'auto',
    min_delta: 0,
    patience: 1,
    restore_best_weights,
    start_from_epoch: 0,
  }) as const;

const checkpoint = (monitor: string, save_best_only: boolean) =>
  ({ type: 'model_checkpoint', monitor, mode: 'auto', save_best_only }) as const;

test.each([
  [[], 'last_epoch', null],
  [[stopping('val_loss', false)], 'last_epoch', null],
  [[checkpoint('val_loss', false)], 'last_epoch', null],
  [[checkpoint('val_auc', true), stopping('val_loss', false)], 'model_checkpoint', 'val_auc'],
  [[stopping('val_loss', true), checkpoint('val_auc', true)], 'early_stopping', 'val_loss'],
  [[checkpoint('val_loss', true), checkpoint('val_auc', true)], 'model_checkpoint', 'val_auc'],
])('of %j the weights are chosen by %s', (callbacks, rule, monitor) => {
  expect(selectionRule({ callbacks })).toMatchObject({ rule, monitor });
});
