/** Every seed of a run comes from the experiment's own, here and nowhere else. */
import { createHash } from 'node:crypto';

/** A 31-bit seed for a named stream: the same for the same names on every machine. */
export function deriveSeed(seed: number, ...stream: (string | number)[]): number {
  const digest = createHash('sha256')
    .update([seed, ...stream].join('\u0000'))
    .digest();
  return digest.readUInt32BE(0) >>> 1;
}
