/**
 * Text → tree. YAML 1.2 core with merge keys; duplicate keys are errors. The limits keep a hostile
 * or mistaken file from keeping the parser busy: size, depth, aliases and what they expand to.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseDocument,
  type YAMLMap,
  type Node as YamlNode,
} from 'yaml';
import { ConfigError, inOrder, type PlacedProblem } from './frame.ts';
import { fileSource, type Place, type Source, setFile } from './source.ts';
import type { Entry, Node } from './tree.ts';

export const limits = { bytes: 1_000_000, depth: 64, aliases: 100, nodes: 100_000 } as const;

/** Parses a file's text. Throws ConfigError with every syntax error. */
export const parseText = (file: string, written: string): Node => {
  const lines = new LineCounter();
  // A byte order mark is no character of the first line.
  const text = written.replace(/^\uFEFF/, '');
  const source = fileSource(file, text, lines);
  if (Buffer.byteLength(text) > limits.bytes)
    fail(source, `has more than ${limits.bytes.toLocaleString('en')} bytes`);
  return parseSource(source);
};

/** Parses the value of `--set path=value`; `offset` is where the value begins in the argument. */
export const parseSetValue = (argument: string, offset: number): Node => {
  const lines = new LineCounter();
  // Blanks in place of `path=` keep the value's offsets those of the argument.
  const text = ' '.repeat(offset) + argument.slice(offset);
  const source: Source = {
    kind: 'set',
    file: setFile,
    directory: process.cwd(),
    text: argument,
    lines,
  };
  return parseSource(source, text);
};

const fail = (source: Source, message: string, start = 0, end = start): never => {
  const at = { source, start, end };
  throw new ConfigError('CONFIG_SYNTAX', [{ path: [], message, at }]);
};

const parseSource = (source: Source, text = source.text): Node => {
  checkDepth(source, text);
  const document = parseYaml(source, text);
  const problems = [...document.errors, ...document.warnings].map(
    ({ message, pos: [start, end] }): PlacedProblem => ({
      path: [],
      ...explain(message, source.text, start),
      at: { source, start, end },
    }),
  );
  if (problems.length > 0) throw new ConfigError('CONFIG_SYNTAX', inOrder(problems));
  const builder = new TreeBuilder(source, document);
  const tree = builder.build();
  if (builder.problems.length > 0) throw new ConfigError('CONFIG_SYNTAX', builder.problems);
  return tree;
};

/**
 * Depth is measured before parsing: the parser recurses, and thousands of levels on one line end
 * the whole process for want of stack. (Levels by indentation need more text than a file may have.)
 */
const checkDepth = (source: Source, text: string): void => {
  let offset = 0;
  let brackets = 0;
  let onLine = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') brackets += 1;
    else if (token === ']' || token === '}') brackets -= 1;
    else if (token.startsWith('\n')) onLine = 0;
    else if (brackets === 0 && ['-', '?', ':'].includes(token)) onLine += 1;
    if (brackets + onLine > limits.depth) fail(source, tooDeep, offset, offset + 1);
    // The lexer's marks for a document, a flow's end and a scalar are no text.
    if (!controlTokens.includes(token)) offset += token.length;
  }
};
const controlTokens = ['\u0002', '\u0018', '\u001f'];

const parseYaml = (source: Source, text: string) =>
  parseDocument(text, {
    lineCounter: source.lines,
    version: '1.2',
    schema: 'core',
    merge: true,
    prettyErrors: false,
    // Ours: the parser compares each key with all before it.
    uniqueKeys: false,
  });

const tooDeep = `is nested more than ${limits.depth} levels deep`;

