/**
 * What the model makes of test pictures that it has (nearly) seen: those with an identical or
 * nearly identical picture in the train part of their fold, beside all others.
 */
import type { Duplicates } from '../dataset/dataset.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { type Clusters, representatives } from '../split/clusters.ts';
import type { TwinScores, Twins } from './experiment-result.ts';
import { predictedClass } from './predictions-file.ts';

/** The test predictions of a training, and the samples that it was trained on. */
export type TestedPart = { readonly predictions: Predictions; readonly train: Uint32Array };

/** `samples`: of the dataset. Undefined where no test picture has such a twin. */
export function scoreTwins(
  samples: number,
  { identical, near }: Pick<Duplicates, 'identical' | 'near'>,
  parts: readonly TestedPart[],
): Twins | undefined {
  const twins = {
    identical: scoresOf(samples, identical, parts),
    near: scoresOf(samples, [...identical, ...near], parts),
  };
  return twins.near.with.samples === 0 ? undefined : twins;
}

function scoresOf(samples: number, clusters: Clusters, parts: readonly TestedPart[]): TwinScores {
  const clusterOf = representatives(samples, clusters);
  const counts = { with: { samples: 0, right: 0 }, without: { samples: 0, right: 0 } };
  for (const { predictions, train } of parts) {
    const trained = new Uint8Array(samples);
    // A cluster is known by its first member; one that is trained on marks it.
    for (const index of train) trained[clusterOf[index] ?? index] = 1;
    const { indices, labels, probabilities, classes } = predictions;
    indices.forEach((index, row) => {
      const count = trained[clusterOf[index] ?? index] === 1 ? counts.with : counts.without;
      count.samples += 1;
      if (predictedClass(probabilities, row, classes.length) === labels[row]) count.right += 1;
    });
  }
  return { with: share(counts.with), without: share(counts.without) };
}

const share = ({ samples, right }: { samples: number; right: number }) => ({
  samples,
  accuracy: samples === 0 ? null : right / samples,
});
