/** How a failure ends the command: the one place that prints errors and chooses the exit code. */
import { asExperimentError, exitCodes } from '../errors.ts';
import { printJson, red, say } from './terminal.ts';

/** EX_SOFTWARE of sysexits.h. */
const bug = 70;

/** Prints what went wrong; gives the exit code. With `json`, on stdout, for programs. */
export const endWith = (error: unknown, json: boolean): number => {
  const known = asExperimentError(error);
  if (json) printJson({ error: failureData(error) });
  else if (known) {
    say(`${red('error', process.stderr)}: ${known.message}`);
    if (known.hint !== undefined) say(`\n${known.hint}`);
  } else {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    say('\nThis is a bug in foldwise. Please report it with the lines above, the command and');
    say('the experiment file; `foldwise doctor` describes this machine.');
  }
  return failureCode(error);
};

/** The exit code of a failure. */
export const failureCode = (error: unknown): number => {
  const known = asExperimentError(error);
  return known ? exitCodes[known.code] : bug;
};

/** A failure as plain data, for `--json`. */
export const failureData = (error: unknown) => {
  const known = asExperimentError(error);
  if (known === undefined) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { code: 'BUG', message, hint: null, stack };
  }
  const { code, message, hint = null } = known;
  // A config error brings its problems as data.
  return { code, message, hint, ...('problems' in known ? { problems: known.problems } : {}) };
};
