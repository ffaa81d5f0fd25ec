import { type AuditRecord, RecordEnvelope } from '#shared/model/audit-record.ts';

/** The record's members, or null when its bytes are damaged: then the checks say so and the bytes are shown. */
export function parseRecord(bytes: string): AuditRecord | null {
  try {
    return RecordEnvelope.safeParse(JSON.parse(bytes)).data ?? null;
  } catch {
    return null;
  }
}

const WIDTH = 16;
const MOST_LINES = 4096;

/** "00000010  68 65 6c …  |hel…|" for each 16 bytes of the text's UTF-8, 64 KiB at most. */
export function hexLines(text: string): readonly string[] {
  const bytes = new TextEncoder().encode(text);
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length && lines.length < MOST_LINES; offset += WIDTH) {
    const part = [...bytes.subarray(offset, offset + WIDTH)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(WIDTH * 3 - 1)}  |${ascii}|`);
  }
  const shown = MOST_LINES * WIDTH;
  if (bytes.length > shown) lines.push(`… and ${bytes.length - shown} bytes more`);
  return lines;
}
