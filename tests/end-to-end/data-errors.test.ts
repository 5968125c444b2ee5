/** Data that cannot be trained on: exit code 2, the file and its row, and no run. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { ferRows, writeFerCsv } from '../examples/fer-csv.ts';
import { foldwise, makeWorkspace } from './foldwise.ts';

jest.setTimeout(120_000);

const workspace = makeWorkspace();

const experiment = (source: string) => `dataset:
  source: ${source}
split:
  strategy: { type: stratified_k_fold, folds: 2 }
  validation: { fraction: 0.3 }
model:
  layers: [flatten, { type: dense, units: classes, activation: softmax }]
training: { epochs: 1 }
`;

/** The answer to `run` with this source; nothing may have been begun. */
async function refusal(source: string): Promise<string> {
  writeFileSync(workspace.path('broken.yaml'), experiment(source));
  const { code, stdout, stderr } = await foldwise(workspace, ['run', 'broken.yaml', '--no-track']);
  expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '' });
  expect(existsSync(workspace.path('runs'))).toBe(false);
  return stderr;
}

type Rows = readonly string[];
const replaced = (rows: Rows, index: number, row: string): Rows => rows.with(index, row);
const pixels = (value: number, count = 2304) => Array(count).fill(value).join(' ');

const rows = ferRows(3);
test.each<[string, Rows, RegExp]>([
  [
    'a wrong number of pixels',
    replaced(rows, 6, `0,${pixels(9, 2303)},Training`),
    /faces\.csv:8: 2,303 pixels instead of 2,304/,
  ],
  [
    'a pixel out of range',
    replaced(rows, 4, `0,${pixels(256)},Training`),
    /faces\.csv:6: pixel 1 is 256, outside of 0 to 255/,
  ],
  [
    'an unknown label',
    replaced(rows, 10, `7,${pixels(9)},Training`),
    /faces\.csv:12: unknown emotion "7"\n\nEmotions are 0 to 6: angry/,
  ],
  [
    'an unknown usage',
    replaced(rows, 0, `1,${pixels(9)},Practice`),
    /faces\.csv:2: unknown Usage "Practice"/,
  ],
  [
    'a class without a picture',
    rows.filter((row) => !row.startsWith('1,')),
    /faces\.csv: no samples of "disgust"/,
  ],
])('FER-2013 with %s is refused with its row', async (_, broken, message) => {
  writeFerCsv(workspace.path('faces.csv'), broken);
  expect(await refusal('{ type: fer_csv, path: faces.csv }')).toMatch(message);
});

test('FER-2013 that ends within a row is called truncated', async () => {
  const path = writeFerCsv(workspace.path('faces.csv'), rows);
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, -4000));
  expect(await refusal('{ type: fer_csv, path: faces.csv }')).toMatch(
    /faces\.csv:22: .*\n\n.*probably truncated/,
  );
});

test('FER-2013 that is not there: where to get it, and what runs without it', async () => {
  const told = await refusal('{ type: fer_csv, path: data/fer2013.csv }');
  expect(told).toMatch(/data\/fer2013\.csv is not there/);
  expect(told).toMatch(/Kaggle.*quickstart\.yaml runs without it/);
});

/** Four pictures of 8×8 in each of two classes. */
async function writePictures(): Promise<void> {
  for (const [label, name] of ['cat', 'dog'].entries())
    for (let index = 0; index < 4; index++)
      await writePicture(`good/${name}/${index}.png`, 8, 8, 4 * label + index);
}

async function writePicture(path: string, width: number, height: number, seed: number) {
  const values = Array.from({ length: width * height }, (_, at) => (at * (seed + 3) * 37) % 256);
  const raw = { width, height, channels: 1 } as const;
  mkdirSync(dirname(workspace.path(path)), { recursive: true });
  await sharp(Buffer.from(values), { raw }).png().toFile(workspace.path(path));
}

beforeAll(writePictures);

const halved = (path: string) => {
  const bytes = readFileSync(workspace.path(path));
  writeFileSync(workspace.path(path), bytes.subarray(0, bytes.length / 2));
};

test.each<[string, (folder: string) => unknown, RegExp]>([
  ['an empty class', (at) => mkdirSync(workspace.path(at, 'bird')), /no samples of "bird"/],
  ['a picture cut short', (at) => halved(`${at}/dog/2.png`), /dog\/2\.png: unreadable image/],
  [
    'a file that is no picture',
    (at) => writeFileSync(workspace.path(at, 'cat/x.txt'), ''),
    /cat\/x\.txt: not an image/,
  ],
  [
    'pictures of two sizes',
    (at) => writePicture(`${at}/dog/3.png`, 9, 8, 1),
    /dog\/3\.png: 8×9 pixels.*8×8\n\ndataset\.image\.size: \[8, 8\]/,
  ],
])('a folder with %s is refused by name', async (name, spoil, message) => {
  const folder = name.replaceAll(' ', '-');
  cpSync(workspace.path('good'), workspace.path(folder), { recursive: true });
  await spoil(folder);
  expect(await refusal(`{ type: image_folder, path: ${folder} }`)).toMatch(message);
});
