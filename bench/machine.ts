/** What a benchmark ran on. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { run } from './measure.ts';

const versions = `
import keras, numpy, pandas, platform, sklearn, tensorflow
print(f"Python {platform.python_version()}, Keras {keras.__version__}, TensorFlow "
      f"{tensorflow.__version__}, scikit-learn {sklearn.__version__}, pandas {pandas.__version__}, "
      f"NumPy {numpy.__version__}")
`;

/** `interpreter`: undefined where no row needed one. */
export async function describeMachine(
  interpreter: string | undefined,
): Promise<Readonly<Record<string, string | number>>> {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `Linux ${release()}`,
    Foldwise: `${version} on Node ${process.version}, TensorFlow 2.21.0`,
    ...(interpreter && {
      'the scripts': (await run(interpreter, ['-c', versions])).stdout.trim(),
    }),
  };
}
