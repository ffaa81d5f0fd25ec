/** Chain format, section 5: record lines, cut and written without a look into the record. Used by threads: imports nothing. */
const RECORD_START = '{"hash":"';
const RECORD_SIG = '","sig":"';
const RECORD_BODY = '","record":';
const SIG_AT = RECORD_START.length + 64;

/** The record line up to the record's bytes; they and a closing brace follow. */
export function recordLinePrefix(hash: string, sig: Uint8Array): string {
  return `${RECORD_START}${hash}${RECORD_SIG}${Buffer.from(sig).toString('base64')}${RECORD_BODY}`;
}

export interface RecordLine {
  readonly hash: string;
  readonly sig: string;
  readonly bytes: Buffer;
}

/**
 * Cuts a record line at its fixed places, without parsing it: the record's bytes are what was hashed, and stay what they
 * are even where they are no JSON. null when the line has another shape.
 */
export function readRecordLine(line: Buffer): RecordLine | null {
  if (!hasAt(line, 0, RECORD_START) || !hasAt(line, SIG_AT, RECORD_SIG)) return null;
  const sigStart = SIG_AT + RECORD_SIG.length;
  const sigEnd = line.indexOf(0x22, sigStart);
  if (sigEnd < 0 || !hasAt(line, sigEnd, RECORD_BODY) || line[line.length - 1] !== 0x7d) return null;
  const hash = line.toString('latin1', RECORD_START.length, SIG_AT);
  const sig = line.toString('latin1', sigStart, sigEnd);
  if (!/^[0-9a-f]{64}$/.test(hash) || !/^[A-Za-z0-9+/]*={0,2}$/.test(sig)) return null;
  return { hash, sig, bytes: line.subarray(sigEnd + RECORD_BODY.length, line.length - 1) };
}

function hasAt(line: Buffer, at: number, text: string): boolean {
  return line.toString('latin1', at, at + text.length) === text;
}

export type LineKind = 'record' | 'disclosure' | 'end' | 'other';

/** What a line after the header means to be, told from its first bytes. */
export function kindOf(line: Buffer): LineKind {
  if (hasAt(line, 0, RECORD_START)) return 'record';
  if (hasAt(line, 0, '{"disclosure":')) return 'disclosure';
  if (hasAt(line, 0, '{"end":')) return 'end';
  return 'other';
}
