/**
 * The verbs, in the order of the help.
 *
 * To add one: (1) copy `src/cli/validate.ts` to `src/cli/<name>.ts`: name, summary, arguments,
 * typed flags, `run`; import what is heavy inside `run`, print with `terminal.ts`, throw
 * `ExperimentError` for what the user can mend and return the exit code. (2) Add its name below.
 * Help, parsing, "did you mean" and `--help` of the verb follow.
 */

import { baseline } from './baseline.ts';
import { cache } from './cache.ts';
import { check } from './check.ts';
import { compare } from './compare.ts';
import type { Verb } from './define.ts';
import { doctor } from './doctor.ts';
import { exportVerb } from './export.ts';
import { init } from './init.ts';
import { plan } from './plan.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { schema } from './schema.ts';
import { show } from './show.ts';
import { sync } from './sync.ts';
import { ui } from './ui.ts';
import { validate } from './validate.ts';

/** Verbs differ in their flags; the parser gives each what its own flags say. */
type AnyVerb = Omit<Verb, 'run'> & { run(call: never): Promise<number> | number };

const registry = {
  run,
  validate,
  plan,
  show,
  check,
  baseline,
  report,
  compare,
  export: exportVerb,
  sync,
  ui,
  init,
  schema,
  cache,
  doctor,
} satisfies Record<string, AnyVerb>;

// The parser hands each verb what its own flags describe, so the difference in `run` is safe.
export const verbs = registry as unknown as Readonly<Record<string, Verb>>;
