/** Crockford's base32: no letter that looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Bytes as something a person can read aloud and type: 5 bits a character, in groups. */
export function writeCode(bytes: Uint8Array, group: number): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const characters = (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]);
  return (characters.join('').match(new RegExp(`.{1,${group}}`, 'g')) ?? []).join('-');
}

/** A code as it was typed, in its only form: case, spaces, hyphens and look-alikes do not matter. */
export function readCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}
