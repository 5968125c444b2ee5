import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { expect, test } from '@jest/globals';

/** The pipeline, upstream first. A file may import from its own folder or from one further left. */
const pipeline = [
  'errors.ts',
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

test.each(files)('%s stands in the pipeline and imports upstream only', (file) => {
  expect(stage(file)).toBeGreaterThanOrEqual(0);
  const source = readFileSync(join(root, file), 'utf8');
  const imports = [...source.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, path]) =>
    relative('.', join(dirname(file), path ?? '')),
  );
  expect(imports.filter((path) => stage(path) > stage(file))).toEqual([]);
});

test.each(files)('%s loads TensorFlow.js only inside engine/', (file) => {
  const source = readFileSync(join(root, file), 'utf8');
  const withoutTypes = source.replaceAll(/^import type [^;]+;/gm, '');
  const loads = /(?:from|import\() ?'@tensorflow/.test(withoutTypes);
  expect(loads && !file.startsWith('engine')).toBe(false);
});
