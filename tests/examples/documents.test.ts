/** Documents name files that are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

/** What one group of the pattern matches, throughout the text. */
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

test.each(['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md'])(
  'every file that %s names is there',
  (document) => {
    const text = readFileSync(join(root, document), 'utf8');
    const links = all(text, /\]\(([^):#]+)\)/g);
    const paths = all(
      text,
      /`((?:src|tests|scripts|docs|experiments|data|templates|schemas|bench)\/[\w./-]+)`/g,
    );
    const commands = all(text, /npm run exp (?:-- )?(\S+\.yaml)/g);
    const named = [...links, ...paths, ...commands];
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);
