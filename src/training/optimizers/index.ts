/** The optimizers, by name. */
import { type Infer, oneOfType } from '../../schema/json-schema.ts';
import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam, adamw } from './adam.ts';
import { adamax } from './adamax.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export const optimizers = { sgd, adam, adamw, rmsprop, adagrad, adadelta, adamax };

export type OptimizerConfig = Infer<(typeof optimizers)[keyof typeof optimizers]['schema']>;

export const optimizerSchema = oneOfType(optimizers, {
  description: "How gradients change the weights; Keras 3's formulas and defaults.",
  examples: [{ type: 'adam', learning_rate: 0.001 }],
});
