/** What is wrong with `training` that its schema cannot say. Paths start at the section. */
import type { Problem } from '../errors.ts';
import type { ScheduleConfig } from './schedules/index.ts';
import type { TrainingConfig } from './schema.ts';

/**
 * All problems. `outputUnits` of the model, where they are known: 1 (sigmoid) or as many as there
 * are classes (softmax), which the model's own check sees to.
 */
export const checkTraining = (config: TrainingConfig, outputUnits?: number): readonly Problem[] => [
  ...(outputUnits === undefined ? [] : lossProblems(config, outputUnits)),
  ...optimizers(config).flatMap(({ path, optimizer }) => optimizerProblems(path, optimizer)),
  ...learningRateProblems(config),
  ...fileProblems(config),
];

/** Things that work but may not mean what they seem to. */
export function trainingNotes({ callbacks }: TrainingConfig): readonly Problem[] {
  const restores = callbacks.findLast(
    (one) => one.type === 'early_stopping' && one.restore_best_weights,
  );
  const keeps = callbacks.findLastIndex(
    (one) => one.type === 'model_checkpoint' && one.save_best_only,
  );
  const checkpoint = callbacks[keeps];
  if (restores?.type !== 'early_stopping' || checkpoint?.type !== 'model_checkpoint') return [];
  if (restores.monitor === checkpoint.monitor) return [];
  const message =
    `early_stopping restores the best ${restores.monitor}, model_checkpoint keeps the best ` +
    `${checkpoint.monitor}: the weights of the best ${restores.monitor} are tested`;
  return [{ path: ['callbacks', keeps], message, hint: 'watch one value in both' }];
}

type Located = { readonly path: Problem['path']; readonly optimizer: TrainingConfig['optimizer'] };

const optimizers = ({ optimizer, phases }: TrainingConfig): readonly Located[] => [
  { path: ['optimizer'], optimizer },
  ...(phases ?? []).flatMap((phase, index) =>
    phase.optimizer ? [{ path: ['phases', index, 'optimizer'], optimizer: phase.optimizer }] : [],
  ),
];

/** Binary cross-entropy over more than two classes is METRIC001's to report. */
function lossProblems({ loss }: TrainingConfig, units: number): readonly Problem[] {
  if (!loss || (units === 1) === (loss.type === 'binary_crossentropy')) return [];
  if (units === 2 && loss.type === 'binary_crossentropy') {
    const message = 'binary_crossentropy needs one sigmoid unit; the model ends in 2 softmax units';
    return [{ path: ['loss'], message, hint: 'use categorical_crossentropy' }];
  }
  if (units > 1 || loss.type === 'mean_squared_error') return [];
  const message = `${loss.type} needs an output for each class; the model ends in one unit`;
  return [{ path: ['loss'], message, hint: 'use binary_crossentropy' }];
}

function optimizerProblems(
  path: Problem['path'],
  optimizer: TrainingConfig['optimizer'],
): readonly Problem[] {
  const problems: Problem[] = [];
  if (optimizer.clipnorm !== undefined && optimizer.clipvalue !== undefined) {
    const message = 'clipnorm and clipvalue cannot both be set';
    problems.push({ path: [...path, 'clipvalue'], message, hint: 'remove one of them' });
  }
  const { learning_rate: rate } = optimizer;
  if (typeof rate !== 'number') {
    problems.push(...scheduleProblems([...path, 'learning_rate'], rate));
  }
  return problems;
}

function scheduleProblems(path: Problem['path'], schedule: ScheduleConfig): readonly Problem[] {
  if (schedule.type !== 'piecewise_constant') return [];
  const { boundaries, values } = schedule;
  const problems: Problem[] = [];
  if (values.length !== boundaries.length + 1) {
    const message = `${boundaries.length} boundaries need ${boundaries.length + 1} values, not ${values.length}`;
    problems.push({ path: [...path, 'values'], message });
  }
  if (boundaries.some((boundary, i) => boundary <= (boundaries[i - 1] ?? -1))) {
    problems.push({ path: [...path, 'boundaries'], message: 'boundaries must ascend' });
  }
  return problems;
}

/** Only one may set the learning rate: a schedule in steps, or callbacks between epochs. */
function learningRateProblems(config: TrainingConfig): readonly Problem[] {
  const rates = [
    ...optimizers(config).map(({ optimizer }) => optimizer.learning_rate),
    ...(config.phases ?? []).map(({ learning_rate }) => learning_rate),
  ];
  const scheduled = rates.some((rate) => typeof rate === 'object');
  return config.callbacks.flatMap((callback, index): readonly Problem[] => {
    const path = ['callbacks', index];
    const ownSchedule =
      callback.type === 'learning_rate_schedule'
        ? scheduleProblems([...path, 'schedule'], callback.schedule)
        : [];
    const sets =
      callback.type === 'learning_rate_schedule' || callback.type === 'reduce_lr_on_plateau';
    if (!sets || !scheduled) return ownSchedule;
    const message = `${callback.type} cannot set the learning rate of an optimizer that has a schedule`;
    const hint = 'give the optimizer a number as learning_rate, or remove the callback';
    return [...ownSchedule, { path, message, hint }];
  });
}

/** Files that a run keeps in the directory of a fold. */
const ownFiles = new Set(['predictions.csv', 'history.csv', 'fold.json', 'model', 'state']);

function fileProblems({ callbacks }: TrainingConfig): readonly Problem[] {
  const taken = new Set(ownFiles);
  return callbacks.flatMap((callback, index) => {
    if (callback.type !== 'csv_logger') return [];
    const isTaken = taken.has(callback.filename);
    taken.add(callback.filename);
    const message = `${callback.filename} is written by something else`;
    return isTaken ? [{ path: ['callbacks', index, 'filename'], message }] : [];
  });
}
