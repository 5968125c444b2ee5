import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { expect, test } from '@jest/globals';

/** The pipeline, upstream first. A file may import from its own folder or from one further left. */
const pipeline = [
  'errors.ts',
  'installation.ts',
  'schema',
  'engine',
  'dataset',
  'split',
  'metrics',
  'model',
  'training',
  'result',
  'thresholds',
  'tracking',
  'compare',
  'report',
  'config',
  'execution',
  'cli',
  'cli.ts',
];

const root = import.meta.dirname;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
);
/** `config/` lists the sections' schemas, that of `execution` too, though the folder comes later. */
const stage = (file: string) =>
  pipeline.indexOf(file === join('execution', 'schema.ts') ? 'report' : (file.split(sep)[0] ?? ''));

const sources = files.map((file) => ({ file, source: readFileSync(join(root, file), 'utf8') }));

test('every file stands in the pipeline', () => {
  expect(files.filter((file) => stage(file) < 0)).toEqual([]);
});

test('imports point upstream only', () => {
  const downstream = sources.flatMap(({ file, source }) =>
    [...source.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)]
      .map(([, path]) => relative('.', join(dirname(file), path ?? '')))
      .filter((path) => stage(path) > stage(file))
      .map((path) => `${file} → ${path}`),
  );
  expect(downstream).toEqual([]);
});

test('TensorFlow.js is loaded inside engine/ only; everybody else imports types', () => {
  const loading = sources.filter(({ source }) => {
    const withoutTypes = source.replaceAll(/^import type [^;]+;/gm, '');
    return /(?:from|import\() ?'@tensorflow/.test(withoutTypes);
  });
  expect(loading.map(({ file }) => file).filter((file) => !file.startsWith('engine'))).toEqual([]);
});
