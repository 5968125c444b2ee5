/** Writes what happens in a run to its journal, and wakes the tracker. */
import { randomUUID } from 'node:crypto';
import type { Journal } from '../tracking/journal.ts';
import type { RunObserver } from './observer.ts';

/** `uids`: the tracker's ids of folds that go on from a saved state. */
export function journalObserver(
  journal: Journal,
  uids: ReadonlyMap<number, string>,
  poke: () => void,
): RunObserver {
  const append: Journal['append'] = (event) => {
    const stamped = journal.append(event);
    poke();
    return stamped;
  };
  return {
    onStep: () => {},
    onBatch: () => {},
    onNote: (message) => void append({ kind: 'note', message }),
    onFoldStarted: (fold) =>
      void append({ kind: 'fold_started', fold, uid: uids.get(fold) ?? randomUUID() }),
    onEpoch: (fold, record) => void append({ kind: 'epoch', fold, record }),
    onFoldEnded: (fold, status, reason) =>
      void append({ kind: 'fold_ended', fold, status, reason }),
  };
}
