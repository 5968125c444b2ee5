/** Lines of events.jsonl. What happened, when; the tracker replays these, nothing else. */
import type { EpochRecord } from '../training/epoch-record.ts';

/** Unix time in milliseconds of the happening itself: a replay must send the same. */
type At = { readonly at: number };

export type RunEvent = At &
  (
    | {
        readonly kind: 'run_started';
        readonly run_id: string;
        readonly name: string;
        /** Our own uuid of the run, with which the tracker finds what it made before. */
        readonly uid: string;
        readonly smoke: boolean;
      }
    | { readonly kind: 'fold_started'; readonly fold: number; readonly uid: string }
    | { readonly kind: 'epoch'; readonly fold: number; readonly record: EpochRecord }
    | {
        readonly kind: 'fold_ended';
        readonly fold: number;
        readonly status: 'completed' | 'failed' | 'interrupted';
        readonly reason?: string | undefined;
      }
    | {
        readonly kind: 'run_ended';
        readonly status: 'completed' | 'failed' | 'interrupted';
      }
    /** Training went on from what was there before. */
    | { readonly kind: 'resumed'; readonly folds_kept: readonly number[] }
    /** A note for the user that the report shows. */
    | { readonly kind: 'note'; readonly message: string }
  );
