/**
 * Arithmetic in blocks: `filters * 4`, `(filters + classes) // 2`. Numbers, names, + - * / //,
 * a leading minus and parentheses; nothing else, so nothing can be executed.
 */

export type Value = unknown;

/** Why a text is no expression, or a name in it has no value. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  /** The name that is unknown, where that is the reason. */
  readonly unknown: string | undefined;

  constructor(message: string, unknown?: string) {
    super(message);
    this.unknown = unknown;
  }
}

const token = /\s*(\/\/|[-+*/()]|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|[A-Za-z_][A-Za-z0-9_]*)/y;

/** The tokens of a text, or undefined where it holds anything else. */
function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const match = token.exec(text);
    if (match?.[1] === undefined) return undefined;
    tokens.push(match[1]);
  }
  return tokens.length === 0 ? undefined : tokens;
}

const isName = (text: string): boolean => /^[A-Za-z_]/.test(text);

/** The names in a text that reads as arithmetic; none where it does not. */
export const namesIn = (text: string): readonly string[] =>
  (tokenize(text) ?? []).filter((part) => isName(part));

/**
 * What a string in a block stands for: the value of the parameter that it names, the result of its
 * arithmetic, or undefined where it is neither and simply is a string (`relu`).
 *
 * @throws {ExpressionError} for arithmetic that does not work out, such as an unknown name in it.
 */
export function evaluate(text: string, values: ReadonlyMap<string, Value>): Value | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined) return undefined;
  const [only] = tokens;
  if (tokens.length === 1) return only !== undefined ? values.get(only) : undefined;
  // `3-4-5` or `a-b` could be plain text; arithmetic has a name that we know, or one beside blanks.
  const names = tokens.filter(isName);
  const spaced = /\s[-+*/]+\s|[()]/.test(text);
  if (names.length === 0 || !(spaced || names.some((name) => values.has(name)))) return undefined;
  // Words one after the other are text.
  if (!tokens.some((part) => '+-*/'.includes(part.charAt(0)))) return undefined;
  return new Parser(text, tokens, values).parse();
}

/** Recursive descent; alive for one text. */
class Parser {
  #position = 0;
  readonly #text: string;
  readonly #tokens: readonly string[];
  readonly #values: ReadonlyMap<string, Value>;

  constructor(text: string, tokens: readonly string[], values: ReadonlyMap<string, Value>) {
    this.#text = text;
    this.#tokens = tokens;
    this.#values = values;
  }

  parse(): number {
    const result = this.#sum();
    if (this.#position < this.#tokens.length) this.#fail();
    if (!Number.isFinite(result)) {
      throw new ExpressionError(`"${this.#text}" is not a finite number`);
    }
    return result;
  }

  #sum(): number {
    let result = this.#product();
    for (;;) {
      if (this.#take('+')) result += this.#product();
      else if (this.#take('-')) result -= this.#product();
      else return result;
    }
  }

  #product(): number {
    let result = this.#factor();
    for (;;) {
      if (this.#take('*')) result *= this.#factor();
      else if (this.#take('//')) result = Math.floor(result / this.#factor());
      else if (this.#take('/')) result /= this.#factor();
      else return result;
    }
  }

  #factor(): number {
    if (this.#take('-')) return -this.#factor();
    if (this.#take('(')) {
      const result = this.#sum();
      if (!this.#take(')')) this.#fail();
      return result;
    }
    const part = this.#tokens[this.#position];
    if (part === undefined || '+-*/()'.includes(part.charAt(0))) return this.#fail();
    this.#position += 1;
    return isName(part) ? this.#named(part) : Number(part);
  }

  #named(name: string): number {
    const value = this.#values.get(name);
    if (!this.#values.has(name)) {
      throw new ExpressionError(`"${name}" in "${this.#text}" is no parameter of this block`, name);
    }
    if (typeof value !== 'number') {
      throw new ExpressionError(`"${name}" in "${this.#text}" is no number`);
    }
    return value;
  }

  #take(expected: string): boolean {
    if (this.#tokens[this.#position] !== expected) return false;
    this.#position += 1;
    return true;
  }

  #fail(): never {
    const part = this.#tokens[this.#position];
    throw new ExpressionError(
      `"${this.#text}" is no arithmetic: ${part === undefined ? 'it ends too early' : `"${part}" is out of place`}`,
    );
  }
}
