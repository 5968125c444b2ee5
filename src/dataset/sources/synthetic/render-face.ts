/**
 * Draws one gray face from Action Units, identity and scene. It has no way of knowing the emotion:
 * what tells two emotions apart is what their Action Units do to brows, lids, nose and mouth.
 *
 * Coordinates: the face's centre is (0, 0), v points down, 1 is half the face's height. Symmetric
 * features are drawn at |u|. Tones go from 0 to 1.
 */
import type { ActionUnits } from './action-units.ts';
import type { Identity, Scene } from './face.ts';

// Taken out of the global object once: this is the inner loop.
const { abs, cos, max, min, sin, sqrt } = Math;

export const SIDE = 48;

/** Pixels in half a face's height. */
const SCALE = 22;

/** Half a pixel: edges fade over one. */
const EDGE = 0.5 / SCALE;

/** Tones 0…1, [48 · 48], before noise. */
export function renderFace(actions: ActionUnits, identity: Identity, scene: Scene): Float64Array {
  const tones = new Float64Array(SIDE * SIDE);
  const features = shapeFeatures(actions, identity);
  const [cosine, sine] = [cos(scene.roll), sin(scene.roll)];
  const size = SCALE * scene.zoom;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const right = (x + 0.5 - SIDE / 2 - scene.shiftX) / size;
      const down = (y + 0.5 - SIDE / 2 - scene.shiftY) / size;
      const u = cosine * right + sine * down;
      const v = cosine * down - sine * right;
      const backdrop = scene.background + scene.backgroundSlope * u;
      const tone = headTone(u, v, backdrop, features, identity, scene);
      const light = 1 + scene.lightX * u + scene.lightY * v;
      tones[y * SIDE + x] = clamp(scene.gain * light * tone + scene.bias, 0, 1);
    }
  }
  return tones;
}

/** What the Action Units make of an identity's features. */
function shapeFeatures(a: ActionUnits, who: Identity) {
  // Raised brows can hardly be lowered: 1 + 4 pulls them up and together, as in fear and sadness.
  const lower = a.browLowerer * (1 - 0.65 * a.innerBrowRaiser);
  const tighten = max(a.lidTightener, 0.8 * a.cheekRaiser);
  return {
    chin: who.chin + 0.09 * a.jawDrop,
    brow: {
      x: who.eyeX + 0.01 - 0.05 * a.browLowerer,
      inner: -0.17 * a.innerBrowRaiser + 0.17 * lower + 0.06 * a.noseWrinkler,
      outer: -0.17 * a.outerBrowRaiser + 0.05 * lower,
    },
    lids: {
      upper: who.eyeHeight * (1 + 0.8 * a.upperLidRaiser - 0.3 * tighten),
      lower: who.eyeHeight * 0.75 * (1 - 0.55 * tighten),
      crease: 0.3 * tighten,
      crowsFeet: 0.45 * a.cheekRaiser,
    },
    forehead: 0.22 * max(a.innerBrowRaiser, a.outerBrowRaiser),
    frown: 0.35 * a.browLowerer + 0.15 * lower,
    nose: {
      y: who.noseY - 0.07 * a.noseWrinkler,
      width: who.noseWidth * (1 + 0.3 * a.noseWrinkler),
      wrinkles: 0.6 * a.noseWrinkler,
    },
    fold: 0.5 * max(a.lipCornerPuller, 0.8 * a.noseWrinkler),
    mouth: {
      y: who.mouthY - 0.02 * a.noseWrinkler + 0.03 * a.jawDrop,
      half:
        who.mouthHalf *
        (1 + 0.3 * a.lipCornerPuller + 0.28 * a.lipStretcher - 0.35 * a.lipTightener),
      corner: who.mouthCurve - 0.28 * a.lipCornerPuller + 0.22 * a.lipCornerDepressor,
      arch: 0.06 * a.chinRaiser,
      gap: 0.28 * a.jawDrop + 0.05 * a.lipCornerPuller + 0.04 * a.lipStretcher,
      upperLip: who.lipThickness * (1 - 0.75 * a.lipTightener - 0.3 * a.lipStretcher),
      lowerLip: who.lipThickness * 1.2 * (1 - 0.75 * a.lipTightener + 0.3 * a.chinRaiser),
    },
    chinBoss: 0.55 * a.chinRaiser,
  };
}

type Features = ReturnType<typeof shapeFeatures>;

function headTone(
  u: number,
  v: number,
  backdrop: number,
  features: Features,
  who: Identity,
  scene: Scene,
): number {
  const height = v > 0 ? features.chin : 1.05;
  // The jaw narrows towards the chin.
  const width = who.halfWidth * (v > 0 ? 1 - 0.18 * (v / height) ** 2 : 1);
  const radius = length(u / width, v / height);
  const hairCap = length(u / (who.halfWidth * 1.12), (v + 0.12) / 1.08);
  const hair = inside(hairCap - 1, 0.05) * inside(v - 0.15, 0.1);
  let tone = blend(backdrop, who.hair, hair);
  const face = inside(radius - 1, 0.04);
  if (face === 0) return tone;
  // A turned head moves its features, most where they stick out furthest.
  const bulge = sqrt(max(0, 1 - radius * radius));
  const fu = u - scene.yaw * bulge;
  const fv = v - scene.pitch * bulge;
  const skin = who.skin * (1 - 0.3 * radius * radius) * (1 + 0.35 * scene.yaw * u);
  const drawn = drawEyes(
    fu,
    fv,
    drawMouth(fu, fv, drawSkin(fu, fv, skin, features, who), features, who),
    features,
    who,
  );
  const hairline = who.hairline + 0.25 * fu * fu;
  tone = blend(tone, blend(drawn, who.hair, inside(fv - hairline, 0.04)), face);
  return tone;
}

