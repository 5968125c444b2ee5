/**
 * Facial Action Units (Ekman and Friesen, FACS): the only thing that an emotion decides in a
 * synthetic face. How strongly each shows varies from sample to sample, and some do not show.
 */
import type { RandomNumbers } from './random.ts';

const units = {
  innerBrowRaiser: 1,
  outerBrowRaiser: 2,
  browLowerer: 4,
  upperLidRaiser: 5,
  cheekRaiser: 6,
  lidTightener: 7,
  noseWrinkler: 9,
  lipCornerPuller: 12,
  lipCornerDepressor: 15,
  chinRaiser: 17,
  lipStretcher: 20,
  lipTightener: 23,
  jawDrop: 26,
} as const;

export type ActionUnit = keyof typeof units;

/** Intensity of every unit, 0 (absent) to 1 (FACS's E). */
export type ActionUnits = Readonly<Record<ActionUnit, number>>;

/** The units of the prototypical emotions (EMFACS); surprise's 5 is B, a slight one. */
const prototypes = {
  angry: [4, 5, 7, 23],
  disgust: [9, 15, 17],
  fear: [1, 2, 4, 5, 7, 20, 26],
  happy: [6, 12],
  sad: [1, 4, 15],
  surprise: [1, 2, 5, 26],
  neutral: [],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type Emotion = keyof typeof prototypes;

export const emotions = Object.keys(prototypes) as readonly Emotion[];

/** Chances that a unit of the prototype does not show or hardly shows, and that a foreign one does. */
const MISSING = 0.07;
const WEAK = 0.18;
const STRAY = 0.02;

/** Draws the intensities that one face shows of an emotion. */
export function drawActionUnits(emotion: Emotion, random: RandomNumbers): ActionUnits {
  const prototype: readonly number[] = prototypes[emotion];
  const expressiveness = random.between(0.55, 1);
  const intensity = (unit: number) => {
    // Always the same number of draws, so that samples differ by their emotion alone.
    const [chance, strength, stray] = [
      random.uniform(),
      random.between(0.6, 1.1),
      random.uniform(),
    ];
    if (!prototype.includes(unit)) return stray < STRAY ? 0.4 * strength : 0;
    const slight = emotion === 'surprise' && unit === units.upperLidRaiser ? 0.6 : 1;
    const shown = chance < MISSING ? 0 : chance < MISSING + WEAK ? 0.45 : 1;
    return Math.min(1, expressiveness * strength * slight * shown);
  };
  return Object.fromEntries(
    Object.entries(units).map(([name, unit]) => [name, intensity(unit)]),
    // Made of the entries of `units`, so it has all its keys.
  ) as ActionUnits;
}
