/** A comparison of runs → one HTML page that needs nothing else. */
import type { Comparison } from '../../compare/comparison.ts';
import { renderPage } from '../page.ts';
import { template } from '../templates.ts';
import { folds } from './folds.ts';
import { metrics } from './metrics.ts';
import { models } from './models.ts';
import { overview } from './overview.ts';
import { printed } from './printed.ts';
import { ranks } from './ranks.ts';
import { tests } from './tests.ts';

const parts = [
  'report/cell',
  ...[
    'overview',
    'printed',
    'metrics',
    'pairs',
    'tests',
    'fold-values',
    'folds',
    'ranks',
    'models',
  ].map((part) => `comparison/${part}`),
];

export type ComparisonPage = {
  readonly title: string;
  /** Where each run's own report lies, relative to the page, in the order of the runs. */
  readonly reports: readonly string[];
};

/** The page. The same comparison gives the same bytes. */
export async function renderComparison(
  comparison: Comparison,
  { title, reports }: ComparisonPage,
): Promise<string> {
  return renderPage('comparison', parts, {
    title,
    css: template('report.css') + template('comparison/comparison.css'),
    overview: overview(comparison),
    printed: await printed(comparison),
    metrics: metrics(comparison),
    tests: await tests(comparison),
    ranks: ranks(comparison),
    folds: await folds(comparison),
    models: models(comparison, reports),
  });
}
