import { expect, test } from '@jest/globals';
import { compareRuns } from '../../src/compare/compare-runs.ts';
import { renderComparison } from '../../src/report/comparison/render-comparison.ts';
import { thesisModels, thesisRun } from './thesis-runs.ts';

const render = (models = thesisModels, reports: readonly string[] = []) =>
  renderComparison(compareRuns(models.map(thesisRun)), { title: 'The thesis', reports });

/** The text of an element by its id, tags taken out. */
const textOf = (page: string, id: string): string =>
  (page.split(`id="${id}"`)[1] ?? '')
    .split(/<\/(?:p|table|section)>/)[0]
    ?.replace(/<[^>]*>/g, ' ') ?? '';

test('the verdict in words stands first, then what was printed beside what was meant', async () => {
  const page = await render();
  expect(textOf(page, 'verdict')).toContain(
    'sequential is better than vgg16 and resnet50 in accuracy.',
  );
  const order = ['id="verdict"', 'id="printed"', 'id="metrics"', 'id="tests"'].map((part) =>
    page.indexOf(part),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(page).toContain(
    'Binary accuracies run from 86.3 % to 89.7 %, 3.4 points apart; predicting nothing at all ' +
      'reaches 85.7 %. The true accuracies of the very same predictions run from 37.0 % to ' +
      '59.0 %, 22.0 points apart; always naming the largest class reaches 25.0 %.',
  );
});

test('the misleading table has the thesis’s columns and the know-nothing line', async () => {
  const page = await render();
  const words = textOf(page, 'misleading').split(/\s+/).join(' ');
  expect(words).toContain(
    'binary accuracy loss recall precision f1 sequential 0.8967 ± 0.0040 1.2700',
  );
  expect(words).toContain('knowing nothing 0.8571');
  const honest = textOf(page, 'honest').split(/\s+/).join(' ');
  expect(honest).toContain('vgg16 0.4100 ± 0.0040 disgust 0.0000');
  expect(honest).toContain('knowing nothing 0.2500');
});

test('tests stand by their names, and those that treat folds as independent are marked', async () => {
  const page = await render();
  for (const name of ['Nadeau and Bengio', 'Holm', 'McNemar', 'Friedman', 'Nemenyi'])
    expect(page).toContain(name);
  expect(page.match(/class="tag">optimistic/g)).toHaveLength(2);
  expect(page).toContain('data-pair="vgg16 − sequential"');
  expect(page).toContain('PROTO001');
  expect(page).toContain('Drawn by a program');
});

test('two models have no ranks; without binary metrics there is no misleading table', async () => {
  const honest = thesisModels
    .slice(0, 2)
    .map(({ metrics, ...model }) => ({ ...model, metrics: { accuracy: metrics.accuracy ?? 0 } }));
  const page = await render(honest);
  expect(page).not.toContain('id="ranks"');
  expect(page).not.toContain('id="printed"');
  expect(page).toContain('sequential is better than vgg16 in accuracy.');
});

test('the page needs nothing else, and text of the user stays text', async () => {
  const named = thesisModels.map((model, i) =>
    i === 0 ? { ...model, name: '<script>alert(1)</script>' } : model,
  );
  const page = await render(named, ['variants/a%20b/report.html']);
  expect(page).not.toMatch(/<script|<link|@import/);
  expect(page.replaceAll(/xmlns(:xlink)?="[^"]*"/g, '')).not.toMatch(/https?:/);
  expect(page).toContain('href="variants/a%20b/report.html"');
  expect(await render(named, ['variants/a%20b/report.html'])).toBe(page);
});

test('a score that is reached without looking at a picture is red, rounding aside', async () => {
  const nothing = thesisModels.map(({ metrics, ...model }) => ({
    ...model,
    metrics: { ...metrics, binary_accuracy: 6 / 7 + 1e-12 },
  }));
  const page = await render(nothing);
  expect(textOf(page, 'misleading')).toContain('0.8571 ± 0.0040');
  expect(
    page
      .split('id="misleading"')[1]
      ?.split('</tbody>')[0]
      ?.match(/number bad/g),
  ).toHaveLength(3);
});
