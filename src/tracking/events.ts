/** Lines of events.jsonl. What happened, when; the tracker replays these, nothing else. */
import type { EpochRecord } from '../training/epoch-record.ts';

/** Unix time in milliseconds of the happening itself: a replay must send the same. */
type At = { readonly at: number };

export type RunStatus = 'completed' | 'failed' | 'interrupted';

/** An event before the journal has put the time on it. */
export type NewRunEvent =
  | {
      readonly kind: 'run_started';
      readonly run_id: string;
      readonly name: string;
      /** Our own uuid of the run, with which the tracker finds what it made before. */
      readonly uid: string;
      readonly smoke: boolean;
      /** The experiment file as the user named it. */
      readonly source?: string | undefined;
      readonly user?: string | undefined;
    }
  /**
   * The same uid as before: the fold goes on from its saved state, and epochs that are trained
   * again are the same epochs. A new uid: it starts from nothing, the earlier attempt is void.
   */
  | { readonly kind: 'fold_started'; readonly fold: number; readonly uid: string }
  | { readonly kind: 'epoch'; readonly fold: number; readonly record: EpochRecord }
  | {
      readonly kind: 'fold_ended';
      readonly fold: number;
      readonly status: RunStatus;
      readonly reason?: string | undefined;
    }
  | { readonly kind: 'run_ended'; readonly status: RunStatus }
  /** Training went on from what was there before. */
  | { readonly kind: 'resumed'; readonly folds_kept: readonly number[] }
  /** A note for the user that the report shows. */
  | { readonly kind: 'note'; readonly message: string }
  /** Where the run is in MLflow; `complete` once the server has got everything up to here. */
  | {
      readonly kind: 'tracked';
      readonly server: string;
      readonly experiment: string;
      readonly experiment_id: string;
      readonly run_id: string;
      readonly complete: boolean;
    };

export type RunEvent = At & NewRunEvent;
