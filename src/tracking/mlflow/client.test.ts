/** Faults that a real server shows too rarely: a local HTTP server plays them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { createClient, MlflowError, type RetryPolicy, retryPolicy } from './client.ts';
import { endpoints } from './endpoints.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Answers request after request as listed, the last one again and again. */
const faultyServer = async (
  ...answers: ((request: IncomingMessage, response: ServerResponse) => void)[]
): Promise<{ uri: string; requests: IncomingMessage[] }> => {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    answers[Math.min(requests.length, answers.length - 1)]?.(request, response);
    requests.push(request);
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  closers.push(
    () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { uri: `http://127.0.0.1:${address.port}/prefix`, requests };
};

const answer =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
  };

const patient: RetryPolicy = { retries: 3, backoff: 0, jitter: 0, timeoutSeconds: 5 };
const search = (uri: string, policy = patient, headers: Record<string, string> = {}) =>
  createClient({ uri, headers }, policy).call(endpoints.searchExperiments, { max_results: 1 });

const failure = async (call: Promise<unknown>): Promise<MlflowError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MlflowError) return error;
  throw new Error(`no MlflowError: ${error}`);
};

test('a server that is busy for a moment is asked again, below its path prefix', async () => {
  const { uri, requests } = await faultyServer(
    answer(503, 'busy', { 'retry-after': '0' }),
    (request) => request.socket.destroy(),
    answer(200, '{"experiments":[]}'),
  );
  expect(await search(uri)).toEqual({ experiments: [] });
  expect(requests.map(({ url }) => url)).toEqual(
    Array(3).fill('/prefix/api/2.0/mlflow/experiments/search'),
  );
});

test("a refusal is not repeated and keeps the server's words", async () => {
  const body = '{"error_code":"INVALID_PARAMETER_VALUE","message":"Changing param values"}';
  const { uri, requests } = await faultyServer(answer(400, body));
  const error = await failure(search(uri));
  expect(error.code).toBe('INVALID_PARAMETER_VALUE');
  expect(error.message).toContain('400 Changing param values');
  expect(requests).toHaveLength(1);
});

test('attempts end, and an HTML page becomes one readable line', async () => {
  const { uri, requests } = await faultyServer(answer(500, '<html>\n<h1>Server Error</h1></html>'));
  const error = await failure(search(uri));
  expect(error.code).toBe('HTTP_500');
  expect(error.message).toMatch(/500 Server Error$/);
  expect(requests).toHaveLength(4);
});

test('who may not write is told which variables to set, and no secret is shown', async () => {
  const { uri, requests } = await faultyServer(answer(401, 'You are not authenticated'));
  const error = await failure(search(uri, patient, { authorization: 'Bearer s3cret' }));
  expect(error.message).toContain('MLFLOW_TRACKING_USERNAME');
  expect(`${error.message}${error.stack}`).not.toContain('s3cret');
  expect(requests[0]?.headers.authorization).toBe('Bearer s3cret');
});

test('a page that is no MLflow server is recognised', async () => {
  const { uri } = await faultyServer(answer(200, '<html>Welcome to nginx'));
  expect((await failure(search(uri))).code).toBe('NOT_MLFLOW');
});

test('a server that never answers costs the timeout, not more', async () => {
  const { uri } = await faultyServer(() => undefined);
  const error = await failure(search(uri, { ...patient, retries: 0, timeoutSeconds: 0.05 }));
  expect(error.code).toBe('UNREACHABLE');
  expect(error.message).toContain('no answer in time');
});

test('where nobody listens, the message says so', async () => {
  const { uri } = await faultyServer();
  await Promise.all(closers.splice(0).map((close) => close()));
  const error = await failure(search(uri, { ...patient, retries: 0 }));
  expect(error.message).toBe(`${uri} does not answer (ECONNREFUSED)`);
});

test('an aborted client gives up at once, also between attempts', async () => {
  const given = new AbortController();
  const { uri } = await faultyServer((_, response) => {
    given.abort();
    response.writeHead(503).end();
  });
  const slow = { ...patient, backoff: 100, jitter: 100 };
  const client = createClient({ uri, headers: {} }, slow, given.signal);
  const call = client.call(endpoints.searchExperiments, { max_results: 1 });
  expect((await failure(call)).name).toBe('MlflowError');
});

test('files go only to a server that takes them', async () => {
  const { uri, requests } = await faultyServer(answer(200, ''));
  const client = createClient({ uri, headers: {} }, patient);
  await client.putArtifact('mlflow-artifacts:/1/a b/artifacts', 'x?.csv', new Uint8Array([1]));
  expect(requests[0]?.url).toBe(
    '/prefix/api/2.0/mlflow-artifacts/artifacts/1/a%20b/artifacts/x%3F.csv',
  );
  const error = await failure(client.putArtifact('s3://bucket/1', 'x', new Uint8Array()));
  expect(error.code).toBe('NOT_PROXIED');
});

test("patience is set with MLflow's own variables, within its caps", () => {
  expect(retryPolicy({})).toEqual({ retries: 7, backoff: 2, jitter: 1, timeoutSeconds: 120 });
  expect(
    retryPolicy({
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '99',
      MLFLOW_HTTP_REQUEST_TIMEOUT: 'soon',
    }),
  ).toMatchObject({ retries: 10, timeoutSeconds: 120 });
});
