import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { followJournal, openJournal, readJournal } from './journal.ts';

const newPath = () => join(mkdtempSync(join(tmpdir(), 'foldwise-journal-')), 'events.jsonl');

test('events come back as they were written, with the time of their happening', () => {
  const path = newPath();
  let clock = 1000;
  const journal = openJournal(path, () => clock++);
  journal.append({ kind: 'note', message: 'épreuve 日本' });
  journal.append({ kind: 'run_ended', status: 'completed' });
  expect(readJournal(path)).toEqual([
    { at: 1000, kind: 'note', message: 'épreuve 日本' },
    { at: 1001, kind: 'run_ended', status: 'completed' },
  ]);
});

test('a line that a crash tore is ignored, and cut off by the next writer', () => {
  const path = newPath();
  openJournal(path, () => 1).append({ kind: 'note', message: 'whole' });
  appendFileSync(path, '{"at":2,"kind":"epo');
  expect(readJournal(path)).toEqual([{ at: 1, kind: 'note', message: 'whole' }]);
  openJournal(path, () => 3).append({ kind: 'note', message: 'after' });
  expect(
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).at),
  ).toEqual([1, 3]);
});

test('a damaged line in the middle does not cost the others', () => {
  const path = newPath();
  writeFileSync(
    path,
    '{"at":1,"kind":"note","message":"a"}\n\u0000\n7\n{"at":2,"kind":"note","message":"b"}\n',
  );
  expect(readJournal(path).map(({ at }) => at)).toEqual([1, 2]);
});

test('no file means no events', () => {
  expect(readJournal(newPath())).toEqual([]);
});

test('a follower sees what was added, also when a line arrives in two pieces', () => {
  const path = newPath();
  const follow = followJournal(path);
  expect(follow()).toHaveLength(0);
  writeFileSync(path, '{"at":1,"kind":"note","message":"a"}\n{"at":2,"ki');
  expect(follow().map(({ at }) => at)).toEqual([1]);
  appendFileSync(path, 'nd":"note","message":"b"}\n');
  expect(follow().map(({ at }) => at)).toEqual([1, 2]);
});
