/** Three models or more: Friedman's test, Nemenyi's p-values and the critical-difference diagram. */
import type { Comparison } from '../../compare/comparison.ts';
import { numberCell } from '../cell.ts';
import { rankDiagram } from './rank-diagram.ts';
import { formatP } from './tests.ts';

export function ranks({ headline, ranks: found, runs }: Comparison) {
  if (found === null) return null;
  const { chiSquare, df, meanRanks, nemenyi, p } = found;
  const labels = runs.map(({ label }) => label);
  return {
    headline,
    friedman:
      chiSquare === null
        ? 'All models tie in every fold.'
        : `χ² = ${chiSquare.toFixed(2)} with ${df} degrees of freedom, p = ${formatP(p)}`,
    difference: nemenyi.criticalDifference.toFixed(2),
    diagram: rankDiagram(labels, meanRanks, nemenyi.criticalDifference),
    labels,
    rows: labels.map((label, i) => ({
      label,
      rank: numberCell(meanRanks[i], (rank) => rank.toFixed(2)),
      cells: labels.map((_, j) =>
        i === j ? numberCell(null) : numberCell(nemenyi.p[i]?.[j], formatP),
      ),
    })),
  };
}
