/** Charts: a Vega-Lite spec of `templates/charts/` and rows of data become an SVG. */
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { template } from './templates.ts';

export type ChartName =
  | 'calibration'
  | 'class-counts'
  | 'class-scores'
  | 'compared-folds'
  | 'curves'
  | 'differences'
  | 'fold-values'
  | 'printed'
  | 'seconds'
  | 'split';

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** SVG with a title; text and axes take the colour of the page around it. */
export async function drawChart(
  name: ChartName,
  rows: readonly Row[],
  title = '',
): Promise<string> {
  const spec = {
    ...JSON.parse(template(`charts/${name}.json`)),
    config: JSON.parse(template('charts/config.json')),
    datasets: { rows },
    ...(title === '' ? {} : { title }),
    padding: 2,
  } as TopLevelSpec; // the files are checked by the test that draws each of them
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  try {
    return scalable(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** As wide as it was drawn, narrower where the page is: the view box keeps the proportions. */
const scalable = (svg: string): string =>
  svg.replace(/^<svg([^>]*?) width="([\d.]+)" height="[\d.]+"/, '<svg$1 style="max-width:$2px"');
