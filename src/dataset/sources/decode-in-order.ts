/** Decodes many image files at once and hands them on in their own order. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ExperimentError } from '../../errors.ts';
import { decodeImage } from '../decode-image.ts';
import type { Picture } from '../picture.ts';
import { type SourceContext, type SourceSample, shownPath } from './define.ts';

/** A file to decode: everything of its sample but the picture. `origin` is its path in `folder`. */
export type ImageFileSample = Omit<SourceSample, 'picture'>;

type Decoded = { readonly picture: Picture } | { readonly reason: string };

/**
 * Adds the samples that are wanted, in order.
 * `unreadable`: whether a file that cannot be decoded is an error (DATA_INVALID) or a note.
 */
export async function decodeInOrder(
  folder: string,
  samples: readonly ImageFileSample[],
  unreadable: 'error' | 'skip',
  context: SourceContext,
): Promise<void> {
  // Enough to keep sharp's threads busy while one slow file holds up the others.
  const atOnce = 4 * availableParallelism();
  const waiting: { sample: ImageFileSample; decoded: Promise<Decoded> }[] = [];
  const skipped: string[] = [];
  const takeNext = async () => {
    const next = waiting.shift();
    if (next === undefined) return;
    const decoded = await next.decoded;
    if ('picture' in decoded) context.add({ ...next.sample, picture: decoded.picture });
    else skipped.push(refused(join(folder, next.sample.origin), decoded.reason, unreadable));
  };
  for (const [index, sample] of samples.entries()) {
    if (!context.wants(sample.label, sample.part)) continue;
    waiting.push({ sample, decoded: tryDecoding(join(folder, sample.origin)) });
    if (waiting.length >= atOnce) await takeNext();
    context.progress(index + 1, samples.length, `decoding ${shownPath(folder)}`);
  }
  while (waiting.length > 0) await takeNext();
  noteSkipped(skipped, context);
}

/** Never rejects: a promise that waits for its turn must not be reported as unhandled. */
const tryDecoding = (path: string): Promise<Decoded> =>
  decodeImage(path).then(
    (picture) => ({ picture }),
    (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
  );

function refused(path: string, reason: string, unreadable: 'error' | 'skip'): string {
  const shown = shownPath(path);
  if (unreadable === 'skip') return shown;
  throw new ExperimentError(
    'DATA_INVALID',
    `${shown}: unreadable image: ${reason.trim()}`,
    'Mend or remove the file, or skip such files: dataset.source.unreadable: skip.',
  );
}

/** One note for all skipped files, with the first few by name. */
export function noteSkipped(paths: readonly string[], context: Pick<SourceContext, 'note'>): void {
  if (paths.length === 0) return;
  const named = paths.slice(0, 5).join(', ');
  context.note(`skipped ${paths.length} files: ${named}${paths.length > 5 ? ', …' : ''}`);
}
