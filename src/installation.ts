/**
 * Where this program lies. It runs from `src/` and, bundled, from `dist/`; a bundle has no file of
 * its own for each module, so nothing may be looked for beside the module that needs it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);

/** The folder with `package.json`, `templates/`, `schemas/`, `src/` and `dist/`. */
export const installation = nearestWith('package.json', dirname(here));

function nearestWith(name: string, folder: string): string {
  if (existsSync(join(folder, name))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`no ${name} above ${here}`);
  return nearestWith(name, parent);
}

/** Whether TypeScript itself runs, as in tests and under a loader. */
export const runsFromSource = here.endsWith('.ts');

/** The file to start for an entry point such as `execution/worker`. */
export const entryPoint = (name: string): string =>
  runsFromSource
    ? join(installation, 'src', `${name}.ts`)
    : join(installation, 'dist', `${name}.js`);

/** The version of Foldwise, from its own package.json. */
export function foldwiseVersion(): string {
  const text = readFileSync(join(installation, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
