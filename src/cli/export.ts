import { defineVerb } from './define.ts';
import { jsonFlag } from './shared-flags.ts';
import { print, printJson } from './terminal.ts';

// `export` is a word of the language.
export const exportVerb = defineVerb({
  name: 'export',
  summary: 'save a model of a run for tfjs, with its labels and preprocessing',
  arguments: 'RUN',
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'DIR',
      description: 'the new folder to write; default: <experiment>-model',
    },
    fold: {
      type: 'integer',
      value: 'K',
      description: "this fold's model; default: the best by its validation part",
    },
    json: jsonFlag,
  },
  async run({ arguments: [text = ''], flags }) {
    const [{ findRun }, { readResult }, { chooseFold }, { exportModel }, { runsDirectory }] =
      await Promise.all([
        import('../result/find-run.ts'),
        import('../result/read-result.ts'),
        import('../execution/best-fold.ts'),
        import('../execution/export-model.ts'),
        import('./runs-directory.ts'),
      ]);
    const paths = findRun(runsDirectory(), text);
    const result = readResult(paths);
    const chosen = chooseFold(result, paths, flags.fold);
    const target = flags.output ?? `${result.name}-model`;
    const directory = exportModel(result, paths, chosen.fold, target);
    if (flags.json) printJson({ run_id: result.run_id, directory, ...chosen });
    else {
      const why = chosen.monitor === null ? '' : `, best by ${chosen.monitor} ${chosen.value}`;
      print(`${directory}  fold ${chosen.fold}${why}`);
    }
    return 0;
  },
});
