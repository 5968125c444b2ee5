/** The report of a real run, as its reader meets it: in Chromium, on a phone, without the data. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { ExperimentResult } from '../../src/result/experiment-result.ts';
import { foldwise, makeWorkspace, readResult, runsOf, writeTinyExperiment } from './foldwise.ts';

jest.setTimeout(120_000);

const workspace = makeWorkspace();
/** What a class may be called by somebody who means no good. */
const attack = "<script>document.title='taken'</script>";
let browser: Browser;
let page: Page;
let run: string;
let result: ExperimentResult;
/** Whatever the page asks for beyond itself. */
const requests: string[] = [];

/** The digits, with the zeros called by another name. */
function renameZeros(): void {
  const file = workspace.path('data', 'digits.csv');
  const [header = '', ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const column = header.split(',').indexOf('label');
  const renamed = rows.map((row) =>
    row.split(',').map((cell, at) => (at === column && cell === '0' ? attack : cell)),
  );
  writeFileSync(file, [header, ...renamed.map((cells) => cells.join(','))].join('\n'));
}

beforeAll(async () => {
  renameZeros();
  writeTinyExperiment(workspace, 'thresholds:\n  - { metric: accuracy, min: 0.2 }\n');
  const { code } = await foldwise(workspace, ['experiments/tiny.yaml', '--no-track']);
  expect(code).toBe(0);
  run = runsOf(workspace, 'tiny')[0] ?? '';
  result = readResult(run);
  browser = await chromium.launch({
    // Debian's chromium; in containers its own sandbox has no rights.
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`file://${join(run, 'report.html')}`);
});

afterAll(() => browser.close());

/** The texts of a table's row, cell by cell, as a reader sees them. */
const textsOf = (row: string) => page.locator(`${row} td`).allInnerTexts();

const shown = (value: number | null | undefined) => value?.toFixed(4) ?? '—';

test('what is read in its tables is what result.json holds', async () => {
  const names = Object.keys(result.summary).filter((name) => !name.includes('['));
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const { mean, sd, pooled } = result.summary[name] ?? {};
    const [told, , all, , nothing] = await textsOf(`#metrics tr[data-metric="${name}"]`);
    const expected = mean == null ? '—' : `${shown(mean)} ± ${shown(sd)}`;
    expect([name, told, all, nothing]).toEqual([
      name,
      expected,
      shown(pooled),
      shown(result.know_nothing[name]),
    ]);
  }
  for (const { fold, metrics } of result.folds) {
    const cells = await textsOf(`#folds tr[data-fold="${fold}"]`);
    expect(cells).toEqual(expect.arrayContaining([shown(metrics.accuracy)]));
  }
  await expect(page.locator('#headline').innerText()).resolves.toBe(
    `${shown(result.summary.accuracy?.mean)} ± ${shown(result.summary.accuracy?.sd)}`,
  );
});

test('a class that is called like code stays text', async () => {
  expect(result.dataset.classes.map(({ name }) => name)).toContain(attack);
  expect(await page.title()).not.toBe('taken');
  expect(await page.locator('script').count()).toBe(0);
  expect((await page.locator('#classes tbody th').allInnerTexts()).join()).toContain(attack);
});

test('it asks for nothing but itself, and fits a phone', async () => {
  expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([
    `file://${join(run, 'report.html')}`,
  ]);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
});

test('report renders the same bytes when the data are gone', async () => {
  rmSync(workspace.path('data'), { recursive: true });
  const file = join(run, 'report.html');
  const before = readFileSync(file);
  rmSync(file);
  expect(await foldwise(workspace, ['report', 'tiny'])).toMatchObject({
    code: 0,
    stdout: `${file}\n`,
  });
  expect(readFileSync(file).equals(before)).toBe(true);
});
