/** The report as people meet it: in a browser, without the dataset. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { writeReport } from '../../src/report/write-report.ts';
import type { ExperimentResult } from '../../src/result/experiment-result.ts';
import type { RunPaths } from '../../src/result/run-directory.ts';
import { attack, finishedRun } from './synthetic-run.ts';

let browser: Browser;
let run: { paths: RunPaths; result: ExperimentResult };
const patience = 60_000;

beforeAll(async () => {
  // Debian's chromium; in containers its own sandbox has no rights.
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  run = await finishedRun();
}, patience);
afterAll(() => browser.close(), patience);

/** The page, and whatever it asked the network for or complained about. */
const open = async (file: string, options: BrowserContextOptions = {}) => {
  const page = await (await browser.newContext(options)).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
  });
  await page.goto(`file://${file}`);
  return { page, complaints };
};

/** The exact numbers of a row's cells, in order; null where the cell has none. */
const valuesOf = (page: Page, row: string): Promise<(number | null)[]> =>
  page
    .locator(row)
    .locator('td.number')
    .evaluateAll((cells) =>
      cells.map((cell) => {
        const value = cell.getAttribute('data-value');
        return value === null ? null : Number(value);
      }),
    );

test(
  'the numbers on the page are those of result.json',
  async () => {
    const { page } = await open(run.paths.report);
    const { result } = run;
    const overall = Object.keys(result.summary).filter((name) => !name.includes('['));
    expect(overall.length).toBeGreaterThan(10);
    for (const name of overall) {
      const { mean, pooled } = result.summary[name] ?? {};
      const row = `#metrics tr[data-metric="${name}"]`;
      const [shownMean, , shownPooled, , knowNothing] = await valuesOf(page, row);
      expect([shownMean, shownPooled, knowNothing]).toEqual([
        mean,
        pooled,
        result.know_nothing[name],
      ]);
    }
    for (const { fold, epochs_run, best_epoch, seconds, metrics } of result.folds) {
      const columns = ['accuracy', 'balanced_accuracy', 'f1_macro', 'auc', 'log_loss'];
      expect(await valuesOf(page, `#folds tr[data-fold="${fold}"]`)).toEqual([
        epochs_run,
        best_epoch,
        seconds,
        ...columns.map((name) => metrics[name]),
      ]);
      expect(await valuesOf(page, `.all-folds tr[data-fold="${fold}"]`)).toEqual(
        overall.map((name) => metrics[name]),
      );
    }
    for (const [index, { name }] of result.dataset.classes.entries()) {
      const shown = await valuesOf(page, `#classes tbody tr:nth-child(${index + 1})`);
      expect(shown.slice(0, 3)).toEqual(
        ['precision', 'recall', 'f1'].map((score) => result.summary[`${score}[${name}]`]?.mean),
      );
    }
    const headline = page.locator('#headline');
    expect(Number(await headline.getAttribute('data-value'))).toBe(result.summary.accuracy?.mean);
    expect(await headline.textContent()).toBe(
      `${result.summary.accuracy?.mean?.toFixed(4)} ± ${result.summary.accuracy?.sd?.toFixed(4)}`,
    );
  },
  patience,
);

test(
  'the classification report is that of the pooled predictions',
  async () => {
    const { page } = await open(run.paths.report);
    const { pooled, summary } = run.result;
    const rows = page.locator('#classification-report tbody tr');
    for (const [index, row] of (pooled?.per_class ?? []).entries())
      expect(
        await valuesOf(page, `#classification-report tbody tr:nth-child(${index + 1})`),
      ).toEqual([row.precision, row.recall, row.f1, null]);
    expect(await rows.locator('th').allTextContents()).toEqual(
      expect.arrayContaining(['accuracy', 'macro avg', 'weighted avg']),
    );
    const accuracy = await valuesOf(page, '#classification-report tr[data-row="accuracy"]');
    expect(accuracy[2]).toBe(summary.accuracy?.pooled);
    for (const average of ['macro', 'weighted']) {
      const shown = await valuesOf(page, `#classification-report tr[data-row="${average} avg"]`);
      for (const [column, score] of ['precision', 'recall', 'f1'].entries())
        expect(shown[column]).toBeCloseTo(summary[`${score}_${average}`]?.pooled ?? Number.NaN, 12);
    }
  },
  patience,
);

test(
  'duplicates are shown with what they did to the accuracy, without the dataset',
  async () => {
    const { page } = await open(run.paths.report);
    const { twins } = run.result;
    expect(twins?.identical.with.samples).toBe(4);
    expect(await valuesOf(page, '#twins tbody tr:nth-child(1)')).toEqual([
      null,
      twins?.identical.with.accuracy,
      null,
      twins?.identical.without.accuracy,
    ]);
    const labels = page.locator('.clusters.conflicting figcaption');
    expect(await labels.allTextContents()).toEqual([attack, 'a|b "c" & d']);
    expect(await page.locator('.clusters.identical img, .clusters.near img').count()).toBe(4);
  },
  patience,
);

