/** How problems look: `file:line:column message`, the source line, a caret, the hint. */
import { ExperimentError, type Problem, type SourcePosition } from '../errors.ts';
import { type Place, positionOf, shownPosition } from './source.ts';
import { shownPath } from './tree.ts';

/** A problem with its place in a text, ready to be shown. */
export type PlacedProblem = Omit<Problem, 'related'> & {
  /** Absent where the config has no text for it (a default, a missing section of an empty file). */
  readonly at?: Place | undefined;
  readonly related?: readonly { readonly at?: Place | undefined; readonly message: string }[];
};

/** The same as plain data, for `--json`. */
export type ReportedProblem = {
  /** `model.layers[0].units` */
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
  readonly position: SourcePosition | null;
};

/** What is wrong with a config: one text with every problem, and the problems as data. */
export class ConfigError extends ExperimentError {
  readonly problems: readonly ReportedProblem[];

  constructor(code: 'CONFIG_SYNTAX' | 'CONFIG_INVALID', problems: readonly PlacedProblem[]) {
    super(code, problems.map(layOut).join('\n\n'));
    this.problems = problems.map(({ path, message, hint, at }) => ({
      path: shownPath(path),
      message,
      hint: hint ?? null,
      position: at ? positionOf(at) : null,
    }));
  }
}

/** A source line longer than this is cut around the caret. */
const widestLine = 120;

/** The source line with a caret under the place, or nothing for an empty line. */
export const codeFrame = (at: Place): string => {
  const { line, column } = positionOf(at);
  const text = at.source.text.split('\n', line)[line - 1]?.replace(/\r$/, '') ?? '';
  if (text.trim() === '') return '';
  const from = column > widestLine - 20 ? column - 40 : 0;
  const shown = text.slice(from, from + widestLine).replace(/\t/g, ' ');
  const before = Math.max(column - 1 - from, 0);
  const width = Math.max(1, Math.min(at.end - at.start, shown.length - before));
  const margin = (at.source.kind === 'set' ? '' : `${line}`).padStart(5);
  return `${margin} | ${shown}\n      | ${' '.repeat(before)}${'^'.repeat(width)}`;
};

const placed = (at: Place | undefined, message: string): string => {
  if (!at) return message;
  const frame = codeFrame(at);
  return `${shownPosition(positionOf(at))} ${message}${frame && `\n${frame}`}`;
};

/** One problem as lines of text. */
export const layOut = ({ message, hint, at, related = [] }: PlacedProblem): string =>
  [
    placed(at, message),
    ...related.map((further) => placed(further.at, further.message)),
    ...(hint === undefined ? [] : [`      ${hint}`]),
  ].join('\n');

/** In the order of the files' lines, each once. */
export const inOrder = (problems: readonly PlacedProblem[]): readonly PlacedProblem[] => {
  const unique = [...new Map(problems.map((problem) => [layOut(problem), problem])).values()];
  const files = [...new Set(unique.map(({ at }) => at?.source.text))];
  const rank = ({ at }: PlacedProblem) => [files.indexOf(at?.source.text), at?.start ?? 0] as const;
  return unique.sort((a, b) => {
    const [[fileA, startA], [fileB, startB]] = [rank(a), rank(b)];
    return fileA - fileB || startA - startB;
  });
};
