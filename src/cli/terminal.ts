/** Where words go: results to stdout, everything that is said on the way to stderr. */

/** A line of the result. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** A result as JSON, for other programs. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** Something to know that is not the result. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

type Stream = { readonly isTTY?: boolean };

/** Colours only on a terminal, and never against https://no-color.org. */
export const takesColor = (stream: Stream, environment = process.env): boolean =>
  stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';

const paint = (code: number) => (text: string, stream: Stream) =>
  takesColor(stream) ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold = paint(1);
export const red = paint(31);
export const yellow = paint(33);
