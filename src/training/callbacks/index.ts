/** The callbacks, by name. */
import { type Infer, oneOfType } from '../../schema/json-schema.ts';
import { csvLogger } from './csv-logger.ts';
import { earlyStopping } from './early-stopping.ts';
import { learningRateSchedule } from './learning-rate-schedule.ts';
import { modelCheckpoint } from './model-checkpoint.ts';
import { reduceLrOnPlateau } from './reduce-lr-on-plateau.ts';
import { terminateOnNan } from './terminate-on-nan.ts';

export const callbacks = {
  early_stopping: earlyStopping,
  model_checkpoint: modelCheckpoint,
  reduce_lr_on_plateau: reduceLrOnPlateau,
  learning_rate_schedule: learningRateSchedule,
  terminate_on_nan: terminateOnNan,
  csv_logger: csvLogger,
};

export type CallbackConfig = Infer<(typeof callbacks)[keyof typeof callbacks]['schema']>;

export const callbackSchema = oneOfType(callbacks, {
  description: "Watches training from epoch to epoch; Keras's semantics and defaults.",
  examples: [
    { type: 'early_stopping', monitor: 'val_loss', patience: 5, restore_best_weights: true },
  ],
});
