import { applyGradientDescent, applyMomentum } from '../../engine/kernels/optimizer-updates.ts';
import { clipping, defineOptimizer, learningRate, rate, weightDecay } from './define.ts';

/** Keras applies momentum inside the learning rate: m ← μm − ηg, w ← w + m. */
export const sgd = defineOptimizer({
  schema: {
    type: 'object',
    description: 'Stochastic gradient descent, with momentum if asked for.',
    properties: {
      type: { type: 'string', const: 'sgd', description: 'Name of the optimizer.' },
      learning_rate: learningRate(0.01),
      momentum: rate(0, 'Share of the last update that is kept.'),
      nesterov: { type: 'boolean', default: false, description: 'Nesterov momentum.' },
      weight_decay: weightDecay,
      ...clipping,
    },
    required: ['type'],
    additionalProperties: false,
  },
  slots: ({ momentum }): Record<string, number> => (momentum > 0 ? { momentum: 0 } : {}),
  update(tf, { momentum, nesterov }, { variable, gradient, slots, scalars }) {
    const { learningRate } = scalars;
    const velocity = slots.momentum;
    if (velocity === undefined) applyGradientDescent(tf, { variable, learningRate }, gradient);
    else applyMomentum(tf, { variable, velocity, learningRate, momentum, nesterov }, gradient);
  },
});
