import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ExperimentError } from '../../errors.ts';
import { readPixelRows } from './pixel-rows.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-rows-'));
afterAll(() => rmSync(directory, { recursive: true }));

type Row = { line: number; label: string; part: string | undefined; pixels: number[] };

async function rowsOf(content: string | Buffer, options: { scale?: number; count?: number } = {}) {
  const path = join(directory, 'rows.csv');
  writeFileSync(path, content);
  const rows: Row[] = [];
  const columns = { pixels: 'pixels', label: 'label', part: 'part', required: ['pixels', 'label'] };
  await readPixelRows(
    { path, columns, scale: options.scale ?? 255, count: options.count },
    ({ line, label, part, pixels }) => rows.push({ line, label, part, pixels: [...pixels] }),
    () => {},
  );
  return rows;
}

const failure = (content: string | Buffer, options = {}): Promise<ExperimentError> =>
  rowsOf(content, options).then(
    () => Promise.reject(new Error('no error')),
    (error: unknown) => (error instanceof ExperimentError ? error : Promise.reject(error)),
  );

test('rows are read with their line, label and pixels', async () => {
  expect(await rowsOf('label,pixels\na,0 1 255\nb,3 4 5\n')).toEqual([
    { line: 2, label: 'a', part: undefined, pixels: [0, 1, 255] },
    { line: 3, label: 'b', part: undefined, pixels: [3, 4, 5] },
  ]);
});

test('columns come in any order, and others are ignored', async () => {
  const [row] = await rowsOf('x, Part ,Pixels,"more, more",LABEL\n9,Training,1 2,"a ""b"", c",a\n');
  expect(row).toEqual({ line: 2, label: 'a', part: 'Training', pixels: [1, 2] });
});

test.each([
  ['CRLF', 'label,pixels\r\na,1 2\r\nb,3 4\r\n', [2, 3]],
  ['CR alone', 'label,pixels\ra,1 2\rb,3 4\r', [2, 3]],
  ['a BOM', '\ufefflabel,pixels\na,1 2\nb,3 4\n', [2, 3]],
  ['no last newline', 'label,pixels\na,1 2\nb,3 4', [2, 3]],
  ['blank lines', '\nlabel,pixels\n\na,1 2\n\r\nb,3 4\n\n', [4, 6]],
  ['quotes', '"label","pixels"\n"a","1 2"\n"b","3 4"', [2, 3]],
  ['spaces around numbers', 'label,pixels\na,  1   2 \nb,\t3\t4 \n', [2, 3]],
])('%s is fine, and lines are counted', async (_, content, lines) => {
  const rows = await rowsOf(content);
  expect(rows.map(({ label, pixels }) => [label, pixels])).toEqual([
    ['a', [1, 2]],
    ['b', [3, 4]],
  ]);
  expect(rows.map(({ line }) => line)).toEqual(lines);
});

test('line breaks inside quotes belong to the row', async () => {
  const rows = await rowsOf('label,pixels\na,"1 2\n3 4"\nb,"5 6\r\n7 8"\n');
  expect(rows.map(({ line, pixels }) => [line, pixels])).toEqual([
    [2, [1, 2, 3, 4]],
    [4, [5, 6, 7, 8]],
  ]);
});

test('other scales and fractions become 0 to 255', async () => {
  expect((await rowsOf('label,pixels\na,0 8 16\n', { scale: 16 }))[0]?.pixels).toEqual([
    0, 128, 255,
  ]);
  const fractions = await rowsOf('label,pixels\na,0.0 .5 1 1e-1 0.25\nb,1 0 0 0 0.999\n', {
    scale: 1,
  });
  expect(fractions.map(({ pixels }) => pixels)).toEqual([
    [0, 128, 255, 26, 64],
    [255, 0, 0, 0, 255],
  ]);
});

test('a file larger than the chunks it is read in comes out the same', async () => {
  const pixels = Array.from({ length: 3000 }, (_, index) => (index * 7) % 256);
  const rows = Array.from(
    { length: 400 },
    (_, index) => `"l${index}",${pixels.join(' ')},"x, ""y"""`,
  );
  const read = await rowsOf(`label,pixels,other\r\n${rows.join('\r\n')}`);
  expect(read).toHaveLength(400);
  expect(read.every((row, index) => row.label === `l${index}` && row.line === index + 2)).toBe(
    true,
  );
  expect(read.every((row) => row.pixels.join() === pixels.join())).toBe(true);
});

