/** Shows a study while it goes on: a heading for each variant, then its folds. */
import type { StudyWatcher } from '../execution/run-study.ts';
import { verdictLine } from '../report/describe-result.ts';
import { type Progress, showProgress } from './progress.ts';
import { bold, say } from './terminal.ts';

export function watchStudy(variants: number, signal: AbortSignal): StudyWatcher {
  let progress: Progress | undefined;
  return {
    onVariant(name, position, { config }) {
      say(bold(`variant ${position + 1}/${variants}  ${name}`, process.stderr));
      progress = showProgress(config, signal);
      return progress;
    },
    async onVariantEnded(_, { result }) {
      await progress?.close();
      say(verdictLine(result));
    },
  };
}
