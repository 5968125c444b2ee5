import { defineVerb } from './define.ts';
import { jsonFlag, setFlag } from './shared-flags.ts';
import { print, printJson, say } from './terminal.ts';

export const show = defineVerb({
  name: 'show',
  summary: 'print the resolved config, each value with where it came from',
  arguments: 'FILE',
  flags: {
    set: setFlag,
    variant: { type: 'string', value: 'NAME', description: 'show this variant of a study' },
    json: jsonFlag,
  },
  async run({ arguments: [file = ''], flags }) {
    const { loadExperiment } = await import('../config/load.ts');
    const loaded = loadExperiment(file, { set: flags.set, variant: flags.variant });
    const [first, ...others] = loaded.variants;
    if (first !== undefined && flags.variant === undefined)
      say(`this is "${first}", one of ${others.length + 1} variants; --variant NAME shows another`);
    if (flags.json) {
      printJson(loaded.config);
      return 0;
    }
    const { annotated } = await import('../config/annotate.ts');
    print(annotated(loaded));
    return 0;
  },
});
