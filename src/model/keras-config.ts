/** Options as Keras and tfjs write them in saved models (tfjs turns `className` into Python). */

const pascalCase = (name: string): string =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

function kerasValue(key: string, value: unknown): unknown {
  const { type, ...options } =
    typeof value === 'string'
      ? { type: value }
      : // A mapping among the options is an entry with `type`.
        (value as { type?: string } & Record<string, unknown>);
  if (type === undefined) return options;
  if (key.endsWith('_regularizer')) {
    // tfjs knows the class with both factors alone.
    const named = typeof value === 'string' ? { [type]: 0.01 } : {};
    return { className: 'L1L2', config: { l1: 0, l2: 0, ...named, ...options } };
  }
  // tfjs knows silu by its other name only, which Keras takes too.
  if (value === 'silu') return 'swish';
  return typeof value === 'string' ? value : { className: pascalCase(type), config: options };
}

/** `{type: l2, l2: 0.01}` becomes `{className: L1L2, config: {…}}`; the rest stays as it is. */
export function kerasConfig(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key,
      typeof value === 'string' ||
      (value !== null && typeof value === 'object' && !Array.isArray(value))
        ? kerasValue(key, value)
        : value,
    ]),
  );
}
