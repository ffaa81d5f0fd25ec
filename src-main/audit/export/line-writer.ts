import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const FLUSH = 256 * 1024;

/** Gathers lines, hashes what goes out, writes in large pieces. */
export class LineWriter {
  readonly #handle: FileHandle;
  readonly #digest = createHash('sha256');
  #parts: Uint8Array[] = [];
  #held = 0;
  #written = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Bytes in the file. */
  get written(): number {
    return this.#written;
  }

  /** Takes text or bytes, which must not change until they are written. */
  add(...parts: readonly (string | Uint8Array)[]): void {
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
      this.#parts.push(bytes);
      this.#held += bytes.length;
    }
  }

  /** Writes what is held, when there is enough of it. */
  async drain(): Promise<void> {
    if (this.#held >= FLUSH) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#held === 0) return;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#held = 0;
    this.#digest.update(bytes);
    await this.#handle.writeFile(bytes); // goes on from the handle's position until all is written
    this.#written += bytes.length;
  }

  /** Hex SHA-256 of everything flushed so far. */
  digest(): string {
    return this.#digest.copy().digest('hex');
  }
}
