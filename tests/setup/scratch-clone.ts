/** A clone in a temporary folder that the set-up can work on without touching this one. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const clone = join(import.meta.dirname, '../..');
const tfjs = 'node_modules/@tensorflow/tfjs-node-gpu';

export type ScratchClone = {
  readonly folder: string;
  /** XDG_CACHE_HOME of what it runs, unless `env` says otherwise. */
  readonly cache: string;
  /** Runs a script of the clone; `env` is added to the usual one. */
  run(script: string, args: readonly string[], env?: NodeJS.ProcessEnv): Outcome;
  remove(): void;
};

export type Outcome = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** What the build looks for beside `cli.ts`. */
const otherEntryPoint = { 'execution/worker.ts': 'export {};\n' };

/** With this clone's packages, scripts and settings; `sources` are its files in `src/`. */
export function makeScratchClone(sources: Readonly<Record<string, string>>): ScratchClone {
  // realpath: on some systems the temporary folder is itself a link.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'foldwise-clone-')));
  const cache = `${folder}-cache`;
  cpSync(join(clone, 'scripts'), join(folder, 'scripts'), {
    recursive: true,
    filter: (name) => !name.endsWith('.ts'), // they need sources that a scratch clone lacks
  });
  for (const name of ['package.json', 'package-lock.json', 'biome.json', '.npmrc']) {
    cpSync(join(clone, name), join(folder, name), { recursive: true });
  }
  for (const name of ['tsconfig.json', 'jest.config.ts']) {
    cpSync(join(clone, name), join(folder, name));
  }
  mkdirSync(join(folder, 'tests'));
  linkPackages(folder);
  for (const [name, text] of Object.entries({ ...otherEntryPoint, ...sources })) {
    mkdirSync(dirname(join(folder, 'src', name)), { recursive: true });
    writeFileSync(join(folder, 'src', name), text);
  }
  return {
    folder,
    cache,
    run(script, args, env = {}) {
      const child = spawnSync(process.execPath, [join(folder, 'scripts', script), ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...plainEnvironment(), XDG_CACHE_HOME: cache, ...env },
      });
      return { code: child.status, stdout: child.stdout, stderr: child.stderr };
    },
    remove() {
      for (const path of [folder, cache]) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** TensorFlow's folder that this clone's own set-up found or fetched. */
export async function installedTensorFlow(): Promise<string> {
  const { locateLibrary } = await importScript('library.mjs');
  return locateLibrary().folder;
}

/** A module of the set-up. Plain JavaScript without types: it runs before there is a compiler. */
export const importScript = (name: string) => import(join(clone, 'scripts/setup', name));

/** Every package as a link, but for tfjs-node: the set-up puts its addon there. */
function linkPackages(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@tensorflow'), { recursive: true });
  for (const parent of ['.', '@tensorflow']) {
    for (const name of readdirSync(join(clone, 'node_modules', parent))) {
      if (name === '@tensorflow' || name === 'tfjs-node-gpu' || name === '.foldwise-packages')
        continue;
      symlinkSync(join(clone, 'node_modules', parent, name), join(modules, parent, name));
    }
  }
  for (const name of ['package.json', 'binding']) {
    cpSync(join(clone, tfjs, name), join(folder, tfjs, name), { recursive: true });
  }
}

/** Without what npm adds for the script that runs these tests. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_|^FOLDWISE_|^NODE_OPTIONS$/.test(name)),
  );
}
