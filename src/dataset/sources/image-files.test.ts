import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { loadDataset, loadUnseen } from '../load.ts';
import { openImages } from '../open-images.ts';
import type { DatasetConfig } from '../schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-images-'));
afterAll(() => rmSync(directory, { recursive: true }));

const options = { seed: 1, cacheDirectory: join(directory, 'cache') };

/** A picture that is told from others by its seed, in the format of its extension. */
async function writeImage(path: string, seed: number, { side = 8, channels = 1 as 1 | 3 } = {}) {
  const pixels = Uint8Array.from(
    { length: side * side * channels },
    (_, i) => (i * 3 + seed * 31) % 256,
  );
  const raw = sharp(pixels, { raw: { width: side, height: side, channels } });
  const image = channels === 1 ? raw.toColourspace('b-w') : raw;
  const formats = {
    png: () => image.png(),
    tiff: () => image.tiff({ compression: 'lzw' }),
    webp: () => image.webp({ lossless: true }),
    jpeg: () => image.jpeg({ quality: 100 }),
  };
  // The tests name files of these four kinds only.
  const format = extname(path).slice(1) as keyof typeof formats;
  const bytes = await formats[format]().toBuffer();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

async function folder(name: string, files: string[]): Promise<string> {
  for (const [seed, file] of files.entries()) await writeImage(join(directory, name, file), seed);
  return join(directory, name);
}

const config = (path: string, rest: Partial<DatasetConfig> = {}): DatasetConfig => ({
  source: { type: 'image_folder', path, unreadable: 'error' },
  duplicates: 'group',
  near_duplicates: 'keep',
  ...rest,
});

test('a folder per class, in the order of names, whatever finishes first', async () => {
  const files = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'sad' : 'happy'}/${100 + i}.png`);
  const dataset = await loadDataset(config(await folder('plain', files)), options);
  expect(dataset.classes).toEqual(['happy', 'sad']);
  expect(dataset.images).toMatchObject({ samples: 40, height: 8, width: 8, channels: 1 });
  expect(dataset.origins).toEqual([...files].sort());
  expect([...dataset.labels]).toEqual(dataset.origins.map((o) => (o.startsWith('sad') ? 1 : 0)));
  expect(dataset.parts).toBeUndefined();
  const reader = openImages(dataset.images);
  const seeds = dataset.origins.map((origin) => files.indexOf(origin));
  expect([...dataset.labels.keys()].map((i) => reader.read([i])[0])).toEqual(
    seeds.map((seed) => (seed * 31) % 256),
  );
  reader.close();
});

test('folders of parts, spelled as people do, with classes below', async () => {
  const path = await folder('parts', [
    'train/Angry/1.png',
    'train/happy/2.png',
    'val/angry/3.png',
    'test/happy/4.png',
  ]);
  const dataset = await loadDataset(config(path), options);
  expect(dataset.classes).toEqual(['Angry', 'happy']);
  expect(dataset.origins.map((o, i) => [o, dataset.labels[i], dataset.parts?.[i]])).toEqual([
    ['test/happy/4.png', 1, 2],
    ['train/Angry/1.png', 0, 0],
    ['train/happy/2.png', 1, 0],
    ['val/angry/3.png', 0, 1],
  ]);
  const some = await loadDataset(config(path, { parts: ['train', 'test'] }), options);
  expect(some.images.samples).toBe(3);
});

test('TIFF and WebP without loss, JPEG nearly', async () => {
  const path = await folder('formats', ['a/1.png', 'b/1.tiff', 'b/2.webp', 'b/3.jpeg']);
  const gray = Uint8Array.from({ length: 64 }, (_, i) => (i * 3 + 31) % 256);
  const dataset = await loadDataset(config(path, { image: { channels: 'grayscale' } }), options);
  const reader = openImages(dataset.images);
  const tiff = reader.read([dataset.origins.indexOf('b/1.tiff')]);
  expect([...tiff]).toEqual([...gray]);
  const webp = reader.read([dataset.origins.indexOf('b/2.webp')]);
  expect([...webp]).toEqual([...gray.map((value) => (value + 31) % 256)]);
  const jpeg = reader.read([dataset.origins.indexOf('b/3.jpeg')]);
  const expected = gray.map((_, i) => (i * 3 + 3 * 31) % 256);
  const errors = expected.map((value, i) => Math.abs(value - (jpeg[i] ?? 0)));
  expect(errors.reduce((sum, error) => sum + error, 0) / 64).toBeLessThan(4);
  reader.close();
});

test('clutter is skipped with a note', async () => {
  const path = await folder('clutter', ['a/1.png', 'b/1.png']);
  for (const file of ['.DS_Store', 'a/Thumbs.db', 'README.md'])
    writeFileSync(join(path, file), 'x');
  const { images, notes } = await loadDataset(config(path), options);
  expect(images.samples).toBe(2);
  expect(notes).toEqual(['skipped 3 files: .DS_Store, README.md, a/Thumbs.db']);
});

test.each([
  ['a stray image', '5.png', 'outside of the folders of classes'],
  ['a text file', 'a/notes.txt', 'not an image'],
])('%s is an error that names it, or skipped on request', async (name, file, message) => {
  const path = await folder(name.replace(/ /g, ''), ['a/1.png', 'b/1.png']);
  writeFileSync(join(path, file), readFileSync(join(path, 'a/1.png')));
  await expect(loadDataset(config(path), options)).rejects.toThrow(`${join(path, file)}: `);
  await expect(loadDataset(config(path), options)).rejects.toThrow(message);
  const source = { type: 'image_folder', path, unreadable: 'skip' } as const;
  expect((await loadDataset(config(path, { source }), options)).images.samples).toBe(2);
});

test('an image that breaks off is an error that names it, or skipped on request', async () => {
  const path = await folder('broken', ['a/1.png', 'a/2.jpeg', 'b/1.png']);
  await writeImage(join(path, 'a/2.jpeg'), 3, { side: 64 });
  const bytes = readFileSync(join(path, 'a/2.jpeg'));
  writeFileSync(join(path, 'a/2.jpeg'), bytes.subarray(0, bytes.length / 2));
  const loading = loadDataset(config(path), options);
  await expect(loading).rejects.toMatchObject({ code: 'DATA_INVALID' });
  await expect(loading).rejects.toThrow(/broken\/a\/2\.jpeg: unreadable image/);
  const source = { type: 'image_folder', path, unreadable: 'skip' } as const;
  const { images, notes } = await loadDataset(config(path, { source }), options);
  expect(images.samples).toBe(2);
  expect(notes[0]).toContain('a/2.jpeg');
});

test('mixed sizes need image.size, mixed colours need image.channels', async () => {
  const path = await folder('mixed', ['a/1.png', 'b/1.png']);
  await writeImage(join(path, 'b/2.png'), 5, { side: 12 });
  await expect(loadDataset(config(path), options)).rejects.toThrow(
    'b/2.png: 12×12 pixels, the images before it have 8×8',
  );
  await writeImage(join(path, 'b/2.png'), 5, { channels: 3 });
  await expect(loadDataset(config(path), options)).rejects.toThrow('b/2.png: coloured');
  const image = { size: 6, channels: 'rgb' } as const;
  const { images } = await loadDataset(config(path, { image }), options);
  expect(images).toMatchObject({ samples: 3, height: 6, width: 6, channels: 3 });
});

test('an empty class is an error', async () => {
  const path = await folder('empty', ['a/1.png', 'b/1.png']);
  mkdirSync(join(path, 'c'));
  await expect(loadDataset(config(path), options)).rejects.toThrow('no samples of "c"');
  const two = await loadDataset(config(path, { classes: ['b', 'a'] }), options);
  expect(two.classes).toEqual(['b', 'a']);
});

test('parts beside classes are an error', async () => {
  const path = await folder('both', ['train/a/1.png', 'a/1.png']);
  await expect(loadDataset(config(path), options)).rejects.toThrow(
    'folders of parts (train) beside a',
  );
});

test('groups come from file names', async () => {
  const path = await folder('groups', ['a/S1_x.png', 'a/S2_x.png', 'b/S1_y.png']);
  const dataset = await loadDataset(config(path, { groups: { pattern: '(S\\d)_' } }), options);
  expect(dataset.groupNames).toEqual(['S1', 'S2']);
  expect([...(dataset.groups ?? [])]).toEqual([0, 1, 0]);
  const loading = loadDataset(config(path, { groups: { pattern: 'T\\d' } }), options);
  await expect(loading).rejects.toThrow('a/S1_x.png: dataset.groups.pattern does not match');
});

test('JAFFE: emotion and subject from file names', async () => {
  const names = ['AN', 'DI', 'FE', 'HA', 'SA', 'SU', 'NE'].map(
    (code, i) => `K${i % 2 ? 'A' : 'L'}.${code}1.${i}.tiff`,
  );
  const path = await folder('jaffe', names);
  writeFileSync(join(path, 'README_FIRST.txt'), 'x');
  const source = { type: 'jaffe', path } as const;
  const dataset = await loadDataset(config('', { source }), options);
  expect(dataset.classes).toEqual([
    'angry',
    'disgust',
    'fear',
    'happy',
    'sad',
    'surprise',
    'neutral',
  ]);
  expect(dataset.origins[0]).toBe('KA.DI1.1.tiff');
  expect(dataset.labels[0]).toBe(1);
  expect(dataset.groupNames).toEqual(['KA', 'KL']);
  await writeImage(join(path, 'KA.XX1.1.tiff'), 1);
  await expect(loadDataset(config('', { source }), options)).rejects.toThrow('KA.XX1.1.tiff');
});

test('unseen data takes the form and the classes of the dataset', async () => {
  const path = await folder('seen', ['sad/1.png', 'happy/1.png']);
  const other = join(directory, 'other');
  await writeImage(join(other, 'Happy/1.png'), 7, { side: 16, channels: 3 });
  await writeImage(join(other, 'bored/1.png'), 8, { side: 16, channels: 3 });
  const unseen = { other: { type: 'image_folder', path: other, unreadable: 'error' } } as const;
  const full = config(path, { unseen, preprocessing: [{ type: 'center_crop', size: 4 }] });
  const dataset = await loadDataset(full, options);
  const foreign = await loadUnseen(full, 'other', dataset, options);
  expect(foreign.classes).toEqual(['happy', 'sad']);
  expect(foreign.images).toMatchObject({ samples: 1, height: 4, width: 4, channels: 1 });
  expect([...foreign.labels]).toEqual([0]);
  expect(foreign.notes.join()).toContain('1 samples of "bored" are left out');
});
