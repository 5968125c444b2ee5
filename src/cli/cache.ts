import { ExperimentError } from '../errors.ts';
import type { CacheContents } from '../execution/caches.ts';
import { didYouMean } from '../schema/suggest.ts';
import { defineVerb } from './define.ts';
import { jsonFlag } from './shared-flags.ts';
import { print, printJson } from './terminal.ts';

export const cache = defineVerb({
  name: 'cache',
  summary: 'what is kept between runs; `cache clear [features|datasets|all]` frees it',
  arguments: '[clear] [WHAT]',
  flags: { json: jsonFlag },
  async run({ arguments: [action, what = 'all'], flags }) {
    const [{ clearable, clearCaches, listCaches }, { cacheDirectory }] = await Promise.all([
      import('../execution/caches.ts'),
      import('../execution/prepare.ts'),
    ]);
    const root = cacheDirectory();
    if (action === undefined) {
      const caches = listCaches(root);
      if (flags.json) printJson({ directory: root, caches });
      else show(root, caches);
      return 0;
    }
    if (action !== 'clear') throw unknown(`cache has no action "${action}"`, action, ['clear']);
    const names = clearable.filter((name) => what === 'all' || name === what);
    if (names.length === 0)
      throw unknown(`there is no cache "${what}" to clear`, what, [...clearable, 'all']);
    const freed = clearCaches(root, names);
    if (flags.json) printJson({ directory: root, cleared: names, bytes: freed });
    else print(`${names.join(' and ')} cleared: ${megabytes(freed)} freed`);
    return 0;
  },
});

const unknown = (message: string, word: string, known: readonly string[]) =>
  new ExperimentError('USAGE', message, didYouMean(word, known) ?? `known: ${known.join(', ')}`);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function show(root: string, caches: readonly CacheContents[]): void {
  print(root);
  for (const { name, entries, bytes, used, clearable } of caches) {
    const when = used === null ? '' : `last used ${used.slice(0, 16).replace('T', ' ')}`;
    const kept = clearable ? '' : '(stays)';
    const size = megabytes(bytes).padStart(12);
    print(`  ${name.padEnd(14)}${size}  ${String(entries).padStart(4)} entries  ${when} ${kept}`);
  }
}
