import { defineVerb } from './define.ts';
import { runsDirectory } from './runs-directory.ts';
import { jsonFlag } from './shared-flags.ts';
import { print, printJson, say } from './terminal.ts';

export const sync = defineVerb({
  name: 'sync',
  summary: 'send what MLflow has not got yet',
  arguments: '[RUN…]',
  flags: { json: jsonFlag },
  async run({ arguments: names, flags }) {
    const { findRuns } = await import('../result/find-run.ts');
    const { runsBelow, syncRuns, targetOf } = await import('../tracking/mlflow/sync.ts');
    const { runningMlflowServer } = await import('../tracking/mlflow/server.ts');
    const runs =
      names.length === 0
        ? runsBelow(runsDirectory())
        : names.flatMap((name) => findRuns(runsDirectory(), name));
    const local = await runningMlflowServer('mlruns');
    const fallback = local === null ? null : { uri: local.uri, headers: {} };
    const outcomes = await syncRuns(
      runs,
      (paths) => targetOf(paths, process.env) ?? fallback,
      process.env,
      say,
    );
    const count = (states: readonly string[]) =>
      outcomes.filter(({ state }) => states.includes(state)).length;
    if (flags.json) printJson(outcomes);
    else
      print(
        `${count(['sent'])} of ${outcomes.length} runs sent, ${count(['up_to_date'])} were there`,
      );
    return count(['refused']) === 0 ? 0 : 4;
  },
});
