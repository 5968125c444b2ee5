import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { ExperimentError } from '../errors.ts';
import { installation } from '../installation.ts';
import { defineVerb } from './define.ts';
import { print } from './terminal.ts';

export const init = defineVerb({
  name: 'init',
  summary: 'write a commented new experiment that runs as it is',
  arguments: '[NAME]',
  flags: {},
  run({ arguments: [name = 'my-experiment'] }) {
    const file = fileFor(name);
    if (existsSync(file))
      throw new ExperimentError('USAGE', `${shown(file)} is there already`, 'choose another name');
    const text = experimentText(file);
    mkdirSync(dirname(file), { recursive: true });
    // wx: never over a file that came in between.
    writeFileSync(file, text, { flag: 'wx' });
    print(`${shown(file)} is written. Next:`);
    print(`  npm run exp ${shown(file)}`);
    return 0;
  },
});

/** `NAME` means `experiments/NAME.yaml` here; a path is taken as it is. */
const fileFor = (name: string): string => {
  if (/[\\/]|\.ya?ml$/.test(name)) return resolve(/\.ya?ml$/.test(name) ? name : `${name}.yaml`);
  if (!/^[A-Za-z0-9][A-Za-z0-9._ -]{0,99}$/.test(name))
    throw new ExperimentError('USAGE', `"${name}" is no plain name`, 'letters, digits, . _ -');
  return resolve('experiments', `${name}.yaml`);
};

const experimentText = (file: string): string => {
  const from = (path: string) => relative(dirname(file), resolve(installation, path));
  const values: Readonly<Record<string, string>> = {
    schema: from('schemas/experiment.schema.json'),
    data: JSON.stringify(from('data/digits.csv')),
    file: shown(file),
    name: file.replace(/^.*[\\/]|\.ya?ml$/g, ''),
  };
  const template = readFileSync(resolve(installation, 'templates/experiment.yaml'), 'utf8');
  return template.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? '');
};

const shown = (file: string): string => relative(process.cwd(), file);
