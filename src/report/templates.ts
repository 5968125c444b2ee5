import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installation } from '../installation.ts';

/** A template's text. `name` is relative to `templates/`. */
export const template = (name: string): string =>
  readFileSync(join(installation, 'templates', name), 'utf8');
