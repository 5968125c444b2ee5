/**
 * Compares our backbones with what make_references.py wrote: `npx tsx check-references.ts DIR`.
 * Prints a row for each and ends with 1 where an output differs by more than 1e-5 of the largest.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEngine } from '../../../src/engine/load.ts';
import { type BackboneType, backbones } from '../../../src/model/backbones/index.ts';
import { NetworkBuilder } from '../../../src/model/backbones/network-builder.ts';
import { buildModel } from '../../../src/model/build-model.ts';
import { loadWeights } from '../../../src/model/weights/load-weights.ts';
import { compare, networkInput } from './compare.ts';

const bound = 1e-5;
const [directory = '.'] = process.argv.slice(2);
const tf = await loadEngine({ device: 'cpu' });

type Reference = { kind: BackboneType; size: number; shape: number[] };

async function check(base: string): Promise<boolean> {
  const { kind, size, shape } = JSON.parse(readFileSync(`${base}.json`, 'utf8')) as Reference;
  const net = new NetworkBuilder([size, size, 3]);
  const options = { includeTop: false, pooling: 'none', pretrained: true } as const;
  const output = backbones[kind].build(net, options);
  const graph = { input: [size, size, 3], nodes: net.nodes, output, base: output };
  const model = buildModel(tf, graph, { seed: 1 });
  await loadWeights(tf, model, graph, `${base}.h5`);
  const pictures = networkInput(tf, kind, readFileSync(`${base}.pictures`), size);
  const result = tf.tidy(() => model.predict(pictures));
  if (Array.isArray(result)) throw new Error('one output');
  const bytes = readFileSync(`${base}.output`);
  const wanted = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const { largest, difference } = compare(result.dataSync(), wanted);
  const ratio = difference / largest;
  const ok = ratio <= bound && shape.join() === result.shape.join();
  const columns = [kind.padEnd(20), String(size).padStart(4), largest.toExponential(2)];
  console.log([...columns, ratio.toExponential(2), ok ? 'ok' : 'DIFFERS'].join('  '));
  tf.dispose([pictures, result]);
  model.dispose();
  return ok;
}

const names = readdirSync(directory).filter((name) => name.endsWith('.json'));
for (const name of names.sort()) {
  if (!(await check(join(directory, name.replace(/\.json$/, ''))))) process.exitCode = 1;
}
