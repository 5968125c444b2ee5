import type { ExperimentConfig } from './experiment.ts';

/** ImageNet weights are for colours: with them rgb is the default of `dataset.image.channels`. */
export const withBackboneChannels = (config: ExperimentConfig): ExperimentConfig => {
  // A section that the schema has refused may be missing altogether.
  const { dataset, model }: Partial<ExperimentConfig> = config;
  if (model?.backbone?.weights !== 'imagenet' || !dataset || dataset.image?.channels) return config;
  return { ...config, dataset: { ...dataset, image: { ...dataset.image, channels: 'rgb' } } };
};
