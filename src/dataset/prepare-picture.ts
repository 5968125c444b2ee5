/** What happens to each picture once, before it is stored: `dataset.image`, then the picture steps. */
import type { ImageShape } from './dataset.ts';
import { heightAndWidth, type Picture, toGrayscale, toRgb } from './picture.ts';
import { stepOf } from './preprocessing/index.ts';
import { resizePicture } from './resize.ts';
import type { DatasetConfig } from './schema.ts';

type PictureConfig = Pick<DatasetConfig, 'image' | 'preprocessing'>;

/** Brings a picture to the size and channels that the config asks for. */
export function fitPicture({ image }: PictureConfig, picture: Picture): Picture {
  const { size, channels } = image ?? {};
  // Gray before and colour after resizing, so that it works on one channel where it can.
  const gray = channels === 'grayscale' ? toGrayscale(picture) : picture;
  const { height, width } = size === undefined ? gray : heightAndWidth(size);
  const resized = resizePicture(gray, height, width);
  return channels === 'rgb' ? toRgb(resized) : resized;
}

/** Applies the picture steps of `preprocessing` in order. */
export const preprocessPicture = ({ preprocessing = [] }: PictureConfig, picture: Picture) =>
  preprocessing.reduce((current, options) => {
    const step = stepOf(options);
    return step.kind === 'picture' ? step.apply(options, current) : current;
  }, picture);

/** The shape that `fitPicture` gives pictures of a shape. */
export function fittedShape({ image }: PictureConfig, shape: ImageShape): ImageShape {
  const { height, width } = image?.size === undefined ? shape : heightAndWidth(image.size);
  const channels = { grayscale: 1, rgb: 3, undefined: shape.channels }[`${image?.channels}`];
  return { height, width, channels };
}
