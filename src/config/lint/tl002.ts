import { backboneOf, isFrozen } from './backbone.ts';
import { defineRule, type Finding } from './define.ts';

/** Adam's default; Keras's transfer-learning guide fine-tunes at 1e-5. */
const headRate = 0.001;

export const TL002 = defineRule({
  id: 'TL002',
  severity: 'warning',
  needs: 'config',
  description:
    'Phases that never unfreeze the backbone, or a trainable backbone at the learning rate of the ' +
    'head: the first changes nothing, the second destroys what the backbone had learned.',
  check: ({ config: { model, training } }): readonly Finding[] => {
    const backbone = backboneOf(model);
    if (!backbone) return [];
    const { phases, optimizer } = training;
    if (isFrozen(backbone))
      return phases?.every(({ unfreeze }) => unfreeze === undefined)
        ? [
            {
              path: ['training', 'phases'],
              message: `the phases never unfreeze ${backbone.type}`,
              hint: 'give a later phase `unfreeze: all` or `unfreeze: { from: LAYER }`',
            },
          ]
        : [];
    const rate = optimizer.learning_rate;
    const isHigh = typeof rate === 'number' && rate >= headRate && backbone.weights !== 'none';
    return isHigh && phases === undefined
      ? [
          {
            path: ['training', 'optimizer'],
            message: `${backbone.type} learns at ${rate}, the rate of a new head`,
            hint: 'take 0.00001 for its weights, or train the head first (`phases`)',
          },
        ]
      : [];
  },
});
