/**
 * Rendered faces, so that an experiment on emotions runs without any data set: the label chooses
 * Action Units, and a renderer that never sees the label draws them on a person in a scene.
 */
import { defineSource } from './define.ts';
import { drawActionUnits, type Emotion, emotions } from './synthetic/action-units.ts';
import { drawIdentity, drawScene } from './synthetic/face.ts';
import { randomNumbers } from './synthetic/random.ts';
import { renderFace, SIDE } from './synthetic/render-face.ts';

/** Class counts of FER-2013 (Goodfellow et al. 2013): the default shares. */
const ferCounts: Readonly<Record<Emotion, number>> = {
  angry: 4953,
  disgust: 547,
  fear: 5121,
  happy: 8989,
  sad: 6077,
  surprise: 4002,
  neutral: 6198,
};

const share = (emotion: string) =>
  ({
    type: 'number',
    minimum: 0,
    description: `Share of ${emotion} faces, of any total.`,
  }) as const;

export const syntheticFaces = defineSource({
  schema: {
    type: 'object',
    description:
      'Gray 48×48 faces drawn from the Action Units of 7 emotions, with identity, pose, light and noise; the identity is the group. No photographs: results say nothing about real faces.',
    properties: {
      type: { type: 'string', const: 'synthetic_faces', description: 'Rendered faces.' },
      samples: {
        type: 'integer',
        minimum: 14,
        maximum: 200_000,
        default: 1400,
        description: 'How many faces.',
      },
      class_shares: {
        type: 'object',
        description:
          'Share of each emotion; only the named ones are drawn. Default: the class counts of FER-2013.',
        properties: {
          angry: share('angry'),
          disgust: share('disgusted'),
          fear: share('fearful'),
          happy: share('happy'),
          sad: share('sad'),
          surprise: share('surprised'),
          neutral: share('neutral'),
        },
        additionalProperties: false,
      },
      identities: {
        type: 'integer',
        minimum: 1,
        default: 60,
        description: 'How many different people.',
      },
      noise: {
        type: 'number',
        minimum: 0,
        maximum: 128,
        default: 8,
        description: 'Standard deviation of the pixel noise, of 255.',
      },
      seed: {
        type: 'integer',
        minimum: 0,
        description: 'Seed of the faces; default: the seed of the experiment.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  synthetic: true,
  describe({ samples, class_shares }) {
    const counts = classCounts(samples, class_shares);
    return {
      classes: counts.map(({ emotion }) => emotion),
      classCounts: counts.map(({ count }) => count),
      image: { height: SIDE, width: SIDE, channels: 1 },
      samples,
      hasParts: false,
      hasGroups: true,
      paths: [],
    };
  },
  async read({ samples, class_shares, identities, noise, seed }, context) {
    const base = seed ?? context.seed;
    const people = Array.from({ length: identities }, (_, person) =>
      drawIdentity(randomNumbers(base, 1, person)),
    );
    const labels = shuffledLabels(classCounts(samples, class_shares), base);
    const pixels = new Uint8Array(SIDE * SIDE);
    const clamped = new Uint8ClampedArray(pixels.buffer);
    for (const [sample, label] of labels.entries()) {
      // Streams of their own: a change of labels or noise leaves people and scenes as they are.
      const person = Math.floor(randomNumbers(base, 2, sample).uniform() * identities);
      const identity = people[person];
      if (identity === undefined) throw new Error(`no identity ${person}`);
      const scene = drawScene(randomNumbers(base, 3, sample));
      const actions = drawActionUnits(label, randomNumbers(base, 4, sample));
      addNoise(
        renderFace(actions, identity, scene),
        noise,
        randomNumbers(base, 5, sample).normal,
        clamped,
      );
      const picture = { height: SIDE, width: SIDE, channels: 1, pixels };
      context.add({ label, picture, group: `person ${person}`, origin: `face ${sample}` });
      if (sample % 200 === 199) {
        context.progress(sample + 1, samples, 'rendering faces');
        await new Promise(setImmediate);
      }
    }
  },
});

type ClassCount = { readonly emotion: Emotion; readonly count: number };

/** Whole counts that sum to `samples`, by largest remainder. */
function classCounts(
  samples: number,
  shares: Readonly<Partial<Record<Emotion, number | undefined>>> = ferCounts,
): ClassCount[] {
  const chosen = emotions.filter((emotion) => (shares[emotion] ?? 0) > 0);
  const total = chosen.reduce((sum, emotion) => sum + (shares[emotion] ?? 0), 0);
  const exact = chosen.map((emotion) => ((shares[emotion] ?? 0) * samples) / total);
  const missing = samples - exact.reduce((sum, count) => sum + Math.floor(count), 0);
  const byRemainder = [...exact.keys()].sort(
    (one, other) => remainder(exact[other]) - remainder(exact[one]) || one - other,
  );
  const raised = new Set(byRemainder.slice(0, missing));
  return chosen.map((emotion, index) => ({
    emotion,
    count: Math.floor(exact[index] ?? 0) + (raised.has(index) ? 1 : 0),
  }));
}

const remainder = (count = 0): number => count - Math.floor(count);

/** Labels in random order (Fisher and Yates). */
function shuffledLabels(counts: readonly ClassCount[], seed: number): Emotion[] {
  const labels = counts.flatMap(({ emotion, count }) => Array<Emotion>(count).fill(emotion));
  const { uniform } = randomNumbers(seed, 0);
  for (let last = labels.length - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1));
    const [one, two] = [labels[last], labels[other]];
    if (one === undefined || two === undefined) continue;
    labels[last] = two;
    labels[other] = one;
  }
  return labels;
}

function addNoise(
  tones: Float64Array,
  noise: number,
  normal: () => number,
  pixels: Uint8ClampedArray,
): void {
  // A clamped array rounds, and holds values between 0 and 255.
  for (let index = 0; index < pixels.length; index++) {
    pixels[index] = (tones[index] ?? 0) * 255 + (noise > 0 ? noise * normal() : 0);
  }
}
