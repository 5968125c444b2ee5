/** Writes pictures one after the other into one file, in large pieces, with a running checksum. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const BUFFER_BYTES = 1 << 22;

export class PixelFile {
  readonly #file: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #buffered = 0;
  #checksum = 0;
  #isOpen = true;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(pixels: Uint8Array): void {
    if (this.#buffered + pixels.length > BUFFER_BYTES) this.#flush();
    if (pixels.length > BUFFER_BYTES) {
      this.#writeOut(pixels);
      return;
    }
    this.#buffer.set(pixels, this.#buffered);
    this.#buffered += pixels.length;
  }

  /** Writes what is left. Returns the CRC-32 of the whole file. */
  finish(): number {
    this.#flush();
    this.close();
    return this.#checksum;
  }

  /** Closes the file as it is, for when something went wrong; a second time does nothing. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#file);
  }

  #flush(): void {
    this.#writeOut(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }

  #writeOut(bytes: Uint8Array): void {
    this.#checksum = crc32(bytes, this.#checksum);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
  }
}
