import type { Plan } from '../execution/plan.ts';
import { defineVerb } from './define.ts';
import { jsonFlag, setFlag } from './shared-flags.ts';
import { print, printJson, say } from './terminal.ts';

export const plan = defineVerb({
  name: 'plan',
  summary: 'fold sizes, class counts, model, memory and time; trains nothing',
  arguments: 'FILE',
  flags: { set: setFlag, json: jsonFlag },
  async run({ arguments: [file = ''], flags }) {
    const [{ loadExperiment }, { planExperiment }, { describePlan }] = await Promise.all([
      import('../config/load.ts'),
      import('../execution/plan.ts'),
      import('./describe-plan.ts'),
    ]);
    const experiment = loadExperiment(file, { set: flags.set });
    const planned: Plan = await planExperiment(experiment, {
      onStep: () => {},
      onNote: (message) => say(`note: ${message}`),
    });
    if (flags.json) printJson(planned);
    else print(describePlan(planned));
    return 0;
  },
});