/** Wrinkles, nose, folds and chin. */
function drawSkin(u: number, v: number, skin: number, features: Features, who: Identity): number {
  const { nose, mouth } = features;
  const side = abs(u);
  let tone = skin;
  const forehead = inside(abs(v - who.browY + 0.25) - 0.1, 0.05) * inside(side - 0.35, 0.1);
  tone *= 1 - features.forehead * forehead * (0.5 + 0.5 * cos((v - who.browY) * 60));
  tone *= 1 - features.frown * stroke(side - 0.07, 0.02) * span(v, who.browY - 0.05, who.eyeY);
  const bridge = span(v, who.eyeY - 0.1, who.eyeY + 0.18) * inside(side - 0.11, 0.03);
  tone *= 1 - nose.wrinkles * bridge * (0.5 + 0.5 * cos((v - who.eyeY) * 55));
  tone *=
    1 -
    0.12 *
      stroke(side - 0.06 - 0.3 * nose.width * (v - who.eyeY), 0.02) *
      span(v, who.eyeY, nose.y);
  tone *= 1 + 0.1 * inside(side - 0.04, 0.03) * span(v, who.eyeY, nose.y);
  const nostril = length((side - nose.width * 0.6) / 0.045, (v - nose.y) / 0.03);
  tone *= 1 - 0.55 * inside(nostril - 1, 0.5);
  const foldX = nose.width + 0.06 + (v - nose.y + 0.03) * 0.55;
  tone *= 1 - features.fold * stroke(side - foldX, 0.022) * span(v, nose.y - 0.05, mouth.y - 0.02);
  const boss = length(u / 0.16, (v - mouth.y - 0.22) / 0.08);
  return tone * (1 - features.chinBoss * stroke(boss - 1, 0.25) * inside(mouth.y + 0.12 - v, 0.03));
}

function drawMouth(u: number, v: number, under: number, features: Features, who: Identity): number {
  const { mouth } = features;
  const t = abs(u) / mouth.half;
  if (t > 1.3) return under;
  const round = max(0, 1 - t * t);
  const line = mouth.y + mouth.corner * (t * t - 0.3) - mouth.arch * round;
  const top = line - 0.35 * mouth.gap * round;
  const bottom = line + 0.65 * mouth.gap * round;
  const ends = inside(t - 1, 0.08);
  const fullness = sqrt(round);
  const lips = span(v, top - mouth.upperLip * fullness, bottom + mouth.lowerLip * fullness) * ends;
  const opening = span(v, top, bottom) * ends * clamp(mouth.gap * round * 20, 0, 1);
  const crack = stroke(v - line, 0.024) * ends * (1 - opening);
  const shadow = 0.15 * stroke(v - bottom - mouth.lowerLip - 0.05, 0.03) * inside(t - 0.6, 0.2);
  const lipped = blend(under * (1 - shadow), who.lips, 0.8 * lips);
  return blend(lipped, 0.08, max(opening, 0.7 * crack));
}

function drawEyes(u: number, v: number, under: number, features: Features, who: Identity): number {
  const { brow, lids } = features;
  const side = abs(u);
  let tone = under;
  const t = (side - who.eyeX) / who.eyeWidth;
  if (abs(t) < 1.6) {
    const round = max(0, 1 - t * t);
    const upper = who.eyeY - lids.upper * round;
    const lower = who.eyeY + lids.lower * round;
    const ends = inside(abs(t) - 1, 0.08);
    tone *= 1 - lids.crease * stroke(v - lower - 0.05, 0.02) * ends;
    const crows = inside(abs(t - 1.35) - 0.25, 0.08) * inside(abs(v - who.eyeY) - 0.08, 0.03);
    tone *= 1 - lids.crowsFeet * crows * (0.5 + 0.5 * cos((v - who.eyeY) * 70));
    const iris = inside(length(side - who.eyeX, v - who.eyeY + 0.01) - who.irisSize, EDGE);
    tone = blend(tone, blend(0.92, 0.12, iris), span(v, upper, lower) * ends);
    tone = blend(tone, 0.12, 0.75 * stroke(v - upper, 0.016) * ends);
  }
  const along = (side - brow.x) / who.browHalf;
  const raise = (brow.inner * (1 - along)) / 2 + (brow.outer * (1 + along)) / 2;
  const center = who.browY - who.browArch * (1 - along * along) + who.browTilt * along + raise;
  const hairs = stroke(v - center, who.browThickness) * inside(abs(along) - 1, 0.12);
  return blend(tone, who.hair, 0.85 * hairs);
}

const length = (x: number, y: number) => sqrt(x * x + y * y);

const clamp = (value: number, low: number, high: number) => min(high, max(low, value));

const blend = (from: number, to: number, share: number) => from + (to - from) * share;

/** 1 where a signed distance is negative, 0 where it is positive, fading over `softness` and an edge. */
const inside = (distance: number, softness: number) =>
  clamp(0.5 - distance / (2 * (softness + EDGE)), 0, 1);

/** 1 on a line, 0 off it by more than its half thickness. */
const stroke = (distance: number, halfThickness: number) =>
  inside(abs(distance) - halfThickness, 0);

/** 1 between two positions. */
const span = (value: number, low: number, high: number) =>
  inside(low - value, 0) * inside(value - high, 0);
