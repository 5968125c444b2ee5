/** Where the data came from, as a reader says it: `pixel_csv: path data/digits.csv, scale 255`. */
import type { ExperimentResult } from '../../result/experiment-result.ts';

export function describeSource(config: ExperimentResult['config']): string {
  const source = member(config.dataset, 'source');
  const type = member(source, 'type');
  if (typeof source !== 'object' || source === null || typeof type !== 'string') return '';
  const { type: _, ...settings } = source as Record<string, unknown>; // an object, seen above
  const said = describe(settings);
  return said === '' ? type : `${type}: ${said}`;
}

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && key in value
    ? (value as Record<string, unknown>)[key] // it has the key
    : undefined;

/** Nothing is left out, whatever a source's settings are. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return value.map(nested).join(' × ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .filter(([, setting]) => setting !== undefined && setting !== null)
    .map(([key, setting]) => `${key} ${nested(setting)}`)
    .join(', ');
}

const nested = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? `(${describe(value)})`
    : describe(value);
