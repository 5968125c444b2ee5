import { dirname, relative } from 'node:path';
import type { Comparison } from '../../compare/comparison.ts';
import { type RunPaths, writeAtomically } from '../../result/run-directory.ts';
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

/** A relative path as a link: variants may have spaces in their names. */
const linkTo = (path: string): string => path.split(/[\\/]/).map(encodeURIComponent).join('/');
