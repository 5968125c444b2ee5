import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openJournal } from './journal.ts';
import { createLiveSender } from './live-sender.ts';
import type { TrackingConfig } from './schema.ts';

/** A port of this machine where nobody listens. */
const silentServer = (): Promise<string> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      server.close(() => done(`http://127.0.0.1:${port}`));
    });
  });

const begin = (config: TrackingConfig, environment: Record<string, string>) => {
  const directory = mkdtempSync(join(tmpdir(), 'foldwise-live-'));
  const journal = openJournal(join(directory, 'events.jsonl'));
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const sender = createLiveSender(directory, config, { journal, warn, environment, interval: 1 });
  journal.append({ kind: 'run_started', run_id: 'r', name: 'n', uid: 'u', smoke: false });
  return { directory, journal, warnings, sender };
};

const nothing = { state: 'off', server: null, url: null, message: null };

test('without a server, or with tracking none, nothing is sent and nothing is said', async () => {
  const server = { MLFLOW_TRACKING_URI: 'http://127.0.0.1:1' };
  for (const { sender, warnings } of [begin({}, {}), begin('none', server)]) {
    sender.poke();
    expect(await sender.finish(1000)).toEqual(nothing);
    expect(warnings).toEqual([]);
  }
});

test('a server that cannot be reached costs one warning, and the journal keeps everything', async () => {
  const uri = await silentServer();
  const { sender, warnings, journal, directory } = begin({ mlflow: { uri } }, {});
  for (let fold = 0; fold < 3; fold++) {
    journal.append({ kind: 'fold_started', fold, uid: `f${fold}` });
    sender.poke();
  }
  while (warnings.length === 0) await new Promise((done) => setTimeout(done, 5));
  sender.poke();
  const report = await sender.finish(10_000);
  expect(report).toMatchObject({ state: 'incomplete', server: uri, url: null });
  expect(report.message).toMatch(/does not answer \(ECONNREFUSED\).*foldwise sync/);
  expect(warnings).toHaveLength(1);
  expect(readFileSync(join(directory, 'events.jsonl'), 'utf8').trim().split('\n')).toHaveLength(4);
});

test('a server that takes the call and never answers holds nobody longer than asked', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { sender } = begin({ mlflow: { uri: `http://127.0.0.1:${port}` } }, {});
  sender.poke();
  const report = await sender.finish(50);
  expect(report.state).toBe('incomplete');
  server.close();
});

test('an address that is none is a warning, not a failed run', async () => {
  const { sender, warnings } = begin({}, { MLFLOW_TRACKING_URI: 'sqlite:///x.db' });
  expect(warnings[0]).toContain('is not the address of an MLflow tracking server');
  expect((await sender.finish(10)).state).toBe('off');
});
