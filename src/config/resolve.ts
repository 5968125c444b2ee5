/**
 * Tree + schema → the config: chooses the branch of each union, expands bare names to
 * `{ type }`, fills defaults, makes paths absolute, and collects everything that is wrong. Longer than
 * most: one walk, a case for each kind of schema.
 */
import type { ErrorObject } from 'ajv';
import type { ConfigPath } from '../errors.ts';
import type { MapSchema, ObjectSchema, Schema, TypedUnionSchema } from '../schema/json-schema.ts';
import { didYouMean } from '../schema/suggest.ts';
import { branchOf, chooseAlternative, typesOf } from './choose.ts';
import type { PlacedProblem } from './frame.ts';
import {
  described,
  describedNode,
  quoted,
  type Sentence,
  sentence,
  wrongType,
} from './messages.ts';
import { type Check, findings, isLeaf } from './rules.ts';
import type { Place } from './source.ts';
import {
  entryOf,
  fromPlain,
  isFreeKey,
  type Mapping,
  type Node,
  shownPath,
  toPlain,
} from './tree.ts';
import { unknownKeyHint } from './unknown-key.ts';
import { bare, firstLineOf, pathOf, withImpliedType } from './written.ts';

/** Where a value of the config came from. */
export type Resolved = {
  readonly node: Node;
  readonly key?: Place | undefined;
  readonly isDefault: boolean;
};

export type Resolution = {
  readonly value: unknown;
  readonly problems: readonly PlacedProblem[];
  /** By `pathKey`. */
  readonly origins: ReadonlyMap<string, Resolved>;
};

export const pathKey = (path: ConfigPath): string => JSON.stringify(path);

/** Checks a tree against a schema. `path` is where the tree stands in the whole config. */
export const resolveTree = (
  schema: ObjectSchema,
  tree: Node,
  path: ConfigPath = [],
): Resolution => {
  const resolver = new Resolver(schema);
  const value = resolver.visit(schema, { path, node: tree, isDefault: false });
  resolver.judge();
  return { value, problems: resolver.problems, origins: resolver.origins };
};

type Visit = Resolved & { readonly path: ConfigPath };
/** `meant`: the schema with all its alternatives, for messages. */
type VisitCheck = Check & { readonly visit: Visit; readonly meant: Schema };

class Resolver {
  readonly problems: PlacedProblem[] = [];
  readonly origins = new Map<string, Resolved>();
  private readonly checks: VisitCheck[] = [];
  private readonly root: ObjectSchema;

  constructor(root: ObjectSchema) {
    this.root = root;
  }

  /** `meant` is the schema with all its alternatives, for messages. */
  visit(schema: Schema, visit: Visit, meant = schema): unknown {
    const { node, path, key, isDefault } = visit;
    this.origins.set(pathKey(path), { node, key, isDefault });
    if ('anyOf' in schema) {
      const chosen = chooseAlternative(schema.anyOf, node);
      if (!chosen) return this.reject(visit, wrongType(nameOf(path), schema, node));
      const value = this.visit(chosen, visit, schema);
      if (isLeaf(chosen)) this.check(chosen, visit, value, schema);
      return value;
    }
    // A schema without a type (free values) takes anything.
    if (!('type' in schema)) return toPlain(node);
    if ('oneOf' in schema) return this.visitUnion(schema, visit);
    if (schema.type === 'object')
      return 'properties' in schema
        ? this.visitObject(schema, visit)
        : this.visitMap(schema, visit);
    if (schema.type === 'array') return this.visitList(schema, visit);
    if (node.kind !== 'scalar') return this.reject(visit, wrongType(nameOf(path), meant, node));
    const isPath = schema.type === 'string' && schema.format === 'path';
    return isPath && typeof node.value === 'string' ? pathOf(node.value, node.at) : node.value;
  }

  private visitUnion(schema: TypedUnionSchema, visit: Visit): unknown {
    const { node, path } = visit;
    const typeNode = node.kind === 'scalar' ? node : entryOf(node, 'type')?.value;
    const types = typesOf(schema);
    if (node.kind === 'list' || (node.kind === 'scalar' && typeof node.value !== 'string'))
      return this.reject(visit, {
        message: `${nameOf(path)} must be a name or a mapping with a \`type\`, not ${describedNode(node)}`,
        hint: `type: ${quoted(types)}`,
      });
    if (!typeNode)
      return this.reject(visit, {
        message: `${nameOf(path)} needs a \`type\``,
        hint: `type: ${quoted(types)}`,
      });
    const type = typeNode.kind === 'scalar' ? String(typeNode.value) : describedNode(typeNode);
    const branch = branchOf(schema, type);
    if (!branch)
      return this.reject(
        { ...visit, node: typeNode },
        {
          message: `unknown type "${type}" in ${nameOf(path)}`,
          hint: didYouMean(type, types) ?? `type: ${quoted(types)}`,
        },
      );
    return this.visitObject(
      branch,
      node.kind === 'mapping' ? visit : { ...visit, node: bare(node) },
    );
  }

