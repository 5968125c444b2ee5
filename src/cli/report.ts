import type { StudyPaths } from '../result/find-run.ts';
import { defineVerb } from './define.ts';
import { print } from './terminal.ts';

export const report = defineVerb({
  name: 'report',
  summary: "render the report of a run, or a study's, again from its own files",
  arguments: 'RUN',
  flags: {},
  async run({ arguments: [text = ''] }) {
    const [{ findRuns, findStudy }, { writeReport }, { runsDirectory }] = await Promise.all([
      import('../result/find-run.ts'),
      import('../report/write-report.ts'),
      import('./runs-directory.ts'),
    ]);
    const root = runsDirectory();
    for (const run of findRuns(root, text)) {
      await writeReport(run);
      print(run.report);
    }
    const study = findStudy(root, text);
    if (study) await renderComparison(study);
    return 0;
  },
});

async function renderComparison({ directory }: StudyPaths): Promise<void> {
  const [{ readStudy }, { writeStudyComparison }] = await Promise.all([
    import('../compare/study-record.ts'),
    import('../report/comparison/write-comparison.ts'),
  ]);
  const file = await writeStudyComparison(directory, readStudy(directory));
  if (file !== null) print(file);
}
