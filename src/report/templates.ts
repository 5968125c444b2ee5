/** Where the templates lie: beside `src/` and `dist/` alike. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = new URL('../../templates/', import.meta.url);

/** A template's text. `name` is relative to `templates/`. */
export const template = (name: string): string =>
  readFileSync(fileURLToPath(new URL(name, directory)), 'utf8');
