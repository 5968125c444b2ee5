/** Intervals as they are shown: not beyond what the metric can be. */
import { range } from '../metrics/names.ts';
import { type Cell, textCell } from './cell.ts';
import { formatInterval } from './format.ts';

type Interval = readonly [number, number] | null;

/** True where an end lies outside of the metric's range: a t interval knows nothing of it. */
export function reachesBeyond(metric: string, interval: Interval): boolean {
  const [lowest, highest] = range(metric);
  return interval !== null && (interval[0] < lowest || interval[1] > highest);
}

/** Cut at the ends of the range; the whole interval is in the cell's title. */
export function intervalCell(metric: string, interval: Interval): Cell {
  if (interval === null || !reachesBeyond(metric, interval))
    return textCell(formatInterval(interval));
  const [lowest, highest] = range(metric);
  const inside = (value: number) => Math.min(highest, Math.max(lowest, value));
  const shown = formatInterval([inside(interval[0]), inside(interval[1])]);
  return textCell(
    shown,
    null,
    `computed: ${formatInterval(interval)}, cut to what ${metric} can be`,
  );
}
