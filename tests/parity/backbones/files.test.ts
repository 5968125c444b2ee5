import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadEngine } from '../../../src/engine/load.ts';
import { buildModel } from '../../../src/model/build-model.ts';
import { checkModel } from '../../../src/model/check-model.ts';
import type { ModelGraph } from '../../../src/model/graph.ts';
import { loadWeights } from '../../../src/model/weights/load-weights.ts';
import { resolveWeights } from '../../../src/model/weights/resolve-weights.ts';
import { compare } from './compare.ts';

const tf = await loadEngine({ device: 'cpu' });

const fileAt = (name: string) => fileURLToPath(new URL(`./files/${name}`, import.meta.url));

// Written by make_files.py: two pictures of 12×12 in colour, and three classes.
const { pictures, outputs } = JSON.parse(readFileSync(fileAt('expected.json'), 'utf8')) as {
  pictures: number[];
  outputs: number[];
};
const shape = [12, 12, 3];

function importedGraph(path: string): ModelGraph {
  const { graph, problems } = checkModel(
    { import: path, layers: [], blocks: {} },
    { shape, classes: 3 },
  );
  expect(problems).toEqual([]);
  if (!graph) throw new Error('no graph');
  return graph;
}

async function outputsWith(graph: ModelGraph, weights: string): Promise<number> {
  const model = buildModel(tf, graph, { seed: 1 });
  await loadWeights(tf, model, graph, weights);
  const found = tf.tidy(() => {
    const result = model.predict(tf.tensor4d(pictures, [2, 12, 12, 3]));
    if (Array.isArray(result)) throw new Error('one output');
    return Array.from(result.dataSync());
  });
  const { largest, difference } = compare(found, outputs);
  return difference / largest;
}

test.each(['small.keras', 'small.weights.h5', 'small.h5', 'small-split.h5', 'nested.weights.h5'])(
  "%s makes the imported model compute what Keras's does",
  async (name) => {
    expect(await outputsWith(importedGraph(fileAt('small.keras')), fileAt(name))).toBeLessThan(
      1e-6,
    );
  },
);

test('a model of Keras JSON is the same, without weights', async () => {
  const path = fileAt('small.json');
  const graph = importedGraph(path);
  expect(graph).toEqual(importedGraph(fileAt('small.keras')));
  expect(await resolveWeights({ import: path, layers: [], blocks: {} }, graph)).toBeNull();
});

test('a saved model comes back with its weights, as base and as import', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'saved-')), 'model');
  const graph = importedGraph(fileAt('small.keras'));
  const model = buildModel(tf, graph, { seed: 1 });
  await loadWeights(tf, model, graph, fileAt('small.h5'));
  await model.save(`file://${directory}`);
  expect(await outputsWith(graph, directory)).toBeLessThan(1e-6);
  const again = importedGraph(directory);
  expect(await resolveWeights({ import: directory, layers: [], blocks: {} }, again)).toBe(
    directory,
  );
  expect(await outputsWith(again, directory)).toBeLessThan(1e-6);
});

test('layers continue an imported model', () => {
  const { graph, problems } = checkModel(
    {
      import: fileAt('small.json'),
      layers: [{ type: 'dense', units: 5, activation: 'softmax' }],
      blocks: {},
    },
    { shape, classes: 5 },
  );
  expect(problems).toEqual([]);
  expect(graph?.base).toBe('classes');
  expect(graph?.nodes.at(-1)).toMatchObject({ name: 'dense', inputs: ['classes'] });
});

const broken = (name: string, change: (bytes: Buffer) => Buffer): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'broken-')), name);
  writeFileSync(path, change(readFileSync(fileAt(name))));
  return path;
};

test.each(['small.h5', 'small.weights.h5', 'small.keras'])(
  'a %s that is cut off is an error that names it',
  async (name) => {
    const path = broken(name, (bytes) => bytes.subarray(0, bytes.length / 2));
    await expect(outputsWith(importedGraph(fileAt('small.json')), path)).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringContaining(path),
    });
  },
);