test(
  'the first page says what must not be overlooked',
  async () => {
    const { page } = await open(run.paths.report, { viewport: { width: 1200, height: 900 } });
    expect(await page.locator('.headline .name').allTextContents()).toEqual([
      'accuracy',
      'balanced_accuracy',
      'f1_macro',
    ]);
    const lowest = run.result.pooled?.per_class
      .slice()
      .sort((a, b) => (a.recall ?? 0) - (b.recall ?? 0));
    expect(await page.locator('.worst-class').textContent()).toBe(lowest?.[0]?.class);
    const loud = page.locator('.banner.loud');
    expect(await loud.textContent()).toContain('Synthetic pictures');
    expect(await page.locator('.finding.off').textContent()).toMatch(
      /SPLIT001 is switched off: “<img .*”.*not stratified/s,
    );
    for (const what of [loud, page.locator('.verdict'), page.locator('.finding').first()])
      expect((await what.boundingBox())?.y).toBeLessThan(900);
  },
  patience,
);

test(
  'no table is wider than a desktop page, and class counts are those of the split',
  async () => {
    const { page } = await open(run.paths.report, { viewport: { width: 1200, height: 900 } });
    expect(
      await page.evaluate(
        '[...document.querySelectorAll(".scroll, figure")].filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent.slice(0, 60))',
      ),
    ).toEqual([]);
    const counts = await page
      .locator('#class-counts tbody td[data-value]')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-value'))));
    expect(counts).toEqual(run.result.split.folds.flatMap(({ test_classes }) => test_classes));
  },
  patience,
);

test(
  'every row of the averaged confusion matrix adds up to 1',
  async () => {
    const { page } = await open(run.paths.report);
    const rows = await page
      .locator('#confusion tbody tr')
      .evaluateAll((elements) =>
        elements.map((row) =>
          [...row.querySelectorAll('td')].map((cell) => Number(cell.getAttribute('data-value'))),
        ),
      );
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  },
  patience,
);

test(
  'names that want to be code stay text, and the page asks for nothing',
  async () => {
    const { page, complaints } = await open(run.paths.report);
    expect(await page.title()).toContain(attack);
    expect(await page.locator('#classes tbody th').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining(attack)]),
    );
    expect(await page.locator('img:not([src^="data:"]), script').count()).toBe(0);
    expect(await page.locator('main svg').count()).toBeGreaterThan(6);
    expect(await page.locator('#mistakes img').count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  },
  patience,
);

test(
  'it fits a phone, and is light or dark as the reader likes',
  async () => {
    const shades: number[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const viewport = { width: 360, height: 780 };
      const { page } = await open(run.paths.report, { viewport, isMobile: true, colorScheme });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      const color = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      shades.push(Number(/\d+/.exec(String(color))?.[0]));
      // Texts of the charts have the colour of the page's text.
      expect(
        await page.evaluate(
          'getComputedStyle(document.querySelector("figure svg text")).fill === getComputedStyle(document.body).color',
        ),
      ).toBe(true);
    }
    expect(shades[0]).toBeGreaterThan(200);
    expect(shades[1]).toBeLessThan(60);
  },
  patience,
);

test(
  'rendered again without the dataset it has the same bytes',
  async () => {
    const before = readFileSync(run.paths.report);
    await writeReport(run.paths);
    expect(readFileSync(run.paths.report).equals(before)).toBe(true);
  },
  patience,
);

test(
  'with a failed fold there is no mean anywhere, and the page says why',
  async () => {
    const { paths } = await finishedRun(1);
    const { page } = await open(paths.report);
    const [mean, , pooled] = await valuesOf(page, '#metrics tr[data-metric="accuracy"]');
    expect([mean, pooled]).toEqual([null, null]);
    expect(await page.locator('#confusion, #classification-report, .worst-class').count()).toBe(0);
    expect(await page.locator('table.confusion').count()).toBe(2);
    expect(await page.locator('.banner').allTextContents()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/2 of 3 folds\..*Fold 1 failed: out of memory/s),
      ]),
    );
    expect(await page.locator('.verdict').textContent()).toBe('Inconclusive');
  },
  patience,
);

test('summary.md holds the verdict and the same numbers, and no markup of the user', () => {
  const summary = readFileSync(run.paths.summary, 'utf8');
  const { mean, sd } = run.result.summary.accuracy ?? {};
  expect(summary).toMatch(/^# tricky .*passed/);
  expect(summary).toContain(`| accuracy | ${mean?.toFixed(4)} ± ${sd?.toFixed(4)} |`);
  expect(summary).not.toContain('<');
  expect(summary).toMatch(/- Recognised least: .* \(recall 0\.\d{4} ± /);
  expect(summary).toMatch(/- off SPLIT001 \(&#60;img .*\): not stratified/);
});
