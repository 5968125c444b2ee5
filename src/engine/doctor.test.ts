import { expect, test } from '@jest/globals';
import { checkDisk, checkMemory, checkNode, examineMachine } from './doctor.ts';

test('a working machine passes, and the engine names its version and time', async () => {
  const checks = await examineMachine();
  const engine = checks.find(({ name }) => name === 'engine');
  expect(engine?.ok).toBe(true);
  expect(engine?.detail).toMatch(
    /^TensorFlow 2\.\d+\.\d+ from .*; 1024×1024 product in [\d.]+ ms$/,
  );
  expect(checks.map(({ name }) => name)).toEqual([
    'node',
    'C++ compiler',
    'Python with pip',
    'engine',
    'device',
    'threads',
    'memory',
    'disk for the cache',
    'disk for runs',
  ]);
});

test('whatever is not ok comes with a remedy', async () => {
  const checks = [
    ...(await examineMachine()),
    checkNode('18.20.4'),
    checkMemory(1e9, 4e9),
    checkNode('20.18.3'),
  ];
  for (const { ok, remedy } of checks) expect(ok || remedy !== undefined).toBe(true);
});

test.each([
  ['20.19.0', true],
  ['24.1.0', true],
  ['20.18.3', false],
  ['18.20.4', false],
])('node %s is new enough: %s', (version, ok) => {
  expect(checkNode(version).ok).toBe(ok);
});

test('scarce memory is reported with both sizes', () => {
  expect(checkMemory(1e9, 4e9)).toMatchObject({ ok: false, detail: '1.0 GB free of 4.0 GB' });
  expect(checkMemory(3e9, 4e9).ok).toBe(true);
});

test('a folder that is not made yet counts by where it would be', () => {
  const { detail } = checkDisk('disk', '/not/made/yet');
  expect(detail).toMatch(/^[\d.]+ GB free in \/not\/made\/yet$/);
});

test('without compiler and Python both are named as missing', async () => {
  const missing = (await examineMachine({ PATH: '' })).filter(({ ok }) => !ok);
  expect(missing.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['C++ compiler', 'Python with pip']),
  );
});
