/** The loss that was trained, on the part at hand. */
import { defineMetric, Undefined } from './define.ts';

export const loss = defineMetric({
  schema: {
    type: 'string',
    const: 'loss',
    description: 'The training loss with its penalties, as Keras’s evaluate gives it.',
  },
  direction: 'min',
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  compute: (evidence) => {
    if (evidence.loss === null)
      throw new Undefined('the loss of these predictions is not known (pooled or averaged ones)');
    return evidence.loss;
  },
});
