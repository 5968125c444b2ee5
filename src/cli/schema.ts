import { ExperimentError } from '../errors.ts';
import { defineVerb } from './define.ts';
import { printJson } from './terminal.ts';

export const schema = defineVerb({
  name: 'schema',
  summary: 'print the JSON Schema of experiments, or of results (schema result)',
  arguments: '[experiment|result]',
  flags: {},
  async run({ arguments: [which = 'experiment'] }) {
    if (which === 'result') printJson((await import('../result/result-schema.ts')).resultSchema);
    else if (which === 'experiment')
      printJson((await import('../config/publish.ts')).publishedExperimentSchema());
    else
      throw new ExperimentError(
        'USAGE',
        `there is no schema of "${which}"`,
        'experiment or result',
      );
    return 0;
  },
});
