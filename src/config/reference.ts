/** `docs/reference.md` from the schemas: every key, type, default, metric and lint rule. */
import { classMetrics, metrics } from '../metrics/index.ts';
import type { ObjectSchema, Schema, TypedUnionSchema } from '../schema/json-schema.ts';
import { typesOf } from './choose.ts';
import { experimentSchema } from './experiment.ts';
import { rules } from './lint/index.ts';
import { type SharedEntry, sharedEntries, sharedLink } from './reference-shared.ts';

/** The page, Markdown. */
export const referenceText = (): string =>
  [
    '# Reference of the experiment file',
    '',
    'Written by `npm run schemas` from the schemas in `src/`; do not edit. In an editor with a YAML',
    'language server the same text comes up at each key.',
    '',
    ...table(experimentSchema),
    '',
    ...Object.entries(experimentSchema.properties).flatMap(([key, schema]) =>
      sections(schema, key, 2),
    ),
    ...sharedEntries.flatMap(sharedSection),
    '## Metric names',
    '',
    ...metricRows(),
    '',
    '## Lint rules',
    '',
    '| id | severity | finds | needs |',
    '|---|---|---|---|',
    ...Object.values(rules).map(({ id, severity, description, needs }) =>
      row([id, severity, description, needs === 'config' ? 'the file alone' : `the ${needs}`]),
    ),
    '',
  ].join('\n');

/** What a key holds below itself: its keys, its types with theirs, the items of its list. */
const sections = (schema: Schema, path: string, level: number): readonly string[] => {
  if ('anyOf' in schema) return schema.anyOf.flatMap((member) => sections(member, path, level));
  if (!('type' in schema)) return [];
  if (schema.type === 'array') return sections(schema.items, path, level);
  if (schema.type !== 'object') return [];
  if ('oneOf' in schema) return union(schema, path, level);
  if (!('properties' in schema)) return sections(schema.additionalProperties, `${path}.*`, level);
  const below = Object.entries(schema.properties).flatMap(([key, property]) =>
    sections(property, `${path}.${key}`, level + 1),
  );
  return [...heading(path, schema, level), ...table(schema), '', ...below];
};

/** A union's types, each with the keys that are its own; deep unions are named, not spread again. */
const union = (schema: TypedUnionSchema, path: string, level: number): readonly string[] => {
  if (level > deepest || sharedLink(schema)) return [];
  return [...heading(path, schema, level), ...branchLines(typesOf(schema), schema.oneOf)];
};

const branchLines = (
  names: readonly string[],
  branches: readonly ObjectSchema[],
): readonly string[] =>
  branches.flatMap((branch, index) => {
    const { type: _type, ...own } = branch.properties;
    return [
      `**\`${names[index]}\`** ${branch.description ?? ''}`.trimEnd(),
      '',
      ...(Object.keys(own).length > 0 ? [...table({ ...branch, properties: own }), ''] : []),
    ];
  });

const sharedSection = ({ title, description, names, branches }: SharedEntry): readonly string[] => [
  `## ${title}`,
  '',
  description,
  '',
  ...(branches.length > 0
    ? branchLines(names, branches)
    : [names.map((name) => `\`${name}\``).join(', '), '']),
];

/** What stands deeper has a section of its own: see `sharedEntries`. */
const deepest = 3;

const heading = (path: string, { description = '' }: Schema, level: number): readonly string[] => [
  `${'#'.repeat(Math.min(level, 4))} \`${path}\``,
  '',
  ...(description ? [description, ''] : []),
];

const table = ({ properties, required = [] }: ObjectSchema): readonly string[] => [
  '| key | value | default | |',
  '|---|---|---|---|',
  ...Object.entries(properties).map(([key, property]) =>
    row([
      `\`${key}\``,
      valueText(property),
      required.includes(key) ? '*required*' : defaultText(property),
      property.description ?? '',
    ]),
  ),
];

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;

const defaultText = ({ default: fallback }: Schema): string =>
  fallback === undefined ? '' : `\`${JSON.stringify(fallback)}\``;

const valueText = (schema: Schema): string => {
  if ('anyOf' in schema) return alternativesText(schema.anyOf);
  if (!('type' in schema)) return 'anything';
  const shared = sharedLink(schema);
  if (shared !== undefined) return shared;
  if ('oneOf' in schema) return 'an entry with a `type`';
  if (schema.type === 'array') return `list of ${valueText(schema.items)}`;
  if (schema.type === 'object') return 'mapping';
  if ('const' in schema && schema.const !== undefined) return `\`${schema.const}\``;
  if ('enum' in schema && schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ');
  if (schema.type === 'string' && schema.format === 'path') return 'path';
  return `${{ string: 'text', integer: 'whole number', number: 'number', boolean: 'true, false', null: 'null' }[schema.type]}${rangeText(schema)}`;
};

/** Beside a link, the names that may stand alone would say the same once more. */
const alternativesText = (alternatives: readonly Schema[]): string => {
  const isLinked = alternatives.some((one) => 'oneOf' in one && sharedLink(one));
  const shown = alternatives.filter((one) => !(isLinked && 'enum' in one));
  return [...new Set(shown.map(valueText))].join(' or ');
};

const rangeText = (schema: Schema): string => {
  const bounds = [
    ['≥', 'minimum'],
    ['>', 'exclusiveMinimum'],
    ['≤', 'maximum'],
    ['<', 'exclusiveMaximum'],
  ].flatMap(([sign, key]) => {
    // Only numbers have these keywords; elsewhere the entry is absent.
    const bound = (schema as Readonly<Record<string, unknown>>)[key ?? ''];
    return bound === undefined ? [] : [`${sign} ${bound}`];
  });
  return bounds.length > 0 ? ` ${bounds.join(', ')}` : '';
};

const metricRows = (): readonly string[] => [
  '| name | better | range | |',
  '|---|---|---|---|',
  ...Object.values({ ...metrics, ...classMetrics }).map(({ schema, direction, range }) =>
    row([
      `\`${schema.const}\``,
      direction === 'max' ? 'higher' : 'lower',
      range.join(' … '),
      schema.description,
    ]),
  ),
];
