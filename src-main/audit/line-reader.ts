import type { FileHandle } from 'node:fs/promises';
import { CausewayError } from '#shared/errors.ts';

const CHUNK = 256 * 1024;
const LF = 0x0a;

export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Offset of the line's first byte in the file. */
  readonly offset: number;
  /** The bytes without the line feed, valid until the handler returns; null when the line is longer than the limit. */
  readonly bytes: Buffer | null;
  /** The bytes with the line feed, as far as they are held. */
  readonly raw: Buffer;
  /** Of the whole line with its line feed, also where it is not held. */
  readonly length: number;
  /** False for a last line without a line feed. */
  readonly terminated: boolean;
}

export interface LineReading {
  readonly handle: FileHandle;
  /** Bytes in the file when it was opened: a file that goes on growing is read no further. */
  readonly size: number;
  readonly maxLine: number;
  readonly onLine: (line: FileLine) => void | Promise<void>;
  /** Told of the pieces of a line too long to be held, before `onLine` is called for its last one. */
  readonly onPiece: (bytes: Buffer) => void;
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Where a line begins: its offset in the file, and its number from 1. */
export interface LinePlace {
  readonly offset: number;
  readonly number: number;
}

const FIRST_LINE: LinePlace = { offset: 0, number: 1 };

/**
 * Reads a file line by line in constant memory: a line longer than the limit is passed over, not held. Between chunks
 * the event loop goes on. True when there was more than `size` bytes at the end.
 */
export async function readLines(reading: LineReading): Promise<boolean> {
  await readLinesFrom(reading, FIRST_LINE, Number.POSITIVE_INFINITY);
  return hasGrown(reading.handle, reading.size);
}

/** Whether there is more than `size` bytes in the file. */
export async function hasGrown(handle: FileHandle, size: number): Promise<boolean> {
  return (await handle.read(Buffer.alloc(1), 0, 1, size)).bytesRead > 0;
}

/** Reads at most `count` lines from a place on. The place of the line after them; the offset stands still at the end. */
export async function readLinesFrom(reading: LineReading, from: LinePlace, count: number): Promise<LinePlace> {
  const { handle, size, maxLine, onLine, onPiece, onProgress, signal } = reading;
  const chunk = Buffer.allocUnsafe(CHUNK);
  const stop = from.number + count;
  let parts: Buffer[] = []; // copies: the beginning of a line that goes on in the next chunk
  let held = 0;
  let oversized = false;
  let number = from.number;
  let lineStart = from.offset;
  let position = from.offset;

  const emit = async (tail: Buffer, terminated: boolean, end: number): Promise<void> => {
    const whole = parts.length === 0 ? tail : Buffer.concat([...parts, tail]);
    const length = terminated ? whole.length - 1 : whole.length;
    const bytes = oversized || length > maxLine ? null : whole.subarray(0, length);
    const pending = onLine({ number, offset: lineStart, bytes, raw: whole, length: end - lineStart, terminated });
    if (pending !== undefined) await pending;
    parts = [];
    held = 0;
    oversized = false;
    number++;
    lineStart = end;
  };

  while (position < size) {
    if (signal?.aborted) throw new CausewayError('cancelled', 'The verification was stopped.');
    const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK, size - position), position);
    if (bytesRead === 0) break;
    let start = 0;
    while (start < bytesRead) {
      const at = chunk.subarray(0, bytesRead).indexOf(LF, start);
      if (at < 0) break;
      await emit(chunk.subarray(start, at + 1), true, position + at + 1);
      start = at + 1;
      if (number === stop) return { offset: lineStart, number };
    }
    if (start < bytesRead) {
      const rest = Buffer.from(chunk.subarray(start, bytesRead));
      held += rest.length;
      if (held > maxLine) {
        oversized = true;
        for (const part of parts) onPiece(part);
        onPiece(rest);
        parts = [];
      } else parts.push(rest);
    }
    position += bytesRead;
    onProgress?.(position);
  }
  if (held > 0) await emit(Buffer.alloc(0), false, position);
  return { offset: lineStart, number };
}
