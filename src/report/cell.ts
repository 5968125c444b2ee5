/** A table cell: the number as people read it, and exactly as result.json has it. */
import { formatValue, missing } from './format.ts';

export type Cell = {
  readonly text: string;
  /** The number itself, in the page's `data-value`; null where there is none. */
  readonly value: string | null;
  /** Marks the cell for the style sheet: `bad`, `good`. */
  readonly mark: 'bad' | 'good' | null;
  /** What a pointer over the cell tells. */
  readonly title: string | null;
};

export const numberCell = (
  value: number | null | undefined,
  format: (value: number) => string = formatValue,
  mark: Cell['mark'] = null,
): Cell =>
  value === null || value === undefined
    ? textCell(missing)
    : { text: format(value), value: String(value), mark, title: null };

export const textCell = (
  text: string,
  mark: Cell['mark'] = null,
  title: string | null = null,
): Cell => ({ text, value: null, mark, title });
