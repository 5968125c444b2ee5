/** Who is seen, and how: everything about a synthetic face that has nothing to do with emotion. */
import type { RandomNumbers } from './random.ts';

/** Geometry and tones of one person. Lengths in half heights of the face, tones 0 (black) to 1. */
export type Identity = {
  readonly halfWidth: number;
  readonly chin: number;
  readonly eyeX: number;
  readonly eyeY: number;
  readonly eyeWidth: number;
  readonly eyeHeight: number;
  readonly irisSize: number;
  readonly browY: number;
  readonly browHalf: number;
  readonly browThickness: number;
  readonly browArch: number;
  readonly browTilt: number;
  readonly noseY: number;
  readonly noseWidth: number;
  readonly mouthY: number;
  readonly mouthHalf: number;
  readonly mouthCurve: number;
  readonly lipThickness: number;
  readonly hairline: number;
  readonly skin: number;
  readonly hair: number;
  readonly lips: number;
};

/** Pose of the head, light and camera of one picture. */
export type Scene = {
  /** Pixels. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Radians, clockwise. */
  readonly roll: number;
  /** Turns of the head as shifts of the features, in half heights of the face. */
  readonly yaw: number;
  readonly pitch: number;
  readonly zoom: number;
  readonly gain: number;
  readonly bias: number;
  /** Change of brightness across the face, per half height. */
  readonly lightX: number;
  readonly lightY: number;
  readonly background: number;
  readonly backgroundSlope: number;
};

export const drawIdentity = ({ between }: RandomNumbers): Identity => {
  const eyeY = between(-0.2, -0.1);
  const skin = between(0.45, 0.85);
  return {
    halfWidth: between(0.68, 0.84),
    chin: between(0.92, 1.04),
    eyeX: between(0.3, 0.38),
    eyeY,
    eyeWidth: between(0.14, 0.19),
    eyeHeight: between(0.055, 0.085),
    irisSize: between(0.06, 0.08),
    browY: eyeY - between(0.17, 0.24),
    browHalf: between(0.16, 0.22),
    browThickness: between(0.022, 0.045),
    browArch: between(0, 0.06),
    browTilt: between(-0.03, 0.03),
    noseY: between(0.2, 0.28),
    noseWidth: between(0.09, 0.15),
    mouthY: between(0.52, 0.6),
    mouthHalf: between(0.22, 0.3),
    mouthCurve: between(-0.03, 0.03),
    lipThickness: between(0.04, 0.075),
    hairline: between(-0.85, -0.62),
    skin,
    hair: between(0.05, 0.4),
    lips: skin * between(0.55, 0.8),
  };
};

export const drawScene = ({ between, normal }: RandomNumbers): Scene => ({
  shiftX: 1.6 * normal(),
  shiftY: 1.6 * normal(),
  roll: 0.12 * normal(),
  yaw: 0.08 * normal(),
  pitch: 0.04 * normal(),
  zoom: between(0.9, 1.1),
  gain: between(0.7, 1.15),
  bias: between(-0.08, 0.08),
  lightX: 0.25 * normal(),
  lightY: 0.12 * normal(),
  background: between(0.1, 0.9),
  backgroundSlope: 0.2 * normal(),
});
