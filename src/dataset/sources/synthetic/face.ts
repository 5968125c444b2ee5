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
  const eyeY = between(-0.18, -0.12);
  const skin = between(0.55, 0.85);
  return {
    halfWidth: between(0.72, 0.84),
    chin: between(0.92, 1.04),
    eyeX: between(0.32, 0.37),
    eyeY,
    eyeWidth: between(0.16, 0.2),
    eyeHeight: between(0.075, 0.1),
    irisSize: between(0.065, 0.085),
    browY: eyeY - between(0.21, 0.26),
    browHalf: between(0.16, 0.22),
    browThickness: between(0.03, 0.05),
    browArch: between(0.01, 0.05),
    browTilt: between(-0.02, 0.02),
    noseY: between(0.2, 0.28),
    noseWidth: between(0.09, 0.15),
    mouthY: between(0.53, 0.58),
    mouthHalf: between(0.25, 0.31),
    mouthCurve: between(-0.01, 0.01),
    lipThickness: between(0.05, 0.075),
    hairline: between(-0.85, -0.62),
    skin,
    hair: between(0.05, 0.3),
    lips: skin * between(0.55, 0.8),
  };
};

export const drawScene = ({ between, normal }: RandomNumbers): Scene => ({
  shiftX: 1.1 * normal(),
  shiftY: 1.1 * normal(),
  roll: 0.08 * normal(),
  yaw: 0.05 * normal(),
  pitch: 0.025 * normal(),
  zoom: between(0.94, 1.06),
  gain: between(0.8, 1.1),
  bias: between(-0.05, 0.05),
  lightX: 0.15 * normal(),
  lightY: 0.08 * normal(),
  background: between(0.15, 0.7),
  backgroundSlope: 0.2 * normal(),
});