/** The parser's sentence, and what to do in the two cases that our own syntax invites. */
const explain = (message: string, text: string, offset: number) => {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart, (text.indexOf('\n', offset) + 1 || text.length + 1) - 1);
  if (/[{[][^"']*(\$\{|\w\[)/.test(line))
    return {
      message: lowerFirst(message),
      hint: `inside { } or [ ], put "$\{…}" and names such as "recall[x]" in quotes`,
    };
  if (message.includes('multiple documents'))
    return { message: 'a second document begins here', hint: 'a file holds one experiment' };
  return { message: lowerFirst(message) };
};

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** Turns yaml's document into our tree; holds what must be counted on the way. */
class TreeBuilder {
  readonly problems: PlacedProblem[] = [];
  private readonly source: Source;
  private readonly document: Document;
  private readonly open = new Set<YamlNode>();
  private aliases = 0;
  private nodes = 0;

  constructor(source: Source, document: Document) {
    this.source = source;
    this.document = document;
  }

  build(): Node {
    // Without options of its own, parseDocument gives nodes of the plain kinds.
    return this.convert(this.document.contents as YamlNode | null, 1);
  }

  private convert(node: YamlNode | null, depth: number): Node {
    const at = this.placeOf(node);
    if (depth > limits.depth) return fail(this.source, tooDeep, at.start, at.end);
    this.nodes += 1;
    if (this.nodes > limits.nodes)
      return fail(this.source, `expands to more than ${limits.nodes} values`, at.start, at.end);
    if (isAlias(node)) return this.follow(node, at, (target) => this.convert(target, depth));
    if (isMap(node)) return { kind: 'mapping', entries: this.entriesOf(node, depth), at };
    if (isSeq(node)) {
      const items = node.items.map((item) => this.convert(item as YamlNode | null, depth + 1));
      return { kind: 'list', items, at };
    }
    const value = isScalar(node) ? node.value : null;
    const plain = isScalar(node) && node.type === 'PLAIN';
    if (value === null || typeof value === 'string' || typeof value === 'boolean')
      return { kind: 'scalar', value, plain, at };
    return { kind: 'scalar', value: Number(value), plain, at };
  }

  private follow<Result>(node: YamlNode, at: Place, convert: (target: YamlNode) => Result): Result {
    this.aliases += 1;
    if (this.aliases > limits.aliases)
      return fail(this.source, `more than ${limits.aliases} aliases`, at.start, at.end);
    const target = isAlias(node) ? node.resolve(this.document) : undefined;
    if (!target) return fail(this.source, 'this alias has no anchor', at.start, at.end);
    if (this.open.has(target))
      return fail(this.source, 'this alias contains itself', at.start, at.end);
    this.open.add(target);
    const result = convert(target);
    this.open.delete(target);
    return result;
  }

  private entriesOf(map: YAMLMap, depth: number): Map<string, Entry> {
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    for (const pair of map.items) {
      // Pairs of a parsed document hold nodes.
      const [key, value] = [pair.key as YamlNode, pair.value as YamlNode | null];
      const name = this.keyText(key);
      if (name === '<<' && isScalar(key) && key.type === 'PLAIN')
        for (const [inherited, entry] of this.mergedEntries(value, depth))
          merged.has(inherited) || merged.set(inherited, entry);
      else {
        const at = this.placeOf(key);
        if (own.has(name))
          this.problems.push({ path: [], message: `the key "${name}" is given twice`, at });
        const converted = this.convert(value, depth + 1);
        own.set(name, { key: at, value: isPlaceless(value) ? { ...converted, at } : converted });
      }
    }
    return new Map([...merged, ...own]);
  }

  /** What `<<: *a` or `<<: [*a, *b]` brings; the earlier of several wins. */
  private mergedEntries(value: YamlNode | null, depth: number): readonly [string, Entry][] {
    const at = this.placeOf(value);
    if (isAlias(value))
      return this.follow(value, at, (target) => this.mergedEntries(target, depth));
    if (isMap(value)) return [...this.entriesOf(value, depth)];
    if (isSeq(value))
      return value.items.flatMap((item) => this.mergedEntries(item as YamlNode, depth));
    return fail(this.source, 'a merge key takes a mapping or a list of mappings', at.start, at.end);
  }

  private keyText(key: YamlNode): string {
    const at = this.placeOf(key);
    if (!isScalar(key) || key.value === null)
      return fail(this.source, 'a key must be a plain word', at.start, at.end);
    // As written: `01` and `yes` are names here, whatever type they would have as values.
    return key.source ?? String(key.value);
  }

  private placeOf(node: YamlNode | null): Place {
    const [start, end] = node?.range ?? [0, 0];
    return { source: this.source, start, end };
  }
}

/** `key:` with nothing after it has no place of its own. */
const isPlaceless = (node: YamlNode | null): boolean =>
  node === null || (isScalar(node) && node.value === null && node.source === '');
