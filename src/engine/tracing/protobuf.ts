/** The wire format of Protocol Buffers, as far as writing a graph needs it. */

/** An encoded field, or several one after the other (a message's content). */
export type Encoded = Buffer;

export const message = (...fields: readonly Encoded[]): Encoded => Buffer.concat(fields);

/** Integers, booleans and enums. Negative numbers take ten bytes, as the format wants it. */
export const varintField = (field: number, value: number | boolean): Encoded =>
  Buffer.concat([tag(field, 0), varint(Number(value))]);

/** Strings, bytes and embedded messages. */
export function bytesField(field: number, value: string | Uint8Array): Encoded {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([tag(field, 2), varint(bytes.length), bytes]);
}

export function floatField(field: number, value: number): Encoded {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([tag(field, 5), bytes]);
}

const tag = (field: number, wireType: 0 | 2 | 5): Encoded => varint(field * 8 + wireType);

function varint(value: number): Encoded {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
