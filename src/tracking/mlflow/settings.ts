/** Which tracking server, with which credentials: MLflow's own environment variables. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ExperimentError } from '../../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type ServerSettings = {
  /** Address with path prefix, without credentials and trailing slash: fit to be shown. */
  readonly uri: string;
  /** Secret: never shown, never logged. */
  readonly headers: Readonly<Record<string, string>>;
};

/** What MLflow's Python client does with these, fetch cannot; going on without would be unsafe. */
const unsupported = [
  'MLFLOW_TRACKING_INSECURE_TLS',
  'MLFLOW_TRACKING_SERVER_CERT_PATH',
  'MLFLOW_TRACKING_CLIENT_CERT_PATH',
  'MLFLOW_TRACKING_AUTH',
  'MLFLOW_TRACKING_AWS_SIGV4',
];

/**
 * The server at `uri` (from the config), otherwise at MLFLOW_TRACKING_URI; null where neither is
 * given. Throws USAGE for an address that is no tracking server's.
 */
export const serverSettings = (
  uri: string | undefined,
  environment: Environment,
  home = homedir(),
): ServerSettings | null => {
  const address = uri ?? environment.MLFLOW_TRACKING_URI?.trim();
  if (address === undefined || address === '') return null;
  const url = parseAddress(address);
  const given = unsupported.find((name) => (environment[name] ?? '') !== '');
  if (given !== undefined) {
    throw new ExperimentError(
      'USAGE',
      `${given} is set, which Foldwise does not support.`,
      'Unset it. For a certificate authority of your own, set NODE_EXTRA_CA_CERTS.',
    );
  }
  const authorization = authorizationFor(url, environment, home);
  const workspace = environment.MLFLOW_WORKSPACE;
  return {
    uri: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(workspace === undefined ? {} : { 'x-mlflow-workspace': workspace }),
    },
  };
};

const parseAddress = (address: string): URL => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new ExperimentError(
    'USAGE',
    `"${address.replace(/\/\/[^@/]*@/, '//')}" is not the address of an MLflow tracking server.`,
    'MLFLOW_TRACKING_URI must begin with http:// or https://. `foldwise ui` starts a server here.',
  );
};

/** MLflow's order: user and password before token, the environment before the file. */
const authorizationFor = (url: URL, environment: Environment, home: string): string | undefined => {
  const file = readCredentials(join(home, '.mlflow', 'credentials'));
  const user =
    environment.MLFLOW_TRACKING_USERNAME ??
    (decodeURIComponent(url.username) || file.mlflow_tracking_username);
  const password =
    environment.MLFLOW_TRACKING_PASSWORD ??
    (decodeURIComponent(url.password) || file.mlflow_tracking_password);
  if (user !== undefined && password !== undefined) {
    return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  const token = environment.MLFLOW_TRACKING_TOKEN;
  return token === undefined || token === '' ? undefined : `Bearer ${token}`;
};

/** The `[mlflow]` section of an INI file; empty when there is no such file. */
const readCredentials = (path: string): Readonly<Record<string, string>> => {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  const sections = content.replaceAll('\r', '').split(/^(?=\[)/m);
  const section = sections.find((text) => text.startsWith('[mlflow]')) ?? '';
  const pairs = [...section.matchAll(/^\s*(\w+)\s*[=:]\s*(.*?)\s*$/gm)];
  return Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, value]));
};
