/** The description that MLflow shows above a run. It is folded after five lines: result first. */
import { headlineMetric } from '../../result/headline.ts';
import { valueAt } from '../mapping.ts';
import type { RunRecord } from '../run-record.ts';
import { ofAllClasses } from './metric-points.ts';

/** Markdown; null while there is no result. */
export const noteOf = (record: RunRecord): string | null => {
  const { config, result } = record;
  if (result === null) return null;
  const rows = Object.entries(ofAllClasses(result.summary)).map(
    ([name, { mean, sd, pooled }]) =>
      `| ${name} | ${number(mean)} | ${number(sd)} | ${number(pooled)} | ${number(
        result.know_nothing[name] ?? null,
      )} |`,
  );
  const description = valueAt(config, 'description');
  return [
    headline(record),
    ...(typeof description === 'string' ? [description] : []),
    [
      '| metric | mean | sd (n − 1) | pooled | know-nothing |',
      '|---|---|---|---|---|',
      ...rows,
    ].join('\n'),
  ].join('\n\n');
};

const headline = ({ result }: RunRecord): string => {
  if (result === null) return '';
  const done = result.folds.filter(({ status }) => status === 'completed').length;
  const parts = [
    `${done} of ${result.folds.length} folds`,
    `thresholds: ${result.thresholds.verdict}`,
  ];
  const name = headlineMetric(result);
  const summary = name === null ? undefined : result.summary[name];
  if (summary === undefined) return parts.join(' · ');
  return [`**${name} ${number(summary.mean)} ± ${number(summary.sd)}**`, ...parts].join(' · ');
};

const number = (value: number | null): string => (value === null ? '–' : value.toFixed(4));
