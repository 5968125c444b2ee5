/** `--help`, of the command and of each verb. */
import type { Flag, Verb } from './define.ts';

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
};

export const commandHelp = (verbs: Readonly<Record<string, Verb>>): string =>
  [
    'foldwise: cross-validated image classification experiments, written in YAML.',
    '',
    'usage: foldwise VERB … | foldwise FILE.yaml (run it)',
    '',
    columns(
      Object.values(verbs).map((verb) => [`${verb.name} ${verb.arguments}`.trim(), verb.summary]),
    ),
    '',
    'foldwise VERB --help tells its flags. --version tells the version.',
    'Exit codes: 0 done and thresholds held, 1 a threshold missed, 2 config, data or usage error,',
    '3 inconclusive, 4 the environment failed, 70 a bug of ours, 130 interrupted.',
  ].join('\n');

export const verbHelp = (verb: Verb): string => {
  const flags = Object.entries(verb.flags);
  return [
    `usage: foldwise ${verb.name} ${verb.arguments}`.trim() + (flags.length > 0 ? ' [flags]' : ''),
    '',
    verb.summary,
    ...(flags.length > 0
      ? ['', columns(flags.map(([name, flag]) => [flagWords(name, flag), flagText(flag)]))]
      : []),
  ].join('\n');
};

const flagWords = (name: string, flag: Flag): string => {
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  if (flag.type === 'boolean') return `${short}--${name}`;
  return 'optional' in flag && flag.optional
    ? `${short}--${name}[=${flag.value}]`
    : `${short}--${name} ${flag.value}`;
};

const flagText = (flag: Flag): string =>
  flag.type !== 'boolean' && flag.multiple ? `${flag.description} (repeatable)` : flag.description;
