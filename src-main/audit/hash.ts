import { hash } from 'node:crypto';

/** Chain format, section 1: lowercase hex SHA-256 of a record's bytes. */
export function hashRecord(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** SHA-256 as bytes. */
export function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

/** Chain format, section 3: what a record's signature is over. The first line keeps it apart from every other use. */
export function signedText(recordHash: string): Buffer {
  return Buffer.from(`causeway/record/v1\n${recordHash}\n`, 'ascii');
}
