import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { serverSettings } from './settings.ts';

const home = mkdtempSync(join(tmpdir(), 'foldwise-home-'));
const basic = (user: string) => `Basic ${Buffer.from(user).toString('base64')}`;

test('without an address there is no server', () => {
  expect(serverSettings(undefined, {}, home)).toBeNull();
  expect(serverSettings(undefined, { MLFLOW_TRACKING_URI: ' ' }, home)).toBeNull();
});

test('the config wins over the environment, and a path prefix is kept', () => {
  const environment = { MLFLOW_TRACKING_URI: 'http://other:1' };
  expect(serverSettings('https://host/mlflow/', environment, home)).toEqual({
    uri: 'https://host/mlflow',
    headers: {},
  });
});

test('user and password win over a token; those in the address are not shown', () => {
  const environment = {
    MLFLOW_TRACKING_URI: 'http://ada:secret@host:5000',
    MLFLOW_TRACKING_TOKEN: 'token',
  };
  expect(serverSettings(undefined, environment, home)).toEqual({
    uri: 'http://host:5000',
    headers: { authorization: basic('ada:secret') },
  });
  expect(serverSettings('http://host', { MLFLOW_TRACKING_TOKEN: 'token' }, home)?.headers).toEqual({
    authorization: 'Bearer token',
  });
});

test('the credentials file is read, the environment before it', () => {
  const withFile = mkdtempSync(join(tmpdir(), 'foldwise-home-'));
  mkdirSync(join(withFile, '.mlflow'));
  writeFileSync(
    join(withFile, '.mlflow', 'credentials'),
    '[other]\nmlflow_tracking_username = no\n[mlflow]\r\nmlflow_tracking_username = bob\nmlflow_tracking_password=p[w\n',
  );
  const headers = (environment: Record<string, string>) =>
    serverSettings('http://host', environment, withFile)?.headers.authorization;
  expect(headers({})).toBe(basic('bob:p[w'));
  expect(headers({ MLFLOW_TRACKING_USERNAME: 'eve' })).toBe(basic('eve:p[w'));
});

test.each(['sqlite:///x.db', 'databricks', '/some/folder', 'ftp://host'])(
  '%s is no tracking server of ours',
  (uri) => {
    expect(() => serverSettings(undefined, { MLFLOW_TRACKING_URI: uri }, home)).toThrow(
      'is not the address of an MLflow tracking server',
    );
  },
);

test('a setting that would be ignored is refused instead', () => {
  const environment = { MLFLOW_TRACKING_INSECURE_TLS: 'true' };
  expect(() => serverSettings('https://host', environment, home)).toThrow(
    'MLFLOW_TRACKING_INSECURE_TLS',
  );
});
