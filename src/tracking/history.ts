/** What the events of a run add up to: the latest attempt of every fold, each epoch once. */
import type { EpochRecord } from '../training/epoch-record.ts';
import type { RunEvent, RunStatus } from './events.ts';

export type FoldHistory = {
  readonly fold: number;
  readonly uid: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly status: RunStatus | 'running';
  readonly reason: string | null;
  /** In the order of their happening; an epoch that was trained twice is there once. */
  readonly epochs: readonly { readonly at: number; readonly record: EpochRecord }[];
};

export type RunHistory = {
  readonly uid: string;
  readonly runId: string;
  readonly name: string;
  readonly smoke: boolean;
  readonly source: string | null;
  readonly user: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Of the last thing that happened, trackers' business apart. */
  readonly lastAt: number;
  readonly status: RunStatus | 'running';
  readonly folds: readonly FoldHistory[];
  /** Attempts at folds that a later attempt replaced. */
  readonly voidUids: readonly string[];
};

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type FoldDraft = Draft<FoldHistory> & {
  epochs: { at: number; record: EpochRecord }[];
  seen: Set<number>;
};
type RunDraft = Draft<RunHistory> & { foldDrafts: Map<number, FoldDraft>; voidUids: string[] };

/** null while the journal has no `run_started` yet. */
export const historyOf = (events: readonly RunEvent[]): RunHistory | null => {
  let run: RunDraft | null = null;
  for (const event of events) {
    if (run === null) run = event.kind === 'run_started' ? begin(event) : null;
    else apply(run, event);
  }
  if (run === null) return null;
  const { foldDrafts, ...history } = run;
  const folds = [...foldDrafts.values()].map(({ seen: _, ...fold }) => fold);
  return { ...history, folds: folds.sort((a, b) => a.fold - b.fold) };
};

const begin = (event: RunEvent & { kind: 'run_started' }): RunDraft => ({
  uid: event.uid,
  runId: event.run_id,
  name: event.name,
  smoke: event.smoke,
  source: event.source ?? null,
  user: event.user ?? null,
  startedAt: event.at,
  endedAt: null,
  lastAt: event.at,
  status: 'running',
  folds: [],
  foldDrafts: new Map(),
  voidUids: [],
});

const apply = (run: RunDraft, event: RunEvent): void => {
  if (event.kind !== 'tracked' && event.kind !== 'note') run.lastAt = event.at;
  switch (event.kind) {
    case 'tracked':
    case 'note':
      break;
    case 'fold_started':
      startFold(run, event);
      break;
    case 'epoch': {
      const fold = run.foldDrafts.get(event.fold);
      if (fold === undefined || fold.seen.has(event.record.epoch)) break;
      fold.seen.add(event.record.epoch);
      fold.epochs.push({ at: event.at, record: event.record });
      break;
    }
    case 'fold_ended': {
      const fold = run.foldDrafts.get(event.fold);
      if (fold === undefined) break;
      fold.endedAt = event.at;
      fold.status = event.status;
      fold.reason = event.reason ?? null;
      break;
    }
    case 'run_ended':
      run.endedAt = event.at;
      run.status = event.status;
      break;
    case 'run_started':
    case 'resumed':
      run.endedAt = null;
      run.status = 'running';
      break;
  }
};

const startFold = (run: RunDraft, event: RunEvent & { kind: 'fold_started' }): void => {
  const earlier = run.foldDrafts.get(event.fold);
  if (earlier?.uid === event.uid) {
    earlier.endedAt = null;
    earlier.status = 'running';
    earlier.reason = null;
    return;
  }
  if (earlier !== undefined) run.voidUids.push(earlier.uid);
  run.foldDrafts.set(event.fold, {
    fold: event.fold,
    uid: event.uid,
    startedAt: event.at,
    endedAt: null,
    status: 'running',
    reason: null,
    epochs: [],
    seen: new Set(),
  });
};
