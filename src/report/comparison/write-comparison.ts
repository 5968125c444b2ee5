import { dirname, join, relative } from 'node:path';
import type { Comparison } from '../../compare/comparison.ts';
import type { StudyRecord } from '../../compare/study-record.ts';
import { type RunPaths, runPaths, writeAtomically } from '../../result/run-directory.ts';
import { renderComparison } from './render-comparison.ts';

/** Writes the page to `file`, with links to the reports of `runs`, relative to it. */
export async function writeComparison(
  file: string,
  comparison: Comparison,
  { title, runs }: { readonly title: string; readonly runs: readonly RunPaths[] },
): Promise<void> {
  const reports = runs.map(({ report }) => linkTo(relative(dirname(file), report)));
  writeAtomically(file, await renderComparison(comparison, { title, reports }));
}

/** Writes a study's `comparison.html` and gives its path; null where there is nothing compared. */
export async function writeStudyComparison(
  directory: string,
  { comparison, name, variants }: StudyRecord,
): Promise<string | null> {
  if (!comparison) return null;
  const file = join(directory, 'comparison.html');
  const runs = variants.map((variant) => runPaths(join(directory, variant.directory)));
  await writeComparison(file, comparison, { title: name, runs });
  return file;
}

/** A relative path as a link: variants may have spaces in their names. */
const linkTo = (path: string): string => path.split(/[\\/]/).map(encodeURIComponent).join('/');
