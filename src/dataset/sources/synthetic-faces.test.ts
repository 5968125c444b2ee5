import { expect, test } from '@jest/globals';
import type { SourceSample } from './define.ts';
import { drawActionUnits, emotions } from './synthetic/action-units.ts';
import { drawIdentity, drawScene } from './synthetic/face.ts';
import { randomNumbers } from './synthetic/random.ts';
import { renderFace } from './synthetic/render-face.ts';
import { syntheticFaces } from './synthetic-faces.ts';

type Config = Parameters<typeof syntheticFaces.read>[0];

const config = (rest: Partial<Config> = {}): Config => ({
  type: 'synthetic_faces',
  samples: 60,
  identities: 5,
  noise: 8,
  ...rest,
});

/** The samples, with pixels of their own. */
async function samplesOf(options: Config, seed = 1) {
  const samples: (SourceSample & { pixels: string })[] = [];
  await syntheticFaces.read(options, {
    seed,
    wants: () => true,
    add: (sample) => samples.push({ ...sample, pixels: sample.picture.pixels.join() }),
    setClasses: () => {},
    note: () => {},
    progress: () => {},
  });
  return samples;
}

test('the same seed gives the same faces, another one others', async () => {
  const pixels = async (options: Config, seed: number) =>
    (await samplesOf(options, seed)).map((sample) => sample.pixels);
  const first = await pixels(config(), 1);
  expect(await pixels(config(), 1)).toEqual(first);
  expect(await pixels(config({ seed: 1 }), 2)).toEqual(first);
  const other = await pixels(config(), 2);
  expect(other.filter((face, index) => face === first[index])).toEqual([]);
  expect(new Set(first).size).toBe(60);
});

test('default shares are those of FER-2013', () => {
  const { classes, classCounts } = syntheticFaces.describe(config({ samples: 35_887 }));
  expect(classes).toEqual(['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral']);
  expect(classCounts).toEqual([4953, 547, 5121, 8989, 6077, 4002, 6198]);
});

test('shares name the emotions that are drawn, and counts are exact', async () => {
  const options = config({ class_shares: { sad: 1, happy: 2, fear: 0 }, samples: 20 });
  expect(syntheticFaces.describe(options)).toMatchObject({
    classes: ['happy', 'sad'],
    classCounts: [13, 7],
  });
  const labels = (await samplesOf(options)).map(({ label }) => label);
  expect(labels.filter((label) => label === 'happy')).toHaveLength(13);
  expect(labels.slice(0, 13)).not.toEqual(Array(13).fill('happy'));
});

test('the label moves the face alone: person and scene stay', async () => {
  const happy = await samplesOf(config({ class_shares: { happy: 1 }, noise: 0 }));
  const neutral = await samplesOf(config({ class_shares: { neutral: 1 }, noise: 0 }));
  expect(neutral.map(({ group }) => group)).toEqual(happy.map(({ group }) => group));
  for (const [index, one] of happy.entries()) {
    const corner = (face: string) => face.split(',').slice(0, 5);
    expect(corner(one.pixels)).toEqual(corner(neutral[index]?.pixels ?? ''));
  }
  expect(
    happy.filter((one, index) => one.pixels !== neutral[index]?.pixels).length,
  ).toBeGreaterThan(55);
});

test('an emotion shows its own units, mostly, with varying strength', () => {
  const draws = Array.from({ length: 400 }, (_, i) =>
    drawActionUnits('happy', randomNumbers(3, i)),
  );
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const pullers = draws.map(({ lipCornerPuller }) => lipCornerPuller);
  expect(mean(pullers)).toBeGreaterThan(0.45);
  expect(pullers.filter((value) => value === 0).length).toBeGreaterThan(5);
  expect(pullers.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(mean(draws.map(({ jawDrop }) => jawDrop))).toBeLessThan(0.05);
});

test('every unit of every emotion changes the picture', () => {
  const identity = drawIdentity(randomNumbers(1));
  const scene = drawScene(randomNumbers(2));
  const rest = drawActionUnits('neutral', {
    uniform: () => 0.9,
    between: () => 1,
    normal: () => 0,
  });
  expect(Object.values(rest).every((intensity) => intensity === 0)).toBe(true);
  const still = renderFace(rest, identity, scene);
  for (const unit of Object.keys(rest)) {
    const moved = renderFace({ ...rest, [unit]: 1 }, identity, scene);
    const change = moved.reduce((sum, tone, i) => sum + Math.abs(tone - (still[i] ?? 0)), 0);
    expect([unit, change > 2]).toEqual([unit, true]);
  }
  expect(emotions).toHaveLength(7);
});

test('tones stay between black and white', () => {
  for (let index = 0; index < 30; index++) {
    const random = randomNumbers(9, index);
    const face = renderFace(
      drawActionUnits('fear', random),
      drawIdentity(random),
      drawScene(random),
    );
    expect(face.every((tone) => tone >= 0 && tone <= 1)).toBe(true);
  }
});

test('streams with different keys are unlike, and uniform', () => {
  const draws = Array.from({ length: 4000 }, (_, i) => randomNumbers(5, i).uniform());
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  expect(mean).toBeCloseTo(0.5, 1);
  expect(new Set(draws).size).toBeGreaterThan(3990);
  const { normal } = randomNumbers(1);
  const normals = Array.from({ length: 4000 }, normal);
  expect(normals.reduce((sum, value) => sum + value ** 2, 0) / 4000).toBeCloseTo(1, 0);
});
