/** A small typed client of MLflow's REST API: checks what it sends, retries, explains failures. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from './endpoints.ts';
import type { Environment, ServerSettings } from './settings.ts';
import { assertSendable } from './values.ts';

export type RetryPolicy = {
  /** How often a failed request is tried again. */
  readonly retries: number;
  /** Seconds: the n-th retry (from the second on) waits `backoff · 2^n`, at most 120. */
  readonly backoff: number;
  /** Up to so many seconds more, at random. */
  readonly jitter: number;
  readonly timeoutSeconds: number;
};

/** For a sender beside a training: it comes back by itself, so a second attempt is enough. */
export const besideTraining: RetryPolicy = {
  retries: 1,
  backoff: 1,
  jitter: 0.5,
  timeoutSeconds: 20,
};

/** MLflow's own defaults and variables (mlflow/environment_variables.py). */
export const retryPolicy = (environment: Environment): RetryPolicy => {
  const setting = (name: string, fallback: number) => {
    const value = Number(environment[`MLFLOW_HTTP_REQUEST_${name}`] ?? fallback);
    return Number.isFinite(value) && value >= 0 ? value : fallback;
  };
  return {
    retries: Math.min(10, setting('MAX_RETRIES', 7)),
    backoff: Math.min(120, setting('BACKOFF_FACTOR', 2)),
    jitter: setting('BACKOFF_JITTER', 1),
    timeoutSeconds: setting('TIMEOUT', 120),
  };
};

/** A request that failed for good. `code` is MLflow's error_code, or UNREACHABLE, or HTTP_<n>. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type MlflowClient = {
  /** The address, fit to be shown. */
  readonly server: string;
  /** Throws MlflowError. */
  call<Request extends object, Response>(
    endpoint: Endpoint<Request, Response>,
    request: Request,
  ): Promise<Response>;
  /**
   * Stores a file below a run's `artifact_uri`; the same again is harmless. Throws MlflowError,
   * NOT_PROXIED where the server does not take artifacts itself.
   */
  putArtifact(artifactUri: string, name: string, content: Uint8Array<ArrayBuffer>): Promise<void>;
};

/** `signal` ends every request and every wait at once. */
export const createClient = (
  settings: ServerSettings,
  policy: RetryPolicy,
  signal: AbortSignal = new AbortController().signal,
): MlflowClient => {
  const request = (url: string, init: RequestInit) =>
    requestWithRetries(settings, url, init, policy, signal);
  return {
    server: settings.uri,
    call: async (endpoint, body) => {
      assertSendable(body);
      const url = `${settings.uri}/api/2.0/mlflow/${endpoint.path}`;
      const query = () =>
        `?${new URLSearchParams(Object.entries(body).map(([k, v]) => [k, `${v}`]))}`;
      const answer =
        endpoint.method === 'GET'
          ? await request(`${url}${query()}`, {})
          : await request(url, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(body),
            });
      return parseAnswer(answer, settings.uri);
    },
    putArtifact: async (artifactUri, name, content) => {
      const folder = /^mlflow-artifacts:\/+(.*)$/.exec(artifactUri)?.[1];
      if (folder === undefined) {
        throw new MlflowError(
          'NOT_PROXIED',
          `${settings.uri} keeps artifacts at ${artifactUri.split(':')[0]}: and does not take them`,
        );
      }
      const path = `${folder}/${name}`.split('/').map(encodeURIComponent).join('/');
      await request(`${settings.uri}/api/2.0/mlflow-artifacts/artifacts/${path}`, {
        method: 'PUT',
        body: content,
      });
    },
  };
};

/** The same set as MLflow's Python client, for all methods: ours are all safe to repeat. */
const worthRetrying = new Set([408, 429, 500, 502, 503, 504]);

const requestWithRetries = async (
  settings: ServerSettings,
  url: string,
  init: RequestInit,
  policy: RetryPolicy,
  signal: AbortSignal,
): Promise<string> => {
  for (let attempt = 0; ; attempt++) {
    const outcome = await requestOnce(settings, url, init, policy, signal);
    if (typeof outcome === 'string') return outcome;
    if (!outcome.retry || attempt >= policy.retries || signal.aborted) throw outcome.error;
    const seconds =
      outcome.afterSeconds ??
      Math.min(120, attempt === 0 ? 0 : policy.backoff * 2 ** attempt) +
        Math.random() * policy.jitter;
    await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }
};

type Failure = { retry: boolean; afterSeconds?: number | undefined; error: MlflowError };

const requestOnce = async (
  { uri, headers }: ServerSettings,
  url: string,
  init: RequestInit,
  { timeoutSeconds }: RetryPolicy,
  signal: AbortSignal,
): Promise<string | Failure> => {
  try {
    const response = await fetch(url, {
      ...init,
      headers: { ...init.headers, ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]),
    });
    const answer = await response.text();
    if (response.ok) return answer;
    const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      retry: worthRetrying.has(response.status),
      afterSeconds: Number.isFinite(wait) ? Math.min(120, Math.max(0, wait)) : undefined,
      error: refusal(uri, response.status, answer),
    };
  } catch (error) {
    const message = `${uri} does not answer (${reasonOf(error)})`;
    return { retry: !signal.aborted, error: new MlflowError('UNREACHABLE', message) };
  }
};

/** undici hides the reason (ECONNREFUSED and the like) in `cause`. */
const reasonOf = (error: unknown): string => {
  // Whatever fetch throws has a name and a message.
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return 'no answer in time';
  if (typeof cause !== 'object' || cause === null) return message;
  return 'code' in cause ? String(cause.code) : String(cause);
};

const hints: Readonly<Record<number, string>> = {
  401: 'set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN',
  403: 'the user may not write there, or the server does not allow this host name (--allowed-hosts)',
};

/** Errors come as JSON, as text or as HTML, depending on which layer of the server refused. */
const refusal = (uri: string, status: number, answer: string): MlflowError => {
  let code = `HTTP_${status}`;
  let message = answer.replace(/<[^>]*>/g, ' ');
  try {
    const parsed: unknown = JSON.parse(answer);
    if (typeof parsed === 'object' && parsed !== null) {
      if ('error_code' in parsed) code = String(parsed.error_code);
      if ('message' in parsed) message = String(parsed.message);
    }
  } catch {
    // Text or HTML: shown as it is.
  }
  const hint = hints[status];
  const shown = message.replace(/\s+/g, ' ').trim().slice(0, 300);
  return new MlflowError(code, `${uri}: ${status} ${shown}${hint ? ` (${hint})` : ''}`);
};

const parseAnswer = <Response>(answer: string, uri: string): Response => {
  try {
    // The endpoint's entry says what the server answers; tests hold it against a real server.
    return JSON.parse(answer) as Response;
  } catch {
    const start = answer.slice(0, 80).replace(/\s+/g, ' ');
    throw new MlflowError('NOT_MLFLOW', `${uri} is no MLflow server: it answers "${start}"`);
  }
};
