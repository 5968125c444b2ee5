/** Options as Keras and tfjs write them in saved models. */

const pascalCase = (name: string): string =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Keras's and tfjs's class of a regulariser that holds both factors. */
const withBothFactors: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  l1: { l1: 0.01, l2: 0 },
  l2: { l1: 0, l2: 0.01 },
  l1_l2: { l1: 0.01, l2: 0.01 },
};

function kerasValue(key: string, value: unknown): unknown {
  const { type, ...options } =
    typeof value === 'string'
      ? { type: value }
      : // A mapping among the options is an entry with `type`.
        (value as { type?: string } & Record<string, unknown>);
  if (type === undefined) return options;
  if (key.endsWith('_regularizer')) {
    const zero = type === 'l1_l2' || typeof value === 'string' ? {} : { l1: 0, l2: 0 };
    return { class_name: 'L1L2', config: { ...withBothFactors[type], ...zero, ...options } };
  }
  return typeof value === 'string' ? value : { class_name: pascalCase(type), config: options };
}

/** `{type: l2, l2: 0.01}` becomes `{class_name: L1L2, config: {…}}`; the rest stays as it is. */
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
