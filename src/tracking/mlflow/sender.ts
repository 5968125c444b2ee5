/**
 * Brings a server to what a description says. All of it may be sent again at any time: runs are
 * found by our own id before any is made, MLflow keeps an equal point once, the rest overwrites.
 * A sender remembers what the server has acknowledged, so that a run in progress sends increments.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type MlflowClient, MlflowError } from './client.ts';
import type { ExperimentDescription, RunDescription } from './describe.ts';
import { endpoints, type KeyValue } from './endpoints.ts';
import {
  type Acknowledged,
  experimentNamed,
  findRun,
  runFor,
  type SenderState,
} from './tracked-runs.ts';
import { limits } from './values.ts';

/** On the parent when the server has everything: a hash of what was sent. */
const completeTag = 'foldwise.sent';

export type SentRun = {
  readonly experimentId: string;
  readonly runId: string;
  /** `deleted`: somebody deleted the run on the server, and it stays so. */
  readonly state: 'sent' | 'up_to_date' | 'deleted';
  /** What could not be stored though the server answers, for the user. */
  readonly warnings: readonly string[];
};

export type Sender = {
  /**
   * Sends what the server has not acknowledged yet; `final` when nothing more will follow.
   * Throws MlflowError; what got through is not sent again by this sender.
   */
  send(description: ExperimentDescription, final: boolean): Promise<SentRun>;
};

export const createSender = (client: MlflowClient): Sender => {
  const state: SenderState = { client, runs: new Map(), removed: new Set(), warnings: new Set() };
  return {
    send: async (description, final) => {
      const experimentId = await experimentNamed(state, description.experiment);
      const parent = await runFor(state, experimentId, description.run, null);
      const sent = { experimentId, runId: parent.runId, warnings: [] };
      if (parent.deleted) return { ...sent, state: 'deleted' };
      const digest = final ? digestOf(description) : '';
      const known = parent.foundTags.find(({ key }) => key === completeTag)?.value;
      if (final && known === digest) return { ...sent, state: 'up_to_date' };
      for (const fold of description.folds) {
        const child = await runFor(state, experimentId, fold, parent.runId);
        if (!child.deleted) await bringUp(state, child, fold);
      }
      for (const uid of description.voidUids) await remove(state, experimentId, uid);
      await bringUp(state, parent, description.run);
      if (final) {
        const tags = [{ key: completeTag, value: digest }];
        await client.call(endpoints.logBatch, { run_id: parent.runId, tags });
      }
      return { ...sent, state: 'sent', warnings: [...state.warnings] };
    },
  };
};

/** An attempt at a fold that a later one replaced; MLflow can bring back what is deleted. */
const remove = async (state: SenderState, experimentId: string, uid: string): Promise<void> => {
  if (state.removed.has(uid)) return;
  const run = await findRun(state.client, experimentId, uid);
  if (run !== undefined && run.info.lifecycle_stage !== 'deleted') {
    await state.client.call(endpoints.deleteRun, { run_id: run.info.run_id });
  }
  state.removed.add(uid);
};

const bringUp = async (
  state: SenderState,
  acknowledged: Acknowledged,
  run: RunDescription,
): Promise<void> => {
  await sendBatches(state.client, acknowledged, run);
  const datasets = run.datasets.slice(acknowledged.datasets);
  if (datasets.length > 0) {
    await state.client.call(endpoints.logInputs, { run_id: acknowledged.runId, datasets });
    acknowledged.datasets = run.datasets.length;
  }
  await sendFiles(state, acknowledged, run);
  if (acknowledged.status !== run.status) {
    await state.client.call(endpoints.updateRun, {
      run_id: acknowledged.runId,
      status: run.status,
      ...(run.endTime === null ? {} : { end_time: run.endTime }),
    });
    acknowledged.status = run.status;
  }
};

/** Parameters and tags fit into the first call in nearly all cases; points follow by the thousand. */
const sendBatches = async (
  { call }: MlflowClient,
  acknowledged: Acknowledged,
  run: RunDescription,
): Promise<void> => {
  const run_id = acknowledged.runId;
  const params = pairs(run.params);
  while (acknowledged.params < params.length) {
    const batch = params.slice(acknowledged.params, acknowledged.params + limits.params);
    await call(endpoints.logBatch, { run_id, params: batch });
    acknowledged.params += batch.length;
  }
  while (acknowledged.metrics < run.metrics.length) {
    const batch = run.metrics.slice(acknowledged.metrics, acknowledged.metrics + limits.metrics);
    await call(endpoints.logBatch, { run_id, metrics: batch });
    acknowledged.metrics += batch.length;
  }
  const tags = pairs(run.tags);
  if (acknowledged.tags === JSON.stringify(tags)) return;
  for (let start = 0; start < tags.length; start += limits.tags) {
    await call(endpoints.logBatch, { run_id, tags: tags.slice(start, start + limits.tags) });
  }
  acknowledged.tags = JSON.stringify(tags);
};

const pairs = (values: Readonly<Record<string, string>>): readonly KeyValue[] =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

const sendFiles = async (
  { client, warnings }: SenderState,
  acknowledged: Acknowledged,
  run: RunDescription,
): Promise<void> => {
  for (const [name, path] of Object.entries(run.files)) {
    const { size, mtimeMs } = statSync(path);
    const version = `${size} ${mtimeMs}`;
    if (acknowledged.files.get(name) === version) continue;
    try {
      const content = new Uint8Array(readFileSync(path));
      await client.putArtifact(acknowledged.artifactUri, name, content);
    } catch (error) {
      if (!(error instanceof MlflowError) || error.code !== 'NOT_PROXIED') throw error;
      warnings.add(`files were not stored: ${error.message}`);
      return;
    }
    acknowledged.files.set(name, version);
  }
};

const digestOf = ({ run, folds, voidUids }: ExperimentDescription): string => {
  const withContents = [run, ...folds].map((each) => ({
    ...each,
    files: Object.entries(each.files).map(([name, path]) => [name, hashOf(readFileSync(path))]),
  }));
  return hashOf(JSON.stringify([withContents, voidUids]));
};

const hashOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');
