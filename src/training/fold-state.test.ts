import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type FoldState, readFoldState, saveFoldState } from './fold-state.ts';

const directory = () => join(mkdtempSync(join(tmpdir(), 'state-')), 'state');

const stateOf = (epochs: number, bestEpoch: number | null): FoldState => ({
  progress: {
    phase: 0,
    phaseEpochs: epochs,
    steps: epochs * 4,
    learningRate: Math.fround(0.1),
    callbacks: [{ best: 0.5, wait: 1 }],
    history: Array.from({ length: epochs }, (_, i) => ({
      epoch: i + 1,
      seconds: 1,
      learning_rate: 0.1,
      values: { loss: 1 / (i + 1) },
    })),
    bestEpoch,
    stopped: null,
  },
  variables: new Map<string, Float32Array | Int32Array>([
    ['model/dense/0', Float32Array.from([epochs + 0.1, -0, 1e-40])],
    ['random/state', Int32Array.from([7, epochs])],
  ]),
  best: bestEpoch === null ? undefined : new Map([['model/dense/0', Float32Array.of(bestEpoch)]]),
});

test('a state comes back bit by bit', () => {
  const place = directory();
  saveFoldState(place, stateOf(3, 2));
  expect(readFoldState(place)).toEqual(stateOf(3, 2));
});

test('where nothing was saved there is nothing', () => {
  expect(readFoldState(directory())).toBeUndefined();
});

test('only the last state stays on the disk', () => {
  const place = directory();
  for (const [epochs, best] of [
    [1, 1],
    [2, 1],
    [3, 3],
    [4, 3],
  ] as const) {
    saveFoldState(place, stateOf(epochs, best));
    expect(readFoldState(place)).toEqual(stateOf(epochs, best));
  }
  expect(readdirSync(place).sort()).toEqual(['best-3.bin', 'epoch-4.bin', 'state.json']);
});

test('what a killed process left half-written is passed over', () => {
  const place = directory();
  saveFoldState(place, stateOf(2, 1));
  writeFileSync(join(place, 'epoch-3.bin.tmp'), 'half');
  writeFileSync(join(place, 'epoch-3.bin'), 'whole, but no state.json names it');
  expect(readFoldState(place)).toEqual(stateOf(2, 1));
  saveFoldState(place, stateOf(3, 3));
  expect(readdirSync(place).sort()).toEqual(['best-3.bin', 'epoch-3.bin', 'state.json']);
});

test('a damaged state is an error with what to do, not a wrong training', () => {
  const place = directory();
  saveFoldState(place, stateOf(2, null));
  truncateSync(join(place, 'epoch-2.bin'), 8);
  expect(() => readFoldState(place)).toThrow(/epoch-2.bin has 8 bytes instead of 20/);
  const path = join(place, 'state.json');
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 20));
  expect(() => readFoldState(place)).toThrow(/cannot be read/);
});

test('a directory that cannot be written is the disk’s fault', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'state-')), 'file');
  writeFileSync(file, '');
  expect(() => saveFoldState(join(file, 'state'), stateOf(1, null))).toThrow(
    expect.objectContaining({ code: 'DISK' }),
  );
});
