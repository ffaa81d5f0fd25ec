/** The parts of a note verifier key, `name+hash+key`. */
export interface VkeyParts {
  readonly name: string;
  /** Eight hexadecimal digits: what two people compare first. */
  readonly keyId: string;
}

/** Takes a verifier key apart. A key with other parts is all name: nothing in it is to be compared. */
export function readVkey(vkey: string): VkeyParts {
  const match = /^(.*)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/s.exec(vkey);
  return match === null ? { name: vkey, keyId: '' } : { name: match[1] ?? '', keyId: match[2] ?? '' };
}
