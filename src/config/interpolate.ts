/** `${NAME}`, `${NAME:-default}`, `${NAME:?message}` and `$$` in values, never in keys. */
import { parseDocument } from 'yaml';
import type { PlacedProblem } from './frame.ts';
import type { Node, Scalar } from './tree.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The tree with variables put in. An unquoted value that is wholly one reference takes its type
 * from the text (`${EPOCHS:-7}` is a number); anything else stays text.
 */
export const interpolate = (
  node: Node,
  environment: Environment,
  report: (problem: PlacedProblem) => void,
): Node => {
  const into = (child: Node): Node => interpolate(child, environment, report);
  if (node.kind === 'list') return { ...node, items: node.items.map(into) };
  if (node.kind === 'mapping') {
    const entries = [...node.entries].map(
      ([key, entry]) => [key, { ...entry, value: into(entry.value) }] as const,
    );
    return { ...node, entries: new Map(entries) };
  }
  return typeof node.value === 'string' && node.value.includes('$')
    ? substitute(node, node.value, environment, report)
    : node;
};

/** `$$`, a reference, or a `${` that no reference follows. */
const references = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([-?])([^}]*))?\}|\$\{/g;

const substitute = (
  node: Scalar,
  text: string,
  environment: Environment,
  report: (problem: PlacedProblem) => void,
): Scalar => {
  let failed = false;
  const wrong = (message: string, hint?: string) => {
    report({ path: [], message, hint, at: node.at });
    failed = true;
    return '';
  };
  let variable: string | undefined;
  const value = text.replace(
    references,
    (reference, name?: string, operator?: string, rest = '') => {
      if (reference === '$$') return '$';
      if (name === undefined)
        return wrong(
          `"${text}" has a "\${" that is not a variable`,
          `write $\{NAME}, or $$ for a $`,
        );
      variable = name;
      const given = environment[name];
      // As in a shell, `:-` and `:?` take an empty variable for an unset one.
      if (given !== undefined && (given !== '' || operator === undefined)) return given;
      if (operator === '-') return rest;
      if (operator === '?') return wrong(rest || `the environment variable ${name} is not set`);
      return wrong(
        `the environment variable ${name} is not set`,
        `set it, or give a default: \${${name}:-value}`,
      );
    },
  );
  // As it stands: what depends on it would only be a second error.
  if (failed) return node;
  const isWhole = node.plain && /^\$\{[^}]*\}$/.test(text);
  return {
    ...node,
    value: isWhole ? typed(value) : value,
    ...(variable === undefined ? {} : { variable }),
  };
};

const typed = (text: string): Scalar['value'] => {
  const value: unknown = parseDocument(text, { schema: 'core' }).toJS();
  const isScalar = value === null || ['number', 'boolean', 'string'].includes(typeof value);
  // Checked on the line above; a mapping or list in a variable stays the text that it is.
  return isScalar ? (value as Scalar['value']) : text;
};