test('plain numbers and odd ones in any order come out as a plain reader has them', async () => {
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    return Math.floor((state / 2 ** 32) * below);
  };
  const spellings = [
    String,
    (value: number) => `00${value}`.slice(-3),
    (value: number) => `${value}.0`,
  ];
  const gaps = [' ', ' ', ' ', '  ', '\t', ' \t '];
  const lines = Array.from({ length: 200 }, () =>
    Array.from({ length: 20 }, () => {
      const value = random([10, 100, 256][random(3)] ?? 1);
      return `${spellings[random(4)]?.(value) ?? value}${gaps[random(gaps.length)]}`;
    }).join(''),
  );
  const rows = await rowsOf(`label,pixels\n${lines.map((line) => `a,${line}`).join('\n')}\n`);
  expect(rows.map(({ pixels }) => pixels)).toEqual(
    lines.map((line) => line.trim().split(/\s+/).map(Number)),
  );
});

test.each([...'/:;<=>?@ABab-_.,*'])(
  '"%s" in place of a digit or a space is an error',
  async (odd) => {
    for (const wrong of [
      `${odd} 2 3 4`,
      `1${odd}2 3 4`,
      `12${odd}3 4`,
      `123${odd}4 5`,
      `1 2 3${odd}`,
    ])
      await expect(rowsOf(`label,pixels\na,1 2 3 4\nb,${wrong}\n`)).rejects.toThrow('rows.csv:3: ');
  },
);

test.each([
  ['too few pixels', 'label,pixels\na,1 2 3\nb,1 2\n', 3, '2 pixels instead of 3'],
  ['too many pixels', 'label,pixels\na,1 2\nb,1 2 3\n', 3, '3 pixels instead of 2'],
  ['no pixels', 'label,pixels\na,1 2\nb,\n', 3, '0 pixels instead of 2'],
  ['a value over 255', 'label,pixels\na,1 256\n', 2, 'pixel 2 is 256'],
  ['a negative value', 'label,pixels\na,1 2\nb,-1 2\n', 3, 'pixel 1 is -1'],
  ['a word', 'label,pixels\na,1 x2 3\n', 2, 'pixel 2 is "x2"'],
  ['a comma for a space', 'label,pixels\na,1,2\n', 2, '3 columns instead of 2'],
  ['a missing column', 'label,pixels\na\n', 2, '1 columns instead of 2'],
  ['a header without the column', 'label,image\na,1 2\n', 1, 'no column "pixels"'],
  ['a column twice', 'label,pixels,Label\na,1 2,b\n', 1, 'two columns "label"'],
  ['no header', '1 2 3\n', 1, 'no column "pixels"'],
  ['an open quote', 'label,pixels\na,"1 2\n', 2, 'never closed'],
  ['text after a quote', 'label,pixels\n"a"b,1 2\n', 2, 'after the closing quote'],
  ['an empty file', '', 1, 'empty'],
  ['a header alone', 'label,pixels\n', 1, 'no rows'],
])('%s is an error at its line', async (_, content, line, message) => {
  const error = await failure(content);
  expect(error.code).toBe('DATA_INVALID');
  expect(error.message).toContain(`rows.csv:${line}: `);
  expect(error.message).toContain(message);
});

test('a file cut off in a row is said to be truncated', async () => {
  const error = await failure('label,pixels\na,1 2 3\nb,1 2');
  expect(error.message).toContain('rows.csv:3: 2 pixels instead of 3');
  expect(error.hint).toContain('truncated');
});

test('the first row must have the count that is known', async () => {
  expect((await failure('label,pixels\na,1 2 3\n', { count: 4 })).message).toContain(
    '3 pixels instead of 4',
  );
});

test('binary rubbish ends with an error, not with memory', async () => {
  const rubbish = Buffer.alloc(200_000, 'x');
  expect((await failure(rubbish)).hint).toContain('header');
});
