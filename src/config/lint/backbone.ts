/** The backbone of a model as the transfer-learning rules look at it. */
import type { ModelConfig } from '../../model/schema.ts';

export type Backbone = {
  readonly type: string;
  readonly trainable?: unknown;
  readonly weights?: unknown;
  readonly input_size?: unknown;
};

/** The model's backbone where it has one. */
export const backboneOf = (model: ModelConfig): Backbone | undefined => {
  const backbone: unknown = 'backbone' in model ? model.backbone : undefined;
  return isBackbone(backbone) ? backbone : undefined;
};

const isBackbone = (value: unknown): value is Backbone =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Its weights do not learn. */
export const isFrozen = ({ trainable }: Backbone): boolean =>
  trainable === undefined || trainable === false;
