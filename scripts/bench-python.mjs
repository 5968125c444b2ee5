// Makes the Python environment that the benchmark compares with, once, and prints its interpreter.
import { join } from 'node:path';
import { cacheRoot, ensureFolder } from './setup/cache-folder.mjs';
import { downloadFailure, SetupFailure } from './setup/failure.mjs';
import { findProgram, interruptibly, run } from './setup/processes.mjs';
import { step } from './setup/progress.mjs';

// TensorFlow in the version of Foldwise's own library; the rest as the scripts need it.
const packages = ['tensorflow-cpu==2.21.0', 'keras>=3,<4', 'scikit-learn', 'pandas', 'h5py'];
const folder = join(cacheRoot(), 'bench-python-2.21.0');
const interpreter = join(folder, 'bin/python');

/** @param {string} part */
async function makeEnvironment(part) {
  const python = findProgram([process.env.PYTHON, 'python3', 'python']);
  if (python === undefined) {
    throw new SetupFailure(
      'The benchmark needs Python 3.',
      'Install python3 with its venv module.',
    );
  }
  await step('Python environment of the benchmark (about 1.5 GB)', async () => {
    const made = await run(python, ['-m', 'venv', part]);
    if (made.code !== 0) {
      throw new SetupFailure(
        `python3 -m venv failed: ${made.output}`,
        'Install the venv module (Debian: python3-venv).',
      );
    }
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    const installed = await run(join(part, 'bin/python'), pip);
    if (installed.code !== 0) throw downloadFailure('Keras', installed.output, 'pip');
  });
  return ['pyvenv.cfg'];
}

try {
  const given = process.env.FOLDWISE_BENCH_PYTHON;
  if (!given) await interruptibly(() => ensureFolder(folder, makeEnvironment));
  console.log(given || interpreter);
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  console.error(`bench: ${error.message}\n  ${error.remedy}`);
  process.exitCode = 4;
}
