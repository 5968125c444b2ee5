import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { fetchWeights } from './download.ts';
import { imagenetFile } from './imagenet.ts';

const content = Buffer.alloc(300_000, 'weights');
const hash = (algorithm: string) => createHash(algorithm).update(content).digest('hex');

let server: Server;
let origin = '';
let requests = 0;
let cache = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    requests += 1;
    if (request.url === '/missing.h5') response.writeHead(404).end();
    else if (request.url === '/cut.h5') {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 1000), () => response.destroy());
    } else response.writeHead(200, { 'content-length': content.length }).end(content);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  origin = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
});

afterAll(() => {
  server.close();
});

beforeEach(() => {
  cache = join(mkdtempSync(join(tmpdir(), 'keras-')), 'models');
  requests = 0;
});

const file = (name: string, wanted?: string) => ({
  name,
  address: `${origin}/${name}`,
  hash: wanted,
});

test.each(['md5', 'sha256'])('a file is fetched once, told by its %s', async (algorithm) => {
  const wanted = file('a.h5', hash(algorithm));
  const progress: (number | undefined)[][] = [];
  const path = await fetchWeights(wanted, cache, (_what, bytes, total) =>
    progress.push([bytes, total]),
  );
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(progress.at(-1)).toEqual([content.length, content.length]);
  expect(await fetchWeights(wanted, cache)).toBe(path);
  expect(requests).toBe(1);
  expect(readdirSync(cache)).toEqual(['a.h5']);
});

test('a file of another hash is refused and not kept', async () => {
  await expect(fetchWeights(file('a.h5', '0'.repeat(32)), cache)).rejects.toMatchObject({
    code: 'DATA_INVALID',
    message: expect.stringContaining(`${origin}/a.h5`),
  });
  expect(readdirSync(cache)).toEqual([]);
});

test('a file in the cache with another hash names itself and the address', async () => {
  const wanted = file('a.h5', hash('md5'));
  const path = await fetchWeights(wanted, cache);
  writeFileSync(path, 'something else');
  await expect(fetchWeights(wanted, cache)).rejects.toMatchObject({
    code: 'DATA_INVALID',
    message: expect.stringContaining(path),
    hint: expect.stringContaining(wanted.address),
  });
});

test('a file that Keras has no hash of is pinned when it is first seen', async () => {
  const wanted = file('a.h5');
  const path = await fetchWeights(wanted, cache);
  expect(readFileSync(`${path}.sha256`, 'utf8')).toBe(`${hash('sha256')}\n`);
  expect(await fetchWeights(wanted, cache)).toBe(path);
  writeFileSync(path, 'something else');
  await expect(fetchWeights(wanted, cache)).rejects.toMatchObject({ code: 'DATA_INVALID' });
});

test.each(['missing.h5', 'cut.h5'])(
  'what cannot be fetched (%s) says where to place the file, and leaves nothing',
  async (name) => {
    await expect(fetchWeights(file(name), cache)).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining(`${origin}/${name}`),
      hint: expect.stringContaining(join(cache, name)),
    });
    expect(readdirSync(cache)).toEqual([]);
  },
);

test('an unreachable server is a NETWORK error', async () => {
  const closed = { ...file('a.h5'), address: 'http://127.0.0.1:9/a.h5' };
  await expect(fetchWeights(closed, cache)).rejects.toMatchObject({ code: 'NETWORK' });
  expect(existsSync(join(cache, 'a.h5'))).toBe(false);
});

test('addresses and names are those of Keras', () => {
  const notop = (type: Parameters<typeof imagenetFile>[0]['type'], side = 48) =>
    imagenetFile({ type, include_top: false }, [side, side]);
  expect(notop('vgg16')).toEqual({
    name: 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
    address:
      'https://storage.googleapis.com/tensorflow/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
    hash: '6d6bbae143d832006294945121d1f1fc',
  });
  // Neither below "tensorflow/" nor with the words of the others.
  expect(notop('efficientnet_b3').address).toBe(
    'https://storage.googleapis.com/keras-applications/efficientnetb3_notop.h5',
  );
  expect(notop('nasnet_mobile').name).toBe('nasnet_mobile_no_top.h5');
  expect(notop('nasnet_mobile').address).toMatch(/NASNet-mobile-no-top\.h5$/);
  expect(notop('mobilenet', 160).name).toBe('mobilenet_1_0_160_tf_no_top.h5');
  expect(notop('mobilenet', 96).name).toBe('mobilenet_1_0_224_tf_no_top.h5');
  expect(notop('mobilenet_v2', 96).name).toBe(
    'mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_96_no_top.h5',
  );
});
