/** The model on one batch without training, as a function of tensors and variables alone. */
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { penalty } from '../model/penalty.ts';
import type { InputSource } from './input-source.ts';
import { type LossConfig, lossPerSample } from './losses/index.ts';
import { useModelOutput } from './model-output.ts';

/**
 * Inputs: stored samples [batch, …] and labels [batch, units]. Outputs: the model's outputs
 * [batch, units], the loss of each sample [batch] and the sum of the penalties (scalar).
 */
export type EvaluationStep = (...inputs: Tensor[]) => Tensor[];

export function makeEvaluationStep(
  tf: Engine,
  model: LayersModel,
  loss: LossConfig,
  { decode }: Pick<InputSource, 'decode'>,
): EvaluationStep {
  return (...inputs) =>
    tf.tidy(() => {
      const [stored, labels] = inputs;
      if (!stored || !labels) throw new Error('an evaluation step takes samples and labels');
      return useModelOutput(tf, model, decode(stored), { training: false }, (output) => [
        output.outputs,
        lossPerSample(tf, loss, { ...output, labels }),
        penalty(tf, model),
      ]);
    });
}
