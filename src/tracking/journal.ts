/**
 * events.jsonl: one JSON object per line, appended and never changed. A line is written with one
 * system call; a line that a crash tore is cut off by the next writer and ignored by readers.
 * The process that runs the experiment is the only writer while it lives.
 */
import { appendFileSync, closeSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';
import type { NewRunEvent, RunEvent } from './events.ts';

export const journalFile = 'events.jsonl';

export type Journal = {
  /** Adds an event with the present time and returns it. Throws when the disk refuses. */
  append(event: NewRunEvent): RunEvent;
};

/** Opens (or begins) the journal at `path`; what a crash left half-written is cut off. */
export const openJournal = (path: string, now: () => number = Date.now): Journal => {
  cutTornLine(path);
  return {
    append: (event) => {
      const stamped: RunEvent = { at: now(), ...event };
      appendFileSync(path, `${JSON.stringify(stamped)}\n`);
      return stamped;
    },
  };
};

/** All events of a journal so far; none when there is no file. */
export const readJournal = (path: string): readonly RunEvent[] => followJournal(path)();

/**
 * A reader that gives all events so far at every call and reads only what was added since the
 * last one, so that a long run's journal is not parsed again and again.
 */
export const followJournal = (path: string): (() => readonly RunEvent[]) => {
  const events: RunEvent[] = [];
  let offset = 0;
  return () => {
    const added = readFrom(path, offset);
    const complete = added.subarray(0, added.lastIndexOf('\n'.charCodeAt(0)) + 1);
    offset += complete.length;
    for (const line of complete.toString('utf8').split('\n')) {
      const event = line === '' ? undefined : parse(line);
      if (event !== undefined) events.push(event);
    }
    return events;
  };
};

/** A line that is no event (a disk error, an edit by hand) does not cost the others. */
const parse = (line: string): RunEvent | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    const isEvent = typeof value === 'object' && value !== null && 'kind' in value && 'at' in value;
    // The journal is written by `append` alone, which takes nothing but events.
    return isEvent ? (value as RunEvent) : undefined;
  } catch {
    return undefined;
  }
};

const readFrom = (path: string, offset: number): Buffer => {
  const file = openIfThere(path);
  if (file === undefined) return Buffer.alloc(0);
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
  } finally {
    closeSync(file);
  }
};

const openIfThere = (path: string): number | undefined => {
  try {
    return openSync(path, 'r');
  } catch (error) {
    // Whatever fs throws is an ErrnoException.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const cutTornLine = (path: string): void => {
  const bytes = readFrom(path, 0);
  const end = bytes.lastIndexOf('\n'.charCodeAt(0)) + 1;
  if (end < bytes.length) truncateSync(path, end);
};
