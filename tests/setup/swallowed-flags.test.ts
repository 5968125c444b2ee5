import { expect, test } from '@jest/globals';
import { verbs } from '../../src/cli/index.ts';
import { importScript, makeScratchClone } from './scratch-clone.ts';

const { commandWithFlags } = await importScript('swallowed-flags.mjs');

const npm = { npm_lifecycle_event: 'exp', npm_config_cache: '/tmp/npm', npm_config_yes: '' };

test('flags that npm kept are written where they belong', () => {
  const env = { ...npm, npm_config_smoke: 'true', npm_config_device: 'cpu', npm_config_track: '' };
  expect(commandWithFlags(['x.yaml'], env)).toBe(
    'npm run exp -- x.yaml --smoke --device=cpu --no-track',
  );
});

test('repeated flags and values that npm tore off are shown as such', () => {
  const env = { ...npm, npm_config_set: 'a.b=1\n\ntrue' };
  expect(commandWithFlags(['x.yaml', 'c=2'], env)).toBe(
    'npm run exp -- x.yaml c=2 --set=a.b=1 --set …',
  );
});

test("npm's own settings, and calls without npm run, are left alone", () => {
  expect(commandWithFlags(['x.yaml'], npm)).toBeUndefined();
  expect(commandWithFlags(['x.yaml'], { npm_config_smoke: 'true' })).toBeUndefined();
});

test.each(
  Object.values(verbs).flatMap(({ name, flags }) => Object.keys(flags).map((flag) => [name, flag])),
)('%s --%s is noticed when npm keeps it', (_verb, flag = '') => {
  const key = `npm_config_${flag.replace(/^no-/, '').replaceAll('-', '_')}`;
  const env = { ...npm, [key]: flag.startsWith('no-') ? '' : 'true' };
  expect(commandWithFlags([], env)).toContain(`--${flag}`);
});

test('the command line stops there, with exit 2', () => {
  const clone = makeScratchClone({});
  const { code, stderr } = clone.run('foldwise.mjs', ['x.yaml'], {
    npm_lifecycle_event: 'exp',
    npm_config_smoke: 'true',
  });
  clone.remove();
  expect(stderr).toContain('npm run exp -- x.yaml --smoke');
  expect(code).toBe(2);
});
