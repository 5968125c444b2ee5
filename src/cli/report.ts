import { defineVerb } from './define.ts';
import { print } from './terminal.ts';

export const report = defineVerb({
  name: 'report',
  summary: "render a run's report again from its own files",
  arguments: 'RUN',
  flags: {},
  async run({ arguments: [text = ''] }) {
    const [{ findRun }, { writeReport }, { runsDirectory }] = await Promise.all([
      import('../result/run-directory.ts'),
      import('../report/write-report.ts'),
      import('./runs-directory.ts'),
    ]);
    const paths = findRun(runsDirectory(), text);
    await writeReport(paths);
    print(paths.report);
    return 0;
  },
});
