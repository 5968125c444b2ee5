/** docs/evaluation.md: its study runs, and it names every lint rule. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import type { StudyRecord } from '../../src/compare/study-record.ts';
import { rules } from '../../src/config/lint/index.ts';
import { foldwise, makeWorkspace, readResult, runsOf } from '../end-to-end/foldwise.ts';

jest.setTimeout(300_000);

const page = readFileSync(join(import.meta.dirname, '../../docs/evaluation.md'), 'utf8');

test('the study in docs/evaluation.md runs, is compared, and its report links the variants’ own', async () => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const workspace = makeWorkspace();
  writeFileSync(workspace.path('width.yaml'), yaml);
  const { code, stdout, stderr } = await foldwise(workspace, ['width.yaml', '--no-track']);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const [study = ''] = runsOf(workspace, 'width');
  const record: StudyRecord = JSON.parse(readFileSync(join(study, 'study.json'), 'utf8'));
  const { comparison } = record;
  expect(comparison?.runs.map(({ label }) => label)).toEqual(['dense', 'linear']);
  const of = (variant: string) => readResult(join(study, 'variants', variant));
  const [dense, linear] = [of('dense'), of('linear')];
  // The same folds, seeds and data.
  expect(linear.split).toEqual(dense.split);
  expect(linear.folds.map(({ seed }) => seed)).toEqual(dense.folds.map(({ seed }) => seed));
  const pair = comparison?.pairs.find(({ metric }) => metric === 'accuracy');
  const means = [dense, linear].map(({ summary }) => summary.accuracy?.mean ?? 0);
  expect(pair?.difference).toBeCloseTo((means[1] ?? 0) - (means[0] ?? 0), 12);
  const report = join(study, 'comparison.html');
  expect(stdout).toContain(report);
  const html = readFileSync(report, 'utf8');
  expect(html).toContain(pair?.verdict ?? 'no verdict');
  expect(html).toContain('What the thesis printed');
  const links = [...html.matchAll(/href="([^"#]+)"/g)].map(([, link = '']) => link);
  expect(links).toEqual(['variants/dense/report.html', 'variants/linear/report.html']);
  expect(links.filter((link) => !existsSync(join(study, link)))).toEqual([]);
});

test('docs/evaluation.md says what every lint rule guards against', () => {
  expect(Object.keys(rules).filter((id) => !page.includes(id))).toEqual([]);
});