test.each(['small.h5', 'small.weights.h5'])(
  'weights of another shape in %s name the layer and both shapes',
  async (name) => {
    const graph = importedGraph(fileAt('small.json'));
    const nodes = graph.nodes.map((node) =>
      node.name === 'first' ? { ...node, config: { ...node.config, kernel_size: [5, 5] } } : node,
    );
    await expect(outputsWith({ ...graph, nodes }, fileAt(name))).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringMatching(
        /kernel of "first" has the shape \[5, 5, 3, 4\], but .* \[3, 3, 3, 4\]/,
      ),
    });
  },
);

test('too many and too few weights name the first layer that is left over', async () => {
  const graph = importedGraph(fileAt('small.json'));
  const shorter = { ...graph, output: 'mean', base: 'mean' };
  await expect(outputsWith(shorter, fileAt('small.h5'))).rejects.toThrow(
    /the first that nothing takes is classes\//,
  );
  const classes = graph.nodes.find(({ name }) => name === 'classes');
  if (!classes) throw new Error('the model ends with classes');
  const more = { ...classes, name: 'more', inputs: ['classes'] };
  const longer = { ...graph, nodes: [...graph.nodes, more], output: 'more', base: 'more' };
  await expect(outputsWith(longer, fileAt('small.h5'))).rejects.toThrow(
    /the next would be kernel of "more"/,
  );
});

test('a missing file is DATA_MISSING', async () => {
  const graph = importedGraph(fileAt('small.json'));
  await expect(outputsWith(graph, '/nowhere/w.h5')).rejects.toMatchObject({ code: 'DATA_MISSING' });
});

/** The problems of importing `small.json` after a change of its text. */
function problemsAfter(from: string, to: string): readonly string[] {
  const text = readFileSync(fileAt('small.json'), 'utf8');
  expect(text).toContain(from);
  const path = join(mkdtempSync(join(tmpdir(), 'import-')), 'm.json');
  writeFileSync(path, text.replace(from, to));
  const config = { import: path, layers: [], blocks: {} };
  return checkModel(config, { shape, classes: 3 }).problems.map(({ message }) =>
    message.replace(path, 'm.json'),
  );
}

test('what the catalogue does not have is refused by name', () => {
  expect(problemsAfter('"class_name": "ReLU"', '"class_name": "Surprise"')).toEqual([
    'm.json: there is no layer Surprise ("clip")',
  ]);
  expect(
    problemsAfter('"data_format": "channels_last"', '"data_format": "channels_first"'),
  ).toEqual(['m.json: data_format: "channels_first" of Conv2D "first" has no counterpart here']);
});

test('pictures of another size than the model takes are an error at the import', () => {
  const config = { import: fileAt('small.json'), layers: [], blocks: {} };
  const { problems } = checkModel(config, { shape: [48, 48, 1], classes: 3 });
  expect(problems).toMatchObject([
    {
      path: ['model', 'import'],
      message: expect.stringContaining('it takes pictures of [12, 12, 3], but gets [48, 48, 1]'),
    },
  ]);
});

test('a file that is no model says so', () => {
  const directory = mkdtempSync(join(tmpdir(), 'import-'));
  writeFileSync(join(directory, 'a.json'), '{"some": "thing"}');
  copyFileSync(fileAt('small.h5'), join(directory, 'b.keras'));
  const messages = ['a.json', 'b.keras', 'c.json'].map((name) => {
    const config = { import: join(directory, name), layers: [], blocks: {} };
    return checkModel(config, { shape, classes: 3 }).problems[0]?.message.replace(directory, '');
  });
  expect(messages).toEqual([
    '/a.json: it describes no Keras model',
    '/b.keras: no zip archive, or its end is missing',
    '/c.json: it is not there',
  ]);
});
