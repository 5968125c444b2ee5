/**
 * Reads single files out of a zip archive, which is what `.keras` is. Stored and deflated entries
 * below 4 GiB, which is all that Keras writes. (PKWARE, APPNOTE.TXT 4.3)
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
/** The end record without its comment, and the longest comment. */
const endLength = 22;
const longestComment = 65535;

/** The content of an entry; undefined when the archive has no entry of that name. */
export function readZipEntry(path: string, name: string): Buffer | undefined {
  const file = openSync(path, 'r');
  try {
    const entry = directory(file).find((one) => one.name === name);
    if (entry === undefined) return undefined;
    const header = readAt(file, entry.offset, 30);
    const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const content = readAt(file, start, entry.packed);
    return entry.method === 0 ? content : inflateRawSync(content);
  } finally {
    closeSync(file);
  }
}

type Entry = { name: string; method: number; packed: number; offset: number };

/** The central directory, which stands at the end of the archive. */
function directory(file: number): readonly Entry[] {
  const { size } = fstatSync(file);
  const tail = Math.min(size, endLength + longestComment);
  const end = readAt(file, size - tail, tail);
  let at = tail - endLength;
  while (at >= 0 && end.readUInt32LE(at) !== endSignature) at -= 1;
  if (at < 0) throw new Error('no zip archive, or its end is missing');
  const bytes = readAt(file, end.readUInt32LE(at + 16), end.readUInt32LE(at + 12));
  const entries: Entry[] = [];
  for (let next = 0; next + 46 <= bytes.length; ) {
    if (bytes.readUInt32LE(next) !== entrySignature) throw new Error('a damaged zip directory');
    const nameLength = bytes.readUInt16LE(next + 28);
    entries.push({
      name: bytes.toString('utf8', next + 46, next + 46 + nameLength),
      method: bytes.readUInt16LE(next + 10),
      packed: bytes.readUInt32LE(next + 20),
      offset: bytes.readUInt32LE(next + 42),
    });
    next += 46 + nameLength + bytes.readUInt16LE(next + 30) + bytes.readUInt16LE(next + 32);
  }
  return entries;
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (position < 0 || readSync(file, bytes, 0, length, position) !== length) {
    throw new Error('a zip archive whose end is missing');
  }
  return bytes;
}
