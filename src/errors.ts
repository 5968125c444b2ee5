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
