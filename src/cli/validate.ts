import type { LoadedExperiment } from '../config/load.ts';
import { defineVerb } from './define.ts';
import { endWith, failureCode, failureData } from './failure.ts';
import { jsonFlag, setFlag } from './shared-flags.ts';
import { print, printJson, say } from './terminal.ts';

export const validate = defineVerb({
  name: 'validate',
  summary: 'check experiment files: everything wrong at once; trains nothing',
  arguments: 'FILE…',
  flags: { set: setFlag, json: jsonFlag },
  async run({ arguments: files, flags }) {
    const { loadExperiment } = await import('../config/load.ts');
    const results = files.map((file): Result => {
      try {
        return { file, experiment: loadExperiment(file, { set: flags.set }) };
      } catch (error) {
        return { file, error };
      }
    });
    if (flags.json) {
      printJson(results.map(asData));
      return Math.max(
        ...results.map((result) => ('error' in result ? failureCode(result.error) : 0)),
      );
    }
    return Math.max(...results.map(report));
  },
});

type Result = { readonly file: string } & (
  | { readonly experiment: LoadedExperiment }
  | { readonly error: unknown }
);

const report = (result: Result): number => {
  if ('error' in result) return endWith(result.error, false);
  const { variants, notes } = result.experiment;
  print(`${result.file}: valid${variants.length > 0 ? `, ${variants.length} variants` : ''}`);
  for (const { message, hint } of notes) say(`  note: ${message}${hint ? `; ${hint}` : ''}`);
  return 0;
};

const asData = (result: Result) =>
  'error' in result
    ? { file: result.file, valid: false, error: failureData(result.error) }
    : {
        file: result.file,
        valid: true,
        variants: result.experiment.variants,
        notes: result.experiment.notes,
      };
