/**
 * What MLflow's server takes. It answers 200 to a value of the wrong JSON type and then silently
 * drops that field and everything after it, so everything is checked here, before it is sent.
 */

/** Limits of MLflow 3.17; longer parameters and tags would be cut silently by the server. */
export const limits = { key: 250, param: 6000, tag: 8000, metrics: 1000, params: 100, tags: 100 };

/** MLflow's allowed characters of metric, parameter and tag names, the slash apart. */
const refused = /[^\p{L}\p{N}_.\- :]/gu;

/**
 * A metric or parameter name from parts: `['test', 'recall', 'C#']` → `test/recall/C.u23`. What
 * MLflow refuses is written as its code point, so that different names stay different.
 */
export const metricKey = (...parts: readonly string[]): string =>
  parts
    .map((part) => part.trim().replace(refused, (char) => `.u${char.codePointAt(0)?.toString(16)}`))
    .map((part) => (/^\.*$/.test(part) ? `_${part}` : part))
    .join('/')
    .slice(0, limits.key);

/** JSON has no NaN; the server takes these strings in place of the numbers. */
export const metricValue = (value: number): number | 'NaN' | 'Infinity' | '-Infinity' => {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
};

/** At most `limit` code points, with an ellipsis where something was cut; no half characters. */
export const text = (value: string, limit: number): string => {
  const points = Array.from(value, (char) => (/\p{Surrogate}/u.test(char) ? '\uFFFD' : char));
  return points.length <= limit ? points.join('') : `${points.slice(0, limit - 1).join('')}…`;
};

const integers = new Set(['step', 'timestamp', 'start_time', 'end_time', 'max_results']);

/**
 * Throws where the server would lose data without a word: null, booleans, numbers that are not
 * finite, integers that are not whole, half surrogate pairs. Such a value is a bug of ours.
 */
export const assertSendable = (value: unknown, path = 'body'): void => {
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value)) throw new TypeError(`${path} has half a surrogate pair`);
  } else if (typeof value === 'number') {
    const name = path.slice(path.lastIndexOf('.') + 1);
    const fits = integers.has(name) ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (!fits) throw new TypeError(`${path} is ${value}`);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      assertSendable(item, `${path}[${index}]`);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) assertSendable(item, `${path}.${key}`);
  } else throw new TypeError(`${path} is ${String(value)}`);
};
