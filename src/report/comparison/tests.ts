/** The paired tests by their names: differences, intervals, p-values, effect sizes. */
import type { ComparedPair, Comparison } from '../../compare/comparison.ts';
import { type Cell, numberCell, textCell } from '../cell.ts';
import { drawChart } from '../charts.ts';
import { formatCount, formatInterval, missing } from '../format.ts';
import { shownMetrics } from './metrics.ts';
import { markOf } from './overview.ts';

export async function tests(comparison: Comparison) {
  const { headline, mcnemar, pairs, runs } = comparison;
  const label = (position: number) => runs[position]?.label ?? '';
  const nameOf = ({ first, second }: Pick<ComparedPair, 'first' | 'second'>) =>
    `${label(second)} − ${label(first)}`;
  const of = (metric: string) => pairs.filter((pair) => pair.metric === metric);
  const rowsOf = (metric: string) =>
    of(metric).map((pair) => ({ metric, name: nameOf(pair), ...cellsOf(pair) }));
  return {
    any: pairs.length > 0,
    headline,
    chart:
      pairs.length === 0
        ? ''
        : await drawChart(
            'differences',
            of(headline).map((pair) => ({
              pair: nameOf(pair),
              difference: pair.difference,
              low: pair.ci95[0],
              high: pair.ci95[1],
              verdict: pair.verdict,
            })),
          ),
    rows: rowsOf(headline),
    others: shownMetrics(comparison)
      .filter((metric) => metric !== headline)
      .flatMap(rowsOf),
    mcnemar: mcnemar.map((test) => ({
      name: `${label(test.first)} and ${label(test.second)}`,
      onlyFirst: formatCount(test.onlyFirst),
      onlySecond: formatCount(test.onlySecond),
      p: numberCell(test.p, formatP),
    })),
  };
}

const cellsOf = (pair: ComparedPair): { readonly cells: readonly Cell[] } => ({
  cells: [
    numberCell(pair.difference, signed),
    textCell(formatInterval(pair.ci95)),
    pair.t === null ? textCell(missing) : numberCell(pair.t, (t) => `${t.toFixed(2)} (${pair.df})`),
    numberCell(pair.p, formatP),
    numberCell(pair.pHolm, formatP),
    numberCell(pair.effectSize, (d) => d.toFixed(2)),
    numberCell(pair.smallestDetectable),
    textCell(pair.verdict, markOf(pair)),
  ],
});

const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(4)}`;

/** Two digits, and never a p of nought. */
export const formatP = (p: number): string => (p < 0.0001 ? '< 0.0001' : p.toPrecision(2));
