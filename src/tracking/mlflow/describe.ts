/**
 * What MLflow shall hold of a run: one parent, one nested run per fold. Pure: the same run gives
 * the same description, point for point, so that sending it again changes nothing. Lists of
 * points only grow while a run goes on; what may still change is left out until the end.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FoldHistory } from '../history.ts';
import { type Mapping, textAt, valueAt } from '../mapping.ts';
import type { RunRecord } from '../run-record.ts';
import { datasetOfRun, datasetsOfFold } from './datasets.ts';
import type { DatasetInput, MetricPoint, TrackedStatus } from './endpoints.ts';
import { crossValidationPoints, epochPoints, finalPoints, meanCurves } from './metric-points.ts';
import { noteOf } from './note.ts';
import { foldParams, runParams } from './params.ts';
import { limits, text } from './values.ts';

export type RunDescription = {
  /** Our own id of it, kept in the tag `foldwise.uid`. */
  readonly uid: string;
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number | null;
  readonly status: TrackedStatus;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly MetricPoint[];
  readonly datasets: readonly DatasetInput[];
  /** Artifact path → path of the file. */
  readonly files: Readonly<Record<string, string>>;
};

export type ExperimentDescription = {
  readonly experiment: string;
  readonly run: RunDescription;
  readonly folds: readonly RunDescription[];
  /** Attempts at folds that were given up; they are taken out of MLflow. */
  readonly voidUids: readonly string[];
};

/** Tag that carries our own id: how a sender finds what an earlier one has made. */
export const uidTag = 'foldwise.uid';

/** `alive`: the process that trains is still there, so what has not ended is running. */
export const describeRun = (
  record: RunRecord,
  alive: boolean,
  environmentExperiment: string | undefined,
): ExperimentDescription => {
  const { history, config } = record;
  return {
    experiment:
      textAt(config, 'tracking', 'mlflow', 'experiment') ?? environmentExperiment ?? history.name,
    run: describeParent(record, alive),
    folds: history.folds.map((fold) => describeFold(record, fold, alive)),
    voidUids: history.voidUids,
  };
};

const describeParent = (record: RunRecord, alive: boolean): RunDescription => {
  const { history, config, result, paths } = record;
  return {
    uid: history.uid,
    name: textAt(config, 'tracking', 'mlflow', 'run_name') ?? `${history.name} ${history.runId}`,
    startTime: history.startedAt,
    ...ending(history, alive, history.lastAt),
    params: runParams(config, result),
    tags: parentTags(record),
    metrics: [...meanCurves(record), ...crossValidationPoints(record)],
    datasets: datasetOfRun(record),
    files: existing(paths.directory, [
      'config.yaml',
      'result.json',
      'splits.json',
      'summary.md',
      'report.html',
      'result.junit.xml',
    ]),
  };
};

const describeFold = (record: RunRecord, fold: FoldHistory, alive: boolean): RunDescription => {
  const { paths, result } = record;
  const outcome = result?.folds.find((other) => other.fold === fold.fold);
  const lastAt = fold.epochs.at(-1)?.at ?? fold.startedAt;
  return {
    uid: fold.uid,
    name: `fold ${fold.fold}`,
    startTime: fold.startedAt,
    ...ending(fold, alive, lastAt),
    params: foldParams(fold.fold, result),
    tags: {
      ...commonTags(record),
      'foldwise.fold': `${fold.fold}`,
      'mlflow.runColor': foldColors[fold.fold % foldColors.length] ?? '',
      ...(fold.reason === null ? {} : { 'mlflow.note.content': text(fold.reason, limits.tag) }),
    },
    metrics: [...epochPoints(fold), ...finalPoints(fold, outcome)],
    datasets: datasetsOfFold(record, fold.fold),
    files:
      fold.endedAt === null
        ? {}
        : existing(paths.fold(fold.fold).directory, ['predictions.csv', 'history.csv']),
  };
};

/** Paul Tol's "bright" and "muted" schemes: told apart with any colour vision. */
const foldColors = [
  ['#4477aa', '#ee6677', '#228833', '#ccbb44', '#66ccee', '#aa3377'],
  ['#332288', '#ddcc77', '#117733', '#cc6677'],
].flat();

const statuses = { completed: 'FINISHED', failed: 'FAILED', interrupted: 'KILLED' } as const;

/** What has not ended though its process is gone was killed when it was last heard of. */
const ending = (
  { status, endedAt }: Pick<FoldHistory, 'status' | 'endedAt'>,
  alive: boolean,
  lastAt: number,
): Pick<RunDescription, 'status' | 'endTime'> => {
  if (status !== 'running') return { status: statuses[status], endTime: endedAt };
  return alive ? { status: 'RUNNING', endTime: null } : { status: 'KILLED', endTime: lastAt };
};

const parentTags = (record: RunRecord): Record<string, string> => {
  const { config, result } = record;
  const note = noteOf(record);
  const own = valueAt(config, 'tracking', 'mlflow', 'tags');
  return {
    ...(own === undefined ? {} : clean(own as Mapping)), // the schema admits a mapping only
    ...commonTags(record),
    ...(note === null ? {} : { 'mlflow.note.content': text(note, limits.tag) }),
    ...(result === null
      ? {}
      : {
          'foldwise.verdict': result.thresholds.verdict,
          'foldwise.dataset': result.dataset.fingerprint,
          'foldwise.split': result.split.hash,
          'foldwise.version': result.environment.foldwise,
          'foldwise.device': result.environment.device,
        }),
  };
};

const commonTags = ({ history, result }: RunRecord): Record<string, string> => ({
  'foldwise.run_id': history.runId,
  'foldwise.smoke': `${history.smoke}`,
  'mlflow.source.type': 'LOCAL',
  'mlflow.source.name': history.source ?? history.name,
  ...(history.user === null ? {} : { 'mlflow.user': history.user }),
  ...(result?.environment.git
    ? {
        'mlflow.source.git.commit': result.environment.git.commit,
        'foldwise.git_dirty': `${result.environment.git.dirty}`,
      }
    : {}),
});

const clean = (tags: Mapping): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [key, text(`${value}`, limits.tag)]),
  );

const existing = (directory: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => [name, join(directory, name)]).filter(([, path]) => existsSync(path ?? '')),
  );
