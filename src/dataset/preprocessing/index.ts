/** The steps of `dataset.preprocessing`. */
import { centerCrop } from './center-crop.ts';
import { mergeClasses, selectClasses } from './classes.ts';
import type { PreprocessingStep } from './define.ts';
import { grayscale } from './grayscale.ts';
import { histogramEqualization } from './histogram-equalization.ts';
import { rescale } from './rescale.ts';
import { resize } from './resize.ts';
import { standardize } from './standardize.ts';

export const preprocessing = {
  rescale,
  standardize,
  grayscale,
  resize,
  center_crop: centerCrop,
  histogram_equalization: histogramEqualization,
  select_classes: selectClasses,
  merge_classes: mergeClasses,
};

/** The registry entry of a step; the key is the schema's `type`, which ajv has checked. */
export const stepOf = (config: { readonly type: keyof typeof preprocessing }): PreprocessingStep =>
  preprocessing[config.type];
