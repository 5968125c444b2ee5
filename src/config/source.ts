/** A text that config was read from, and places in it: a file or a `--set` argument. */
import { dirname, relative } from 'node:path';
import type { LineCounter } from 'yaml';
import type { SourcePosition } from '../errors.ts';

export type Source = {
  readonly kind: 'file' | 'set';
  /** Absolute path, or `--set` for an argument. */
  readonly file: string;
  /** What paths in this text are relative to. */
  readonly directory: string;
  readonly text: string;
  readonly lines: LineCounter;
};

/** The `file` of an argument. */
export const setFile = '--set';

/** A stretch of a source: offsets into its text. */
export type Place = { readonly source: Source; readonly start: number; readonly end: number };

export const fileSource = (file: string, text: string, lines: LineCounter): Source => ({
  kind: 'file',
  file,
  directory: dirname(file),
  text,
  lines,
});

export const positionOf = ({ source, start }: Place): SourcePosition => {
  const { line, col } = source.lines.linePos(start);
  return { file: source.file, line: Math.max(line, 1), column: Math.max(col, 1) };
};

/** The file as a user would type it: relative to the working directory where that is shorter. */
export const shownFile = (file: string): string => {
  const fromHere = relative(process.cwd(), file);
  return fromHere === '' || fromHere.length > file.length ? file : fromHere;
};

/** `experiments/x.yaml:4:7`, or `--set`. */
export const shownPosition = ({ file, line, column }: SourcePosition): string =>
  file === setFile ? file : `${shownFile(file)}:${line}:${column}`;
