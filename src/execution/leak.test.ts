/** Nothing of the test part, neither its indices nor its labels, can be in what a fold trains on. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadExperiment } from '../config/load.ts';
import { runPaths } from '../result/run-directory.ts';
import { type PreparedExperiment, prepareExperiment } from './prepare.ts';
import { assignmentOf, foldJobs } from './train-folds.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-leak-'));
process.env.XDG_CACHE_HOME = join(directory, 'cache');

async function prepare(): Promise<PreparedExperiment> {
  const file = join(directory, 'digits.yaml');
  const digits = resolve(import.meta.dirname, '../../data/digits.csv');
  writeFileSync(
    file,
    `dataset:
  source: { type: pixel_csv, path: ${digits} }
  limit: 12
  preprocessing: [rescale, standardize]
seeds: 2
split: { strategy: { type: stratified_k_fold, folds: 4 }, validation: { fraction: 0.2 } }
model: { layers: [flatten, { type: dense, units: classes, activation: softmax }] }
training: { class_weight: balanced, sampling: oversample }
`,
  );
  return prepareExperiment(loadExperiment(file), { onStep: () => {}, onNote: () => {} });
}

const assignmentsOf = (prepared: PreparedExperiment) => {
  const options = {
    folds: prepared.folds,
    smoke: false,
    device: 'cpu' as const,
    signal: new AbortController().signal,
    monitors: ['accuracy'],
    weights: null,
  };
  const means = { threads: 1, features: { frozen: null, featureCache: null } };
  return foldJobs(prepared).map((job) =>
    // As the message between the processes copies it.
    structuredClone(assignmentOf(prepared, runPaths(directory), job, options, means)),
  );
};

test('what a fold hears before it has trained is the same whatever its test part is', async () => {
  const prepared = await prepare();
  const honest = assignmentsOf(prepared);
  expect(honest).toHaveLength(8);
  for (const [job, { fold, test }] of prepared.folds.entries()) {
    const labels = Int32Array.from(prepared.dataset.labels);
    for (const index of test) labels[index] = (9 - (labels[index] ?? 0)) % 10;
    const others = prepared.folds.map((one) =>
      one.fold === fold ? { ...one, test: test.map((_, i) => i) } : one,
    );
    const changed = { ...prepared, dataset: { ...prepared.dataset, labels }, folds: others };
    expect(assignmentsOf(changed)[job]).toEqual(honest[job]);
    expect(assignmentsOf(changed)[job + 4]).toEqual(honest[job + 4]);
  }
});

test('no index of the test part is among those that a fold hears', async () => {
  const prepared = await prepare();
  for (const [job, { fold }] of assignmentsOf(prepared).entries()) {
    const tested = new Set(prepared.folds[job % 4]?.test);
    const heard = [...fold.train, ...fold.validation];
    expect(heard.filter((index) => tested.has(index))).toEqual([]);
    expect(new Set([...heard, ...tested]).size).toBe(prepared.dataset.images.samples);
  }
});
