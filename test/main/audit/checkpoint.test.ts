import { describe, expect, it } from 'vitest';
import { parseNote, signCheckpoint, verifyNote } from '#main/audit/checkpoint.ts';
import { readKey } from '#main/audit/keys.ts';
import { createEd25519Key, describeKey, ed25519Signer } from '#main/audit/signer.ts';
import { EMPTY_ROOT } from '#main/audit/tree.ts';
import { systemRandom } from '#main/platform/random.ts';
import { CHAIN, describeForged, newKey, note } from '../../support/forge-chain.ts';

const signer = ed25519Signer(createEd25519Key(systemRandom), 'test');
const key = readKey(describeKey(signer, 1));
if (typeof key === 'string') throw new Error(key);

function parsed(text: string) {
  const result = parseNote(text);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

describe('checkpoint', () => {
  it('is a signed note that its key verifies', async () => {
    const made = await signCheckpoint(CHAIN, 7, EMPTY_ROOT, signer);
    const read = parsed(made.note);
    expect(read).toMatchObject({ chain: CHAIN, size: 7, root: EMPTY_ROOT.toString('base64') });
    expect(verifyNote(read, [key])).toBeNull();
  });

  it('of an ES256 key verifies too (signature in DER)', () => {
    const forged = newKey('ES256');
    const read = readKey(describeForged(forged, 1) as never);
    if (typeof read === 'string') throw new Error(read);
    expect(verifyNote(parsed(note(CHAIN, 3, EMPTY_ROOT, forged)), [read])).toBeNull();
  });

  it('of another key, or with another text, does not', async () => {
    const made = await signCheckpoint(CHAIN, 7, EMPTY_ROOT, signer);
    expect(verifyNote(parsed(note(CHAIN, 7, EMPTY_ROOT, newKey())), [key])).toMatch(/no key of the chain/);
    expect(verifyNote(parsed(made.note.replace('\n7\n', '\n8\n')), [key])).toBe('the signature is wrong');
  });

  it('keeps further signature lines (witnesses)', async () => {
    const made = await signCheckpoint(CHAIN, 7, EMPTY_ROOT, signer);
    const read = parsed(`${made.note}— witness.example ${Buffer.alloc(72, 1).toString('base64')}\n`);
    expect(read.signatures).toHaveLength(2);
    expect(verifyNote(read, [key])).toBeNull();
  });

  it.each([
    ['no line feed at the end', (text: string) => text.slice(0, -1)],
    ['no signature', (text: string) => `${text.split('\n\n')[0]}\n\n`],
    ['a size with a leading zero', (text: string) => text.replace('\n7\n', '\n07\n')],
    ['a negative size', (text: string) => text.replace('\n7\n', '\n-7\n')],
    ['an extension line', (text: string) => text.replace('\n\n', '\nextension\n\n')],
    ['another origin', (text: string) => text.replaceAll('causeway/', 'elsewhere/')],
    ['a hyphen for the dash', (text: string) => text.replace('— ', '- ')],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    [
      'a root of 31 bytes',
      (text: string) => text.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${Buffer.alloc(31).toString('base64')}\n`),
    ],
  ])('with %s is malformed', async (_name, damage) => {
    const made = await signCheckpoint(CHAIN, 7, EMPTY_ROOT, signer);
    const damaged = damage(made.note);
    expect(damaged).not.toBe(made.note);
    expect(typeof parseNote(damaged)).toBe('string');
  });

  it('notices the unused bits of base64', async () => {
    const made = await signCheckpoint(CHAIN, 7, EMPTY_ROOT, signer);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const at = made.note.length - 3; // the last character before "=" and the line feed
    expect(made.note[at + 1]).toBe('=');
    const next = alphabet[alphabet.indexOf(made.note[at] ?? '') ^ 1] ?? '';
    expect(parseNote(made.note.slice(0, at) + next + made.note.slice(at + 1))).toBe('a signature line is malformed');
  });
});
