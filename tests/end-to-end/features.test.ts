import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { foldwise, makeWorkspace, readResult, runsOf } from './foldwise.ts';

const workspace = makeWorkspace();
const cache = mkdtempSync(join(tmpdir(), 'foldwise-'));
const environment = { XDG_CACHE_HOME: cache };

const file = workspace.path('experiments', 'frozen.yaml');
writeFileSync(
  file,
  `dataset:
  source: { type: pixel_csv, path: ../data/digits.csv }
  limit: 20
split:
  strategy: { type: stratified_k_fold, folds: 2 }
  validation: { fraction: 0.2 }
model:
  layers:
    - { type: conv2d, filters: 6, kernel_size: 3, activation: relu, trainable: false }
    - { type: batch_normalization, trainable: false }
    - { type: max_pooling2d, pool_size: 2 }
    - flatten
    - { type: dropout, rate: 0.2 }
    - { type: dense, units: classes, activation: softmax }
training:
  epochs: 3
  batch_size: 24
  optimizer: { type: adam, learning_rate: 0.01 }
`,
);

/** Runs the experiment; gives its predictions, result and what it said. */
async function run(...words: string[]) {
  const ended = await foldwise(
    workspace,
    ['run', file, '--fresh', '--no-track', ...words],
    environment,
  );
  expect(ended).toMatchObject({ code: 0 });
  const directory = runsOf(workspace, 'frozen').at(-1) ?? '';
  const predictions = [0, 1].map((fold) =>
    readFileSync(join(directory, 'folds', String(fold), 'predictions.csv'), 'utf8'),
  );
  return { predictions, result: readResult(directory), stderr: ended.stderr };
}

const featureDirectories = () => readdirSync(join(cache, 'foldwise', 'features'));

test('features from the cache change no bit of the predictions', async () => {
  const without = await run('--set', 'execution.features=off');
  expect(without.result.model.cached_features).toBe(false);
  const filling = await run();
  expect(filling.result.model.cached_features).toBe(true);
  expect(filling.predictions).toEqual(without.predictions);
  const kept = featureDirectories();
  expect(kept).toHaveLength(2); // frozen weights are random here, and each fold has its own
  const [first = ''] = kept;
  truncateSync(join(cache, 'foldwise', 'features', first, '000000.f32'), 1000);
  const reading = await run();
  expect(reading.predictions).toEqual(without.predictions);
  expect(featureDirectories()).toEqual(kept);
});

test('with augmentation features are not kept, and the run says so', async () => {
  const flip = 'training.augmentation=[{type: random_flip, mode: horizontal}]';
  const { result, stderr } = await run('--set', flip);
  expect(result.model.cached_features).toBe(false);
  expect(stderr).toMatch(/not kept: training\.augmentation changes the pictures/);
});
