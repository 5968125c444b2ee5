/**
 * Every failure that a user can mend. Anything else that is thrown is a bug and keeps its stack.
 * Sections report `Problem`s at a path of the config; `config/` turns paths into file positions.
 */

/** Exit code of each kind of failure (DESIGN: exit codes). */
export const exitCodes = {
  CONFIG_SYNTAX: 2,
  CONFIG_INVALID: 2,
  USAGE: 2,
  DATA_MISSING: 2,
  DATA_INVALID: 2,
  INCONCLUSIVE: 3,
  NOT_COMPARABLE: 3,
  ENGINE: 4,
  GPU: 4,
  DISK: 4,
  MEMORY: 4,
  NETWORK: 4,
  /** Something of the machine besides the engine: Python, a server that will not start. */
  SETUP: 4,
  INTERRUPTED: 130,
} as const;

export type ErrorCode = keyof typeof exitCodes;

export type SourcePosition = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
};

/** Where in the config a value stands: `['model', 'layers', 0, 'units']`. */
export type ConfigPath = readonly (string | number)[];

/** One thing that is wrong in the config, found by the section that owns it. */
export type Problem = {
  readonly path: ConfigPath;
  readonly message: string;
  /** What to do about it, a sentence or "did you mean …". */
  readonly hint?: string | undefined;
  /** Point at the key itself, not at its value (an unknown key). */
  readonly atKey?: boolean | undefined;
  /** Further places that belong to it, such as where a block is used. */
  readonly related?: readonly { readonly path: ConfigPath; readonly message: string }[] | undefined;
};

export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  /** `message` says what is wrong and where, already laid out; `hint` says what to do. */
  constructor(code: ErrorCode, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** What the operating system can refuse and a user can mend, by its own codes (errno(3)). */
const refusals: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system can only be read',
  ENOTDIR: 'a file is where a directory should be',
  EEXIST: 'a file is where a directory should be',
  EMFILE: 'too many files are open',
  EIO: 'the disk does not work',
};

/** The failure as one that a user can mend, or undefined: then it is a bug. */
export function asExperimentError(error: unknown): ExperimentError | undefined {
  if (error instanceof ExperimentError) return error;
  // Whatever was thrown: the keys that are missing are undefined.
  const { code, path, syscall } = Object(error) as NodeJS.ErrnoException;
  const refusal = code === undefined ? undefined : refusals[code];
  if (refusal === undefined || syscall === undefined) return undefined;
  return new ExperimentError(
    'DISK',
    `${path ?? syscall}: ${refusal} (${code})`,
    'Mend that and run the same command again: what was finished is kept.',
  );
}
