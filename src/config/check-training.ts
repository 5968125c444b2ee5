/** What is wrong with `training` across its keys: monitors, phases, class weights. Pure. */
import type { ConfigPath, Problem } from '../errors.ts';
import { knownMetricNames } from '../metrics/names.ts';
import { metricProblem } from '../metrics/schema.ts';
import { didYouMean } from '../schema/suggest.ts';
import { checkTraining } from '../training/check.ts';
import type { TrainingConfig } from '../training/schema.ts';
import type { ExecutionMode } from '../training/step-runner.ts';

export type TrainingFacts = {
  /** Null where only the data tell them. */
  readonly classes: readonly string[] | null;
  /** Outputs of the model, where they are known. */
  readonly units: number | undefined;
  /** Whether the user gave the value at this path of the whole config. */
  readonly isWritten: (path: ConfigPath) => boolean;
  /** `execution.mode`, unless its section is wrong. */
  readonly mode: ExecutionMode | undefined;
};

/** Paths start at the section. */
export const trainingProblems = (
  config: TrainingConfig,
  { classes, units, isWritten, mode }: TrainingFacts,
): readonly Problem[] => [
  ...checkTraining(config, units),
  ...monitorProblems(config, classes),
  ...weightProblems(config, classes),
  ...(config.precision !== 'float32' && mode === 'eager'
    ? [
        {
          path: ['precision'],
          message: `${config.precision} needs recorded graphs, but execution.mode is eager`,
          hint: 'use mode auto or graph, or precision float32',
        },
      ]
    : []),
  ...(config.phases !== undefined && isWritten(['training', 'epochs'])
    ? [
        {
          path: ['epochs'],
          atKey: true,
          message: 'epochs beside phases: each phase has its own',
          hint: 'remove this line',
        },
      ]
    : []),
];

const monitorProblems = (
  { callbacks }: TrainingConfig,
  classes: readonly string[] | null,
): readonly Problem[] =>
  callbacks.flatMap((callback, index): readonly Problem[] => {
    const monitor = 'monitor' in callback ? callback.monitor : undefined;
    // What is of the test part is LEAK001's.
    if (monitor === undefined || /^(val_)?loss$|^test([_ -]|$)/i.test(monitor)) return [];
    const path = ['callbacks', index, 'monitor'];
    const metric = monitor.replace(/^val_/, '');
    const wrong = metricProblem(metric, classes, path);
    const known = [
      'loss',
      'val_loss',
      ...knownMetricNames(classes ?? []).map((name) => `val_${name}`),
    ];
    if (wrong) {
      const message = `there is no ${monitor} to monitor`;
      return [{ path, message, hint: didYouMean(monitor, known) }];
    }
    if (metric !== monitor) return [];
    return [
      {
        path,
        message: `${monitor} is not of the validation part`,
        hint: `did you mean "val_${monitor}"?`,
      },
    ];
  });

const weightProblems = (
  { class_weight: weights }: TrainingConfig,
  classes: readonly string[] | null,
): readonly Problem[] => {
  if (typeof weights === 'string' || classes === null) return [];
  return Object.keys(weights).flatMap((name) => {
    const isIndex = /^\d+$/.test(name) && Number(name) < classes.length;
    const isName = classes.some((label) => label.toLowerCase() === name.toLowerCase());
    if (isIndex || isName) return [];
    return [
      {
        path: ['class_weight', name],
        atKey: true,
        message: `there is no class "${name}"`,
        hint: didYouMean(name, classes) ?? `the classes are ${classes.join(', ')}`,
      },
    ];
  });
};
