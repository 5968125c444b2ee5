import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, jest, test } from '@jest/globals';
import { loadEngine } from '../../../src/engine/load.ts';
import { type BackboneType, backbones } from '../../../src/model/backbones/index.ts';
import { NetworkBuilder } from '../../../src/model/backbones/network-builder.ts';
import { buildModel } from '../../../src/model/build-model.ts';
import { compare } from './compare.ts';
import { pictures, setByFormula } from './formula.ts';

jest.setTimeout(240_000); // a busy machine is no failure

type Expected = { readonly size: number; readonly shape: number[]; readonly outputs: string };

// Written by make_outputs.py: one backbone of each family at its smallest size.
const expected = JSON.parse(
  gunzipSync(readFileSync(new URL('./outputs.json.gz', import.meta.url))).toString(),
) as Readonly<Record<BackboneType, Expected>>;
const types = Object.keys(expected) as BackboneType[];

const tf = await loadEngine({ device: 'cpu' });

test.each(types)("%s computes what Keras's does", (type) => {
  const { size, shape, outputs } = expected[type];
  const net = new NetworkBuilder([size, size, 3]);
  const options = { includeTop: false, pooling: 'none', pretrained: true } as const;
  const output = backbones[type].build(net, options);
  const graph = { input: [size, size, 3], nodes: net.nodes, output };
  const model = buildModel(tf, graph, { seed: 1 });
  setByFormula(tf, model, graph);
  const takesPixels = backbones[type].preprocessing === 'none';
  const pixels = pictures(size).map((value) => (takesPixels ? value : value / 128 - 1));
  const found = tf.tidy(() => {
    const result = model.predict(tf.tensor4d(Float32Array.from(pixels), [2, size, size, 3]));
    if (Array.isArray(result)) throw new Error('one output');
    expect(result.shape).toEqual(shape);
    return Float32Array.from(result.dataSync());
  });
  model.dispose();
  const bytes = Buffer.from(outputs, 'base64');
  const wanted = Float32Array.from({ length: bytes.length / 4 }, (_, i) =>
    bytes.readFloatLE(4 * i),
  );
  const { largest, difference } = compare(found, wanted);
  expect(difference / largest).toBeLessThan(1e-5);
});
