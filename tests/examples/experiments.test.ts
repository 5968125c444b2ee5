/** Every experiment that comes with Foldwise is valid, has the size that it says, and trains. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ExperimentConfig } from '../../src/config/experiment.ts';
import type { Plan } from '../../src/execution/plan.ts';
import { foldwise, makeWorkspace, readResult, runsOf } from '../end-to-end/foldwise.ts';
import { ferRows, writeFerCsv } from './fer-csv.ts';

jest.setTimeout(300_000);

const workspace = makeWorkspace();
const directory = join(import.meta.dirname, '../../experiments');
/** For variants with a backbone of their own, which --set does not reach. */
const offline = { BACKBONE_WEIGHTS: 'none' };
const files = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
const faces = workspace.path('made', 'fer2013.csv');

beforeAll(() => {
  // Two folds with a stratified validation part of 10 % need 7 classes × 20 pictures and more.
  writeFerCsv(faces, ferRows(24));
});

/** The comment that opens the file. */
const headerOf = (file: string): string =>
  readFileSync(join(directory, file), 'utf8').split(/^(?!#)/m, 1)[0] ?? '';

const statesParameters = (file: string): boolean => /[\d,]+ parameters/.test(headerOf(file));

async function json<Answer>(...words: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await foldwise(workspace, [...words, '--json'], offline);
  expect({ code, stderr: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, stderr: '' });
  // The shape is the verb's own; the tests look at what they expect in it.
  return JSON.parse(stdout) as Answer;
}

test('all are valid', async () => {
  const checked = await json<{ file: string; valid: boolean }[]>(
    'validate',
    ...files.map((file) => `experiments/${file}`),
  );
  expect(checked.map(({ file, valid }) => [file, valid])).toEqual(
    files.map((file) => [`experiments/${file}`, true]),
  );
});

describe.each(files)('experiments/%s', (file) => {
  const path = `experiments/${file}`;

  test('opens with its schema and its command', () => {
    const header = headerOf(file);
    expect(header).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/experiment/);
    expect(header).toContain(`npm run exp ${path}`);
  });

  test('has the parameters that its header states', async () => {
    const plan = ['plan', path, ...withoutDownloads(await configOf(path))] as const;
    // A study has a plan for each of its variants.
    for (const { model } of [await json<Plan | Plan[]>(...plan)].flat()) {
      const total = model?.parameters.total ?? 0;
      expect(total).toBeGreaterThan(0);
      if (statesParameters(file)) expect(headerOf(file)).toContain(total.toLocaleString('en-US'));
    }
  });

  test('trains, evaluates and reports two batches', async () => {
    const config = await configOf(path);
    const small = [...withoutDownloads(config), ...withMadeData(config), ...inSmall(config)];
    const words = ['run', path, '--smoke', '--no-track', '--set', `name=${file}`, ...small];
    const { code, stderr } = await foldwise(workspace, words, offline);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const runs = runsOf(workspace, file);
    const studied = runs.flatMap((run) => variantsOf(run));
    for (const run of studied.length > 0 ? studied : runs)
      expect(readResult(run)).toMatchObject({ status: 'completed', smoke: true });
  });
});

const configs = new Map<string, Promise<ExperimentConfig>>();

/** Asked once of each file: starting the command costs more than all else that `show` does. */
function configOf(path: string): Promise<ExperimentConfig> {
  const asked = configs.get(path) ?? json<ExperimentConfig>('show', path);
  configs.set(path, asked);
  return asked;
}

const variantsOf = (run: string): string[] => {
  const variants = join(run, 'variants');
  return readdirSync(run).includes('variants')
    ? readdirSync(variants).map((name) => join(variants, name))
    : [];
};

const set = (path: string, value: string | number) => ['--set', `${path}=${value}`];

/**
 * Random weights have the same shapes as the trained ones, which a test must not fetch. A study
 * whose variants have backbones takes them from BACKBONE_WEIGHTS.
 */
const withoutDownloads = ({ model }: ExperimentConfig): string[] =>
  model.backbone === undefined ? [] : set('model.backbone.weights', 'none');

function withMadeData({ dataset }: ExperimentConfig): string[] {
  if (dataset.source.type === 'fer_csv') return set('dataset.source.path', faces);
  // The rarest class needs enough faces for two stratified folds.
  if (dataset.source.type === 'synthetic_faces') return set('dataset.source.samples', 420);
  return [];
}

/** As few folds as there can be, and batches that the largest network takes quickly. */
function inSmall({ split }: ExperimentConfig): string[] {
  const folds = 'folds' in split.strategy ? set('split.strategy.folds', 2) : [];
  const splits = 'splits' in split.strategy ? set('split.strategy.splits', 2) : [];
  return [...folds, ...splits, ...set('training.batch_size', 4)];
}
