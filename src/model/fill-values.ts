/** Puts values in the place of parameters, arithmetic and the word `classes`. */
import type { ConfigPath } from '../errors.ts';
import { ExpressionError, evaluate } from './expression.ts';

export type KnownValues = {
  /** Parameters in a block; undefined in the model itself, where values are as they are. */
  readonly parameters: ReadonlyMap<string, unknown> | undefined;
  /** Number of classes, where it is known. */
  readonly classes: number | undefined;
};

export type Mistake = {
  readonly path: ConfigPath;
  readonly message: string;
  /** A name that has no value, and those that have. */
  readonly unknown: string | undefined;
  readonly candidates: readonly string[];
};

export type Filled = {
  readonly value: unknown;
  /** It holds `classes`, whose number is not known; 2 stands in for it. */
  readonly open: boolean;
  readonly mistakes: readonly Mistake[];
};

/** The value with every string in it that stands for something replaced; `type` is left alone. */
export function fillValues(value: unknown, known: KnownValues, path: ConfigPath): Filled {
  const values = new Map([...(known.parameters ?? []), ['classes', known.classes ?? 2] as const]);
  const mistakes: Mistake[] = [];
  let open = false;
  const fill = (item: unknown, at: ConfigPath): unknown => {
    if (typeof item === 'string') return fillText(item, at);
    if (Array.isArray(item)) return item.map((part, index) => fill(part, [...at, index]));
    if (item === null || typeof item !== 'object') return item;
    const filled = Object.entries(item).map(([key, part]) => [
      key,
      key === 'type' ? part : fill(part, [...at, key]),
    ]);
    return Object.fromEntries(filled);
  };
  const fillText = (text: string, at: ConfigPath): unknown => {
    if (known.parameters === undefined && text !== 'classes') return text;
    if (known.classes === undefined && /\bclasses\b/.test(text)) open = true;
    try {
      const result = evaluate(text, values);
      return result === undefined ? text : result;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const { message, unknown } = error;
      mistakes.push({ path: at, message, unknown, candidates: [...values.keys()] });
      return text;
    }
  };
  return { value: fill(value, path), open, mistakes };
}
