import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { installedTensorFlow, makeScratchClone, type ScratchClone } from './scratch-clone.ts';

const cli = `console.log(JSON.stringify(process.argv.slice(2)));
if (process.argv[2] === 'fail') process.exitCode = 3;
`;

let clone: ScratchClone;
let FOLDWISE_TENSORFLOW: string;

beforeAll(async () => {
  clone = makeScratchClone({ 'cli.ts': cli });
  FOLDWISE_TENSORFLOW = await installedTensorFlow();
  const { code, stdout, stderr } = clone.run('foldwise.mjs', ['x.yaml', '--smoke'], {
    FOLDWISE_TENSORFLOW,
  });
  expect(stderr).toMatch(/compiling .*\n(.*\n)*.*trying the engine.*\n(.*\n)*.*building/);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '["x.yaml","--smoke"]\n' });
}, 300_000);

afterAll(() => clone.remove());

const run = (...args: string[]) => clone.run('foldwise.mjs', args, { FOLDWISE_TENSORFLOW });

const addon = () => {
  const folder = join(clone.cache, 'foldwise/addon');
  return join(folder, readdirSync(folder).find((name) => /^[\d.]+-\w+$/.test(name)) ?? '');
};

test('a ready machine goes straight to the command', () => {
  expect(run('--help')).toEqual({ code: 0, stdout: '["--help"]\n', stderr: '' });
});

test("the command's exit code is passed on", () => {
  expect(run('fail').code).toBe(3);
});

test('a changed source is built before it runs', () => {
  const source = join(clone.folder, 'src/cli.ts');
  writeFileSync(source, "console.log('new');");
  const { stdout, stderr } = run();
  expect(stdout).toBe('new\n');
  expect(stderr).toContain('building');
  expect(stderr).not.toContain('compiling');
  writeFileSync(source, 'const x = ;');
  const broken = run();
  expect(broken.code).toBe(70);
  expect(broken.stderr).toContain('src/cli.ts:1:10: ERROR');
  writeFileSync(source, cli);
  expect(run().code).toBe(0);
});

test('a truncated addon is compiled anew', () => {
  truncateSync(join(addon(), 'tfjs_backend.node'), 1000);
  expect(run().stderr).toContain('compiling');
  expect(run().stderr).toBe('');
}, 120_000);

test('an addon that npm has removed is linked again, not compiled', () => {
  rmSync(join(clone.folder, 'node_modules/@tensorflow/tfjs-node-gpu/lib'), { recursive: true });
  const { code, stderr } = run();
  expect({ code, compiled: stderr.includes('compiling') }).toEqual({ code: 0, compiled: false });
  expect(
    existsSync(
      join(clone.folder, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node'),
    ),
  ).toBe(true);
});

/** One message, what to do, exit 4, no stack. */
function expectFailure(env: NodeJS.ProcessEnv, message: RegExp, remedy: RegExp): void {
  const fresh = { XDG_CACHE_HOME: join(clone.folder, `cache-${Math.random()}`) };
  const { code, stdout, stderr } = clone.run('foldwise.mjs', [], { ...fresh, ...env });
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(remedy);
  expect(stderr).not.toMatch(/^ +at /m);
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
}

test('a missing compiler is named, and how to get one', () => {
  const env = { FOLDWISE_TENSORFLOW, PATH: '', CXX: '' };
  expectFailure(env, /C\+\+ compiler is missing/, /apt install g\+\+/);
});

test('a compiler that fails is quoted', () => {
  const folder = join(clone.folder, 'no-tensorflow');
  mkdirSync(join(folder, 'include/tensorflow/c'), { recursive: true });
  for (const name of [
    'libtensorflow_cc.so.2',
    'libtensorflow_framework.so.2',
    'include/tensorflow/c/c_api.h',
  ]) {
    writeFileSync(join(folder, name), '');
  }
  expectFailure({ FOLDWISE_TENSORFLOW: folder }, /could not compile.*\n.*(\n.*)*error/, /C\+\+17/);
});

test('missing Python and missing pip are told apart', () => {
  expectFailure({ PATH: '' }, /Python is missing/, /apt install python3 python3-pip/);
  const folder = join(clone.folder, 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'python3'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  expectFailure({ PATH: folder }, /python3 has no pip/, /apt install python3-pip/);
});

test('an unreachable package index is named as such', () => {
  const env = {
    PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
    PIP_RETRIES: '0',
    PIP_NO_CACHE_DIR: '1',
    PIP_FIND_LINKS: '',
  };
  expectFailure(env, /pip gets nothing from its package index/, /network/);
});

test('a FOLDWISE_TENSORFLOW that is none is named with the file that is missing', () => {
  const env = { FOLDWISE_TENSORFLOW: '/nowhere/tensorflow' };
  expectFailure(env, /libtensorflow_cc\.so\.2 is not there/, /site-packages\/tensorflow/);
});

test('a cache folder that cannot be made is named', () => {
  expectFailure(
    { XDG_CACHE_HOME: join(clone.folder, 'package.json') },
    /cannot be made/,
    /XDG_CACHE_HOME/,
  );
});

test('a truncated library is fetched again rather than used', () => {
  const cache = join(clone.folder, 'cache-truncated');
  const engine = join(cache, 'foldwise/engine/2.21.0-linux-x64-cpu');
  mkdirSync(join(engine, 'tensorflow'), { recursive: true });
  writeFileSync(join(engine, 'tensorflow/libtensorflow_cc.so.2'), 'half');
  const files = { 'tensorflow/libtensorflow_cc.so.2': 788086608 };
  writeFileSync(join(engine, 'ready.json'), JSON.stringify({ files }));
  expectFailure(
    { XDG_CACHE_HOME: cache, FOLDWISE_ENGINE: 'cpu', PATH: '' },
    /Python is missing/, // so the fetching began
    /FOLDWISE_TENSORFLOW/,
  );
});

test('an interrupted set-up ends its compiler and leaves nothing half-made', async () => {
  const cache = join(clone.folder, 'cache-interrupted');
  const child = spawn(process.execPath, [join(clone.folder, 'scripts/foldwise.mjs')], {
    env: { ...process.env, FOLDWISE_TENSORFLOW, XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('compiling')) child.kill('SIGINT');
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(130);
  const left = readdirSync(cache, { recursive: true }).map(String).sort();
  expect(left).toEqual(['foldwise', 'foldwise/addon', 'foldwise/locks']);
});
