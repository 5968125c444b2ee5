import { expect, test } from '@jest/globals';
import { didYouMean } from '../schema/suggest.ts';
import { chooseVerb, readCall } from './arguments.ts';
import { defineVerb, type Verb } from './define.ts';
import { commandHelp, verbHelp } from './help.ts';

const run = defineVerb({
  name: 'run',
  summary: 'train',
  arguments: 'FILE',
  flags: {
    set: { type: 'string', multiple: true, value: 'PATH=VALUE', description: 'change' },
    smoke: { type: 'boolean', description: 'two batches' },
    'folds-at-once': { type: 'integer', value: 'N', description: 'side by side' },
    device: { type: 'string', value: 'DEVICE', choices: ['cpu', 'gpu'], description: 'where' },
    resume: { type: 'string', value: 'RUN', optional: true, description: 'go on' },
    output: { type: 'string', short: 'o', value: 'FILE', description: 'write' },
  },
  run: () => 0,
});
const compare = defineVerb({
  name: 'compare',
  summary: 'compare',
  arguments: 'RUN RUN…',
  flags: {},
  run: () => 0,
});
// As the registry has them: the parser gives each verb its own flags.
const verbs = { run, compare } as unknown as Readonly<Record<string, Verb>>;

const read = (...words: string[]) => {
  const chosen = chooseVerb(words, verbs, didYouMean);
  return readCall(chosen.verb, chosen.words, didYouMean);
};

test('flags stand in any order and have their types', () => {
  const expected = {
    arguments: ['x.yaml'],
    flags: {
      set: ['a=1', 'b=c=d'],
      smoke: true,
      'folds-at-once': 2,
      device: 'cpu',
      resume: undefined,
      output: 'o.json',
    },
  };
  const flags = ['--set', 'a=1', '--smoke', '--folds-at-once=2', '-o', 'o.json'];
  expect(read('run', 'x.yaml', ...flags, '--set=b=c=d', '--device', 'cpu')).toEqual(expected);
  expect(read(...flags, 'run', '--device=cpu', '--set', 'b=c=d', 'x.yaml')).toEqual(expected);
});

test('a YAML file without a verb is run', () => {
  expect(read('a/b.yaml', '--smoke')).toMatchObject({ arguments: ['a/b.yaml'] });
  expect(read('--set', 'a=1', 'b.yaml')).toMatchObject({ arguments: ['b.yaml'] });
  expect(chooseVerb(['x.yml'], verbs, didYouMean).verb.name).toBe('run');
});

test('an optional value is only taken after =', () => {
  expect(read('run', '--resume', 'x.yaml')).toMatchObject({
    arguments: ['x.yaml'],
    flags: { resume: '' },
  });
  expect(read('run', '--resume=r1', 'x.yaml')).toMatchObject({ flags: { resume: 'r1' } });
});

test.each([
  [['rn', 'x.yaml'], 'there is no verb "rn"', 'did you mean "run"?'],
  [['run', 'x.yaml', '--smoek'], 'run has no flag --smoek', 'did you mean "--smoke"?'],
  [['compare', 'a', 'b', '--json'], 'compare has no flag --json', 'it takes none'],
  [['run', 'x.yaml', '--device', 'tpu'], '--device is one of cpu, gpu', undefined],
  [
    ['run', 'x.yaml', '--folds-at-once', 'two'],
    '--folds-at-once takes a whole number, not "two"',
    undefined,
  ],
  [['run', 'x.yaml', '--smoke=yes'], '--smoke takes no value', undefined],
  [['run', 'x.yaml', '--output'], '--output needs a value: --output FILE', undefined],
  [
    ['run', 'x.yaml', '--device=cpu', '--device=gpu'],
    '--device is given more than once',
    undefined,
  ],
  [['run'], 'run needs FILE', 'usage: foldwise run FILE'],
  [['run', 'a.yaml', 'b.yaml'], 'run does not take "b.yaml"', 'usage: foldwise run FILE'],
  [['compare', 'a'], 'compare needs RUN RUN…', 'usage: foldwise compare RUN RUN…'],
])('%j: %s', (words, message, hint) => {
  let caught: unknown;
  try {
    read(...words);
  } catch (error) {
    caught = error;
  }
  expect(caught).toMatchObject({ code: 'USAGE', message, hint });
});

test('the help names every verb and every flag', () => {
  expect(commandHelp(verbs)).toMatch(/run FILE +train\n {2}compare RUN RUN… +compare/);
  const help = verbHelp(run as unknown as Verb);
  expect(help).toContain('--set PATH=VALUE');
  expect(help).toContain('--resume[=RUN]');
  expect(help).toContain('-o, --output FILE');
});