  private visitObject(schema: ObjectSchema, visit: Visit): unknown {
    const { node, path } = visit;
    if (node.kind !== 'mapping') return this.reject(visit, wrongType(nameOf(path), schema, node));
    this.rejectUnknownKeys(schema, node, path);
    const value: Record<string, unknown> = {};
    for (const [key, property] of Object.entries(schema.properties)) {
      const child = this.childOf(property, entryOf(node, key), visit, [...path, key]);
      if (child) value[key] = this.visit(property, child);
      else if (schema.required?.includes(key)) this.rejectMissing(key, property, visit);
    }
    this.check(schema, visit, value);
    return value;
  }

  /** What is written under a key, or its default; undefined when there is neither. */
  private childOf(
    property: Schema,
    entry: { key: Place; value: Node } | undefined,
    parent: Visit,
    path: ConfigPath,
  ): Visit | undefined {
    const fallback = property.default;
    if (entry) {
      const node = withImpliedType(entry.value, fallback);
      return { path, node, key: entry.key, isDefault: parent.isDefault };
    }
    if (fallback === undefined) return undefined;
    return { path, node: fromPlain(fallback, parent.node.at), isDefault: true };
  }

  private visitMap(schema: MapSchema, visit: Visit): unknown {
    const { node, path, isDefault } = visit;
    if (node.kind !== 'mapping') return this.reject(visit, wrongType(nameOf(path), schema, node));
    const entries = [...node.entries].filter(([name]) => !isFreeKey(name));
    const value = Object.fromEntries(
      entries.map(([name, { key, value: item }]) => [
        name,
        this.visit(schema.additionalProperties, {
          path: [...path, name],
          node: item,
          key,
          isDefault,
        }),
      ]),
    );
    this.check(schema, visit, value);
    return value;
  }

  private visitList(schema: Extract<Schema, { type: 'array' }>, visit: Visit): unknown {
    const { node, path, isDefault } = visit;
    if (node.kind !== 'list') return this.reject(visit, wrongType(nameOf(path), schema, node));
    const value = node.items.map((item, index) =>
      this.visit(schema.items, { path: [...path, index], node: item, isDefault }),
    );
    this.check(schema, visit, value);
    return value;
  }

  /** Leaves one level to ajv. A default has been judged by a test. */
  private check(schema: Schema, visit: Visit, value: unknown, meant = schema): void {
    if (visit.isDefault) return;
    const keys = visit.node.kind === 'mapping' ? [...visit.node.entries.keys()] : [];
    this.checks.push({ schema, value, keys, visit, meant });
  }

  /** Asks ajv about all levels together; to be called once, at the end. */
  judge(): void {
    findings(this.checks).forEach((errors, index) => {
      const check = this.checks[index];
      if (check) for (const error of errors) this.rejectFinding(check, error);
    });
  }

  private rejectFinding({ schema, visit, meant }: VisitCheck, error: ErrorObject): void {
    const [, step] = error.instancePath.split('/').map(unescapePointer);
    if (step === undefined) {
      this.reject(visit, sentence(nameOf(visit.path), error, meant, visit.node));
      return;
    }
    const child = schemaAt(schema, step);
    const path = [...visit.path, visit.node.kind === 'list' ? Number(step) : step];
    const found = this.origins.get(pathKey(path));
    // A child of the wrong kind altogether has been reported where it was visited.
    if (!child || !found || found.node.kind !== 'scalar' || found.isDefault) return;
    this.reject({ ...found, path }, sentence(nameOf(path), error, child, found.node));
  }

  private rejectUnknownKeys(schema: ObjectSchema, node: Mapping, path: ConfigPath): void {
    const known = Object.keys(schema.properties);
    for (const [key, { key: at }] of node.entries) {
      if (known.includes(key) || isFreeKey(key)) continue;
      this.problems.push({
        path: [...path, key],
        message: `unknown key "${key}"${path.length > 0 ? ` in ${shownPath(path)}` : ''}`,
        hint: unknownKeyHint(key, known, this.root, path),
        atKey: true,
        at,
      });
    }
  }

  private rejectMissing(key: string, property: Schema, visit: Visit): void {
    const owner = visit.path.length > 0 ? nameOf(visit.path) : 'the experiment';
    const type = entryOf(visit.node, 'type')?.value;
    const what = type?.kind === 'scalar' ? `${owner} (${type.value})` : owner;
    const example = property.examples?.[0];
    this.reject(visit, {
      message: `${what} needs \`${key}\`: ${described(property)}`,
      hint:
        example === undefined
          ? property.description
          : `for example ${key}: ${JSON.stringify(example)}`,
    });
  }

  private reject({ node, path }: Visit, { message, hint }: Sentence): undefined {
    this.problems.push({ path, message, hint, at: firstLineOf(node) });
    return undefined;
  }
}

const nameOf = (path: ConfigPath): string =>
  path.length === 0 ? 'the experiment' : shownPath(path);

/** A step of a JSON pointer (RFC 6901). */
const unescapePointer = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');

const schemaAt = (schema: Schema, step: string): Schema | undefined => {
  if ('properties' in schema) return schema.properties[step];
  if ('additionalProperties' in schema && schema.additionalProperties)
    return schema.additionalProperties;
  return 'items' in schema ? schema.items : undefined;
};
