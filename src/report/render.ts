/** Result and files of a run → one HTML page that needs nothing else. */
import type { ExperimentResult } from '../result/experiment-result.ts';
import type { RunPaths } from '../result/run-directory.ts';
import { readFigures } from './figures.ts';
import { renderPage } from './page.ts';
import { circumstances } from './sections/circumstances.ts';
import { data } from './sections/data.ts';
import { evaluation } from './sections/evaluation.ts';
import { model } from './sections/model.ts';
import { overview } from './sections/overview.ts';
import { training } from './sections/training.ts';
import { unseen } from './sections/unseen.ts';
import { template } from './templates.ts';

const parts = [
  'cell',
  'circumstances',
  'classes',
  'confusion',
  'data',
  'duplicates',
  'evaluation',
  'mistakes',
  'model',
  'overview',
  'split',
  'training',
  'unseen',
].map((part) => `report/${part}`);

/** The page. The same run gives the same bytes. User text is escaped by the templates. */
export async function renderReport(result: ExperimentResult, paths: RunPaths): Promise<string> {
  const figures = await readFigures(paths);
  return renderPage('report', parts, {
    title: titleOf(result),
    css: template('report.css'),
    overview: overview(result),
    evaluation: await evaluation(result),
    unseen: await unseen(result, paths),
    training: await training(result, paths),
    data: await data(result, figures),
    model: model(result),
    mistakes: figures.mistakes.map((mistake) => ({
      ...mistake,
      confidence: `${(100 * mistake.probability).toFixed(1)} %`,
    })),
    circumstances: circumstances(result, paths),
  });
}

function titleOf({ config, name }: ExperimentResult): string {
  const { report } = config;
  const title =
    typeof report === 'object' && report !== null && 'title' in report ? report.title : undefined;
  return typeof title === 'string' ? title : name;
}
