import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import { recordLinePrefix, writeDisclosure, writeEnd, writeHeader } from './export-lines.ts';
import { recordableTime } from './recordable-time.ts';
import { describeKey, type Signer } from './signer.ts';
import type { SqliteRows } from './sqlite-rows.ts';
import type { ChainExport, ExportOptions } from './store.ts';
import { storedDisclosure } from './stored-record.ts';

export interface ExportParts {
  readonly chain: string;
  readonly tenant: string;
  readonly rows: SqliteRows;
  readonly vault: DisclosureVault;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly random: Random;
}

const CHUNK = 256;
const FLUSH = 256 * 1024;

/** Gathers lines, hashes what goes out, writes in large pieces. */
class LineWriter {
  readonly #handle: FileHandle;
  readonly #digest = createHash('sha256');
  #parts: Buffer[] = [];
  #held = 0;
  #written = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  get written(): number {
    return this.#written;
  }

  add(...parts: readonly (string | Uint8Array)[]): void {
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part);
      this.#parts.push(bytes);
      this.#held += bytes.length;
    }
  }

  async flush(least = 0): Promise<void> {
    if (this.#held === 0 || this.#held < least) return;
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

/**
 * Writes records 1 to the checkpoint's size as a `complete` chain file: streamed into a file of another name in the same
 * folder, made durable, then renamed. Whatever goes wrong leaves nothing behind.
 */
export async function writeChainFile(
  parts: ExportParts,
  file: string,
  checkpoint: Checkpoint,
  options: ExportOptions,
): Promise<ChainExport> {
  const partial = join(
    dirname(file),
    `.${basename(file)}.${Buffer.from(parts.random.bytes(6)).toString('hex')}.partial`,
  );
  try {
    const handle = await open(partial, 'wx', 0o600);
    let result: ChainExport;
    try {
      result = await writeLines(parts, new LineWriter(handle), checkpoint, options);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    await syncFolder(dirname(file));
    return result;
  } catch (error) {
    await unlink(partial).catch(() => undefined); // not there if it could not be created
    throw explainSqliteError(error, 'the export');
  }
}

async function writeLines(
  parts: ExportParts,
  writer: LineWriter,
  checkpoint: Checkpoint,
  { disclose, generator, signal, onProgress }: ExportOptions,
): Promise<ChainExport> {
  const { chain, tenant, rows, signer, clock } = parts;
  const last = checkpoint.size;
  const exportedAt = recordableTime(clock);
  const header = { causeway: 'chain/1' as const, chain, tenant, first: 1, last, selection: 'complete' as const };
  writer.add(writeHeader({ ...header, keys: [describeKey(signer, 1)], exportedAt, generator }), '\n');
  for (let done = 0; done < last; ) {
    if (signal?.aborted) throw new CausewayError('cancelled', 'The export was stopped.');
    // one at a time, written out as they come: each may have 4 MiB
    for (const end = Math.min(last, done + CHUNK); done < end; done++) {
      const row = rows.bySeq(done + 1) ?? missing(done);
      writer.add(recordLinePrefix(row.hash.toString('hex'), row.sig), row.bytes, '}\n');
      await writer.flush(FLUSH);
    }
    onProgress?.(done, last);
    await nextTurn();
  }
  for (let first = 1; disclose && first <= last; first += CHUNK) {
    if (signal?.aborted) throw new CausewayError('cancelled', 'The export was stopped.');
    for (const row of rows.disclosurePlaces(first, Math.min(last, first + CHUNK - 1))) {
      const { seq, path, disclosed } = storedDisclosure(parts, row.seq, row.path);
      writer.add(writeDisclosure(seq, path, disclosed), '\n');
      await writer.flush(FLUSH);
    }
    await nextTurn();
  }
  await writer.flush();
  writer.add(writeEnd({ records: last, digest: writer.digest(), checkpoint: checkpoint.note }), '\n');
  await writer.flush();
  return { records: last, digest: writer.digest(), size: writer.written, checkpoint };
}

function missing(done: number): never {
  throw new CausewayError('audit-broken', `The records after ${done} are missing. Verify the trail.`, {
    reason: 'gap',
  });
}

/** Makes the rename durable. Folders cannot be opened on Windows, where the rename is durable by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
