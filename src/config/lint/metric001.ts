import type { ModelConfig } from '../../model/schema.ts';
import { defineRule, type Finding } from './define.ts';

/** keras pull request #3098: `accuracy` with binary cross-entropy once meant binary accuracy. */
export const METRIC001 = defineRule({
  id: 'METRIC001',
  severity: 'error',
  needs: 'config',
  description:
    'Binary accuracy as the headline, or binary cross-entropy over several classes: each counts ' +
    'the many right zeros of a one-hot label, so predicting nothing scores (n − 1) / n.',
  check: ({ config, description, dataset }) => {
    const findings: Finding[] = [];
    const classes = (dataset?.classes ?? description.classes)?.length;
    const nothing = classes === undefined ? '(n − 1) / n' : `${percent((classes - 1) / classes)}`;
    if (config.metrics[0] === 'binary_accuracy')
      findings.push({
        path: ['metrics', 0],
        message: `binary_accuracy is no headline: predicting nothing scores ${nothing}`,
        hint: 'put accuracy first; binary_accuracy may follow',
      });
    const isSeveral = classes === undefined ? !endsInOneUnit(config.model) : classes > 2;
    if (config.training.loss?.type === 'binary_crossentropy' && isSeveral)
      findings.push({
        path: ['training', 'loss'],
        message: 'binary_crossentropy over several classes trains each output for itself',
        hint: 'categorical_crossentropy fits a softmax over classes',
      });
    return findings;
  },
});

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

const endsInOneUnit = ({ layers }: ModelConfig): boolean =>
  layers.some((layer) => typeof layer === 'object' && layer.units === 1);
