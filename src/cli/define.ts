/**
 * What a verb of the command line is: words for the help, typed flags, and what it does.
 * May not: import anything heavy. Verbs import what they need inside `run`.
 */

type FlagBase = {
  readonly description: string;
  /** One letter, for `-o`. */
  readonly short?: string;
};
export type Flag = FlagBase &
  (
    | { readonly type: 'boolean' }
    | {
        readonly type: 'string' | 'integer';
        /** What the value is called in the help: `PATH=VALUE`. */
        readonly value: string;
        readonly choices?: readonly string[];
        readonly multiple?: false;
        /** May stand without a value: `--resume` or `--resume=RUN`. */
        readonly optional?: true;
      }
    | { readonly type: 'string'; readonly value: string; readonly multiple: true }
  );
export type Flags = { readonly [name: string]: Flag };

/** What `run` gets: booleans always, lists always, other values where they were given. */
export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends { readonly type: 'boolean' }
    ? boolean
    : F[Name] extends { readonly multiple: true }
      ? readonly string[]
      : F[Name] extends { readonly type: 'integer' }
        ? number | undefined
        : F[Name] extends { readonly choices: readonly (infer Choice)[] }
          ? Choice | undefined
          : string | undefined;
};

export type Call<F extends Flags> = {
  /** What is left of the words: files, runs. Their number has been checked. */
  readonly arguments: readonly string[];
  readonly flags: FlagValues<F>;
};

export type Verb<F extends Flags = Flags> = {
  readonly name: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** `FILE`, `FILE…` (one or more), `[NAME]`, `RUN PATH…`, or nothing. */
  readonly arguments: string;
  readonly flags: F;
  /** Prints its result to stdout, everything else to stderr, and gives the exit code. */
  run(call: Call<F>): Promise<number> | number;
};

export const defineVerb = <const F extends Flags>(verb: Verb<F>): Verb<F> => verb;
