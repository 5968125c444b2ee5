/** argv → the verb and its typed flags. Flags stand in any order; what nobody knows is an error. */
import { parseArgs } from 'node:util';
import { ExperimentError } from '../errors.ts';
import type { Call, Flag, Flags, Verb } from './define.ts';

/** Did you mean, without loading the config. */
export type Suggest = (word: string, candidates: readonly string[]) => string | undefined;

type Registry = { readonly [name: string]: Verb };

/** The verb that the first word names; a YAML file means `run`. */
export const chooseVerb = (
  words: readonly string[],
  verbs: Registry,
  suggest: Suggest,
): { readonly verb: Verb; readonly words: readonly string[] } => {
  const isVerb = (word: string) => Object.hasOwn(verbs, word);
  // A flag's value may stand before the verb: the first word that is one counts.
  const index = words.findIndex(isVerb);
  const verb = verbs[words[index] ?? ''];
  if (verb) return { verb, words: words.filter((_, position) => position !== index) };
  const isFile = (word: string) => /\.ya?ml$/i.test(word);
  const first = words.find((word) => !word.startsWith('-'));
  if (first === undefined)
    throw new ExperimentError('USAGE', 'say what to do', 'foldwise --help lists the verbs');
  const leadsToFile = first !== words[0] && words.some(isFile);
  const run = verbs.run;
  if (run && (isFile(first) || leadsToFile)) return { verb: run, words };
  throw new ExperimentError(
    'USAGE',
    `there is no verb "${first}"`,
    suggest(first, Object.keys(verbs)) ?? 'foldwise --help lists the verbs',
  );
};

/** Reads a verb's arguments and flags. Throws USAGE for anything that does not belong to it. */
export const readCall = (verb: Verb, words: readonly string[], suggest: Suggest): Call<Flags> => {
  const { tokens } = parseArgs({
    args: normalize(verb.flags, words),
    options: Object.fromEntries(
      Object.entries(verb.flags).map(([name, flag]) => [
        name,
        {
          type: flag.type === 'boolean' ? ('boolean' as const) : ('string' as const),
          multiple: true,
          ...(flag.short === undefined ? {} : { short: flag.short }),
        },
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = verb.flags[token.name];
    if (!flag) throw unknownFlag(verb, token.rawName, suggest);
    if (flag.type === 'boolean' && token.value !== undefined)
      throw new ExperimentError('USAGE', `${token.rawName} takes no value`);
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? '']);
  }
  checkCount(verb, positionals);
  const values = Object.entries(verb.flags).map(([name, flag]) => [
    name,
    flagValue(name, flag, given.get(name)),
  ]);
  return { arguments: positionals, flags: Object.fromEntries(values) };
};

/** `--resume` without `=` takes no value where the value is optional; parseArgs would take the next word. */
const normalize = (flags: Flags, words: readonly string[]): string[] =>
  words.map((word) => {
    const flag = word.startsWith('--') ? flags[word.slice(2)] : undefined;
    return flag && 'optional' in flag && flag.optional ? `${word}=` : word;
  });

const unknownFlag = (verb: Verb, rawName: string, suggest: Suggest): ExperimentError => {
  const names = Object.keys(verb.flags);
  const suggestion = suggest(rawName.replace(/^-+/, ''), names);
  const known = names.map((name) => `--${name}`).join(', ');
  return new ExperimentError(
    'USAGE',
    `${verb.name} has no flag ${rawName}`,
    suggestion?.replace('"', '"--') ?? (known ? `it takes ${known}` : 'it takes none'),
  );
};

const flagValue = (name: string, flag: Flag, given: readonly string[] | undefined): unknown => {
  if (flag.type === 'boolean') return given !== undefined;
  if (flag.multiple) return given ?? [];
  const value = given?.at(-1);
  if (value === undefined) return undefined;
  if (given && given.length > 1)
    throw new ExperimentError('USAGE', `--${name} is given more than once`);
  if (value === '' && !flag.optional)
    throw new ExperimentError('USAGE', `--${name} needs a value: --${name} ${flag.value}`);
  if (flag.choices && value !== '' && !flag.choices.includes(value))
    throw new ExperimentError('USAGE', `--${name} is one of ${flag.choices.join(', ')}`);
  if (flag.type === 'string') return value;
  if (!/^\d+$/.test(value))
    throw new ExperimentError('USAGE', `--${name} takes a whole number, not "${value}"`);
  return Number(value);
};

/** `FILE [NAME] PATH…`: how many words are asked for. */
const checkCount = (verb: Verb, positionals: readonly string[]): void => {
  const slots = verb.arguments.split(' ').filter((slot) => slot !== '');
  const least = slots.filter((slot) => !slot.startsWith('[')).length;
  const most = slots.some((slot) => slot.includes('…')) ? Infinity : slots.length;
  const usage = `foldwise ${verb.name} ${verb.arguments}`.trim();
  if (positionals.length < least)
    throw new ExperimentError('USAGE', `${verb.name} needs ${verb.arguments}`, `usage: ${usage}`);
  if (positionals.length > most)
    throw new ExperimentError(
      'USAGE',
      `${verb.name} does not take "${positionals[most]}"`,
      `usage: ${usage}`,
    );
};
