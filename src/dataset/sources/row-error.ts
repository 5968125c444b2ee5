import { ExperimentError } from '../../errors.ts';
import { shownPath } from './define.ts';

/** An error at a line of a data file. */
export const rowError = (path: string, line: number, message: string, hint?: string) =>
  new ExperimentError('DATA_INVALID', `${shownPath(path)}:${line}: ${message}`, hint);
