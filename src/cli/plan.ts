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
    const base = loadExperiment(file, { set: flags.set });
    // A study has a plan for each of its variants.
    const experiments = base.variants.length
      ? base.variants.map((variant) => ({
          ...loadExperiment(file, { set: flags.set, variant }),
          variantConfigs: base.variantConfigs,
        }))
      : [base];
    const observer = {
      onStep: () => {},
      onNote: (message: string) => say(`note: ${message}`),
    };
    const plans: Plan[] = [];
    for (const experiment of experiments) plans.push(await planExperiment(experiment, observer));
    if (flags.json) printJson(base.variants.length ? plans : plans[0]);
    else
      print(
        plans
          .map((planned, i) => [base.variants[i], describePlan(planned)].filter(Boolean).join('\n'))
          .join('\n\n'),
      );
    return 0;
  },
});
