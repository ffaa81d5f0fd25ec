const NAME = Buffer.from('"sealed"');
const BACKSLASH = 0x5c;

/** Whether a record's bytes may hold a sealed value: the member's name stands there, or may stand there with an escape. */
export function mayHoldSealed(bytes: Buffer): boolean {
  return bytes.includes(NAME) || bytes.includes(BACKSLASH);
}
