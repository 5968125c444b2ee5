import { backboneOf } from './backbone.ts';
import { defineRule } from './define.ts';

export const TL001 = defineRule({
  id: 'TL001',
  severity: 'error',
  needs: 'config',
  description:
    'Rescaling on top of a backbone, which brings the preprocessing that it was trained with: the ' +
    'pixels would be scaled twice.',
  check: ({ config }) => {
    const backbone = backboneOf(config.model);
    if (!backbone) return [];
    const steps = (config.dataset.preprocessing ?? []).map((step, index) => ({
      type: step.type,
      path: ['dataset', 'preprocessing', index],
    }));
    const layers = config.model.layers.map((layer, index) => ({
      type: typeof layer === 'string' ? layer : String(layer.type),
      path: ['model', 'layers', index],
    }));
    return [...steps, ...layers]
      .filter(({ type }) => ['rescale', 'standardize', 'rescaling', 'normalization'].includes(type))
      .map(({ type, path }) => ({
        path,
        message: `${type} on top of ${backbone.type}, which scales its own pixels`,
        hint: 'remove it',
      }));
  },
});
