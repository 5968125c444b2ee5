import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { installedTensorFlow, makeScratchClone, type ScratchClone } from './scratch-clone.ts';

const passing = `import { expect, test } from '@jest/globals';

test('adds', () => {
  expect(1 + 1).toBe(2);
});
`;

let clone: ScratchClone;
let FOLDWISE_TENSORFLOW: string;

beforeAll(async () => {
  FOLDWISE_TENSORFLOW = await installedTensorFlow();
  clone = makeScratchClone({ 'cli.ts': 'export {};\n', 'adds.test.ts': passing });
});

afterAll(() => clone.remove());

const lastLine = (script: string) => {
  // The usual cache: this engine's addon is compiled there already.
  const { XDG_CACHE_HOME } = process.env;
  const { code, stdout } = clone.run(script, [], { FOLDWISE_TENSORFLOW, XDG_CACHE_HOME });
  return { code, line: stdout.trimEnd().split('\n').at(-1) };
};

test('what passes is counted: two type checks, lint and one test', () => {
  expect(lastLine('check.mjs')).toEqual({ code: 0, line: '4 passed, 0 failed' });
}, 300_000);

test('failed, skipped and broken tests, types and lint all count as failed', () => {
  const failing = passing.replace('toBe(2)', 'toBe(3)');
  writeFileSync(join(clone.folder, 'src/fails.test.ts'), failing);
  writeFileSync(join(clone.folder, 'src/skips.test.ts'), passing.replace('test(', 'test.skip('));
  writeFileSync(join(clone.folder, 'src/breaks.test.ts'), "import './missing.ts';\n");
  writeFileSync(join(clone.folder, 'src/slow.slow.test.ts'), failing); // not for `check`
  mkdirSync(join(clone.folder, 'bench'));
  writeFileSync(join(clone.folder, 'bench/lint.ts'), 'export const x = "double"\n');
  // adds, types of scripts | types, lint, fails, skips, breaks
  expect(lastLine('check.mjs')).toEqual({ code: 1, line: '2 passed, 5 failed' });
}, 300_000);

test('all tests includes the slow ones', () => {
  expect(lastLine('test.mjs')).toEqual({ code: 1, line: '2 passed, 6 failed' });
}, 300_000);
