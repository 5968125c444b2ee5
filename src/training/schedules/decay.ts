/**
 * Keras 3's schedules (keras.optimizers.schedules): the same arguments and formulas, computed in
 * float64; the optimizer rounds the result to float32.
 */
import { decaySteps, defineSchedule, initialLearningRate, warmupSteps } from './define.ts';

/** Linear warm-up from 0 to `target`, then `decay` counted from the end of the warm-up. */
const afterWarmup = (
  step: number,
  warmup: number,
  target: number,
  decay: (step: number) => number,
): number => (step < warmup ? (target * step) / warmup : decay(step - warmup));

export const exponentialDecay = defineSchedule({
  schema: {
    type: 'object',
    description: 'initial_learning_rate × decay_rate ^ (step / decay_steps).',
    properties: {
      type: { type: 'string', const: 'exponential_decay', description: 'Name of the schedule.' },
      initial_learning_rate: initialLearningRate,
      decay_steps: decaySteps,
      decay_rate: {
        type: 'number',
        exclusiveMinimum: 0,
        description: 'Factor per decay_steps.',
        examples: [0.96],
      },
      staircase: {
        type: 'boolean',
        default: false,
        description: 'Decay at whole multiples of decay_steps only.',
      },
      warmup_steps: warmupSteps,
    },
    required: ['type', 'initial_learning_rate', 'decay_steps', 'decay_rate'],
    additionalProperties: false,
  },
  at: (
    { initial_learning_rate: initial, decay_steps, decay_rate, staircase, warmup_steps },
    step,
  ) =>
    afterWarmup(step, warmup_steps, initial, (decayed) => {
      const exponent = decayed / decay_steps;
      return initial * decay_rate ** (staircase ? Math.floor(exponent) : exponent);
    }),
});

export const polynomialDecay = defineSchedule({
  schema: {
    type: 'object',
    description: 'Polynomial fall from initial_learning_rate to end_learning_rate.',
    properties: {
      type: { type: 'string', const: 'polynomial_decay', description: 'Name of the schedule.' },
      initial_learning_rate: initialLearningRate,
      decay_steps: decaySteps,
      end_learning_rate: {
        type: 'number',
        minimum: 0,
        default: 0.0001,
        description: 'Learning rate after decay_steps.',
      },
      power: { type: 'number', default: 1, description: '1 is a straight line.' },
      cycle: {
        type: 'boolean',
        default: false,
        description: 'Start again from above with a longer fall instead of staying at the end.',
      },
      warmup_steps: warmupSteps,
    },
    required: ['type', 'initial_learning_rate', 'decay_steps'],
    additionalProperties: false,
  },
  at: (config, step) => {
    const { initial_learning_rate: initial, end_learning_rate: end, power, cycle } = config;
    return afterWarmup(step, config.warmup_steps, initial, (decayed) => {
      const length = cycle
        ? config.decay_steps * Math.max(1, Math.ceil(decayed / config.decay_steps))
        : config.decay_steps;
      return (initial - end) * (1 - Math.min(decayed, length) / length) ** power + end;
    });
  },
});

export const cosineDecay = defineSchedule({
  schema: {
    type: 'object',
    description:
      'Half a cosine from the initial learning rate to alpha times it (Loshchilov & Hutter 2016), ' +
      'with a linear warm-up before it.',
    properties: {
      type: { type: 'string', const: 'cosine_decay', description: 'Name of the schedule.' },
      initial_learning_rate: initialLearningRate,
      decay_steps: decaySteps,
      alpha: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'Lowest learning rate as a fraction of where the decay starts.',
      },
      warmup_target: {
        type: 'number',
        exclusiveMinimum: 0,
        description:
          'Learning rate at the end of the warm-up, which then starts from initial_learning_rate; ' +
          'without it the warm-up goes from 0 to initial_learning_rate.',
      },
      warmup_steps: warmupSteps,
    },
    required: ['type', 'initial_learning_rate', 'decay_steps'],
    additionalProperties: false,
  },
  at: (config, step) => {
    const {
      initial_learning_rate: initial,
      decay_steps,
      alpha,
      warmup_target,
      warmup_steps,
    } = config;
    const start = warmup_target === undefined ? 0 : initial;
    const peak = warmup_target ?? initial;
    if (step < warmup_steps) return start + ((peak - start) * step) / warmup_steps;
    const share = Math.min(step - warmup_steps, decay_steps) / decay_steps;
    return peak * ((1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * share)) + alpha);
  },
});

export const piecewiseConstant = defineSchedule({
  schema: {
    type: 'object',
    description: 'values[i] up to and including step boundaries[i], the last value after that.',
    properties: {
      type: { type: 'string', const: 'piecewise_constant', description: 'Name of the schedule.' },
      boundaries: {
        type: 'array',
        minItems: 1,
        items: { type: 'integer', minimum: 0 },
        description: 'Steps at which the learning rate changes, ascending.',
        examples: [[1000, 3000]],
      },
      values: {
        type: 'array',
        minItems: 2,
        items: { type: 'number', minimum: 0 },
        description: 'Learning rates between the boundaries, one more than there are boundaries.',
        examples: [[0.001, 0.0003, 0.0001]],
      },
      warmup_steps: warmupSteps,
    },
    required: ['type', 'boundaries', 'values'],
    additionalProperties: false,
  },
  at: ({ boundaries, values, warmup_steps }, step) => {
    const valueAt = (decayed: number): number => {
      const passed = boundaries.filter((boundary) => decayed > boundary).length;
      const value = values[passed];
      if (value === undefined) throw new RangeError('piecewise_constant has too few values');
      return value;
    };
    return afterWarmup(step, warmup_steps, valueAt(0), valueAt);
  },
});
