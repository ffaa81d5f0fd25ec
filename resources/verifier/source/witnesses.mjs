// Cosignatures of a checkpoint: C2SP tlog-cosignature, version 1.
import { concat, fromBase64, hex, toBytes } from './bytes.mjs';
import { isEd25519Key } from './ed25519.mjs';
import { SPKI_ED25519 } from './keys.mjs';
import { NAME } from './notes.mjs';

const MAX_SECONDS = 253_402_300_799n;

/** A witness's key as C2SP writes it, or why it is none. */
export function readVkey(platform, text) {
  if (text.length > 566 || !text.isWellFormed()) return 'a witness key is no longer than a name, a key id and a key';
  const [, name, keyId, encoded] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text) ?? [];
  if (name === undefined) return 'a witness key is NAME+KEY_ID+KEY';
  if (!NAME.test(name)) return "a witness's name has 1 to 256 characters, none of them a space";
  const bytes = fromBase64(encoded);
  if (bytes?.[0] !== 4 || !isEd25519Key(bytes.subarray(1))) return 'it is not the key of a witness (type 4, Ed25519)';
  if (hex(platform.sha256(concat(toBytes(`${name}\n`), bytes)).subarray(0, 4)) !== keyId) {
    return 'its key id is not that of its name and key';
  }
  const raw = bytes.subarray(1);
  return { name, keyId, key: { id: keyId, alg: 'Ed25519', spki: concat(SPKI_ED25519, raw), raw } };
}

/** What the further signature lines of a note say, by the witnesses' keys that are known. */
export async function judgeWitnesses(platform, note, known, report) {
  const lines = note.signatures.slice(1);
  const found = [];
  for (const { name, keyId, signature } of lines) {
    let seconds = null;
    if (signature.length === 72) seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
    if (seconds !== null && seconds > MAX_SECONDS) seconds = null;
    const time = seconds === null ? null : new Date(Number(seconds) * 1000).toISOString();
    const keys = known.filter((witness) => witness.name === name && witness.keyId === keyId);
    let state = keys.length === 0 ? 'unknown-key' : 'wrong';
    for (const { key } of seconds === null ? [] : keys) {
      const message = toBytes(`cosignature/v1\ntime ${seconds}\n${note.text}`);
      if (await platform.verify(key, message, signature.subarray(8))) state = 'verified';
    }
    if (state === 'wrong') report(`the cosignature of ${name} ${keyId} is wrong`);
    else found.push({ name, keyId, time, state });
  }
  for (const { name, keyId } of known) {
    const there = lines.some((line) => line.name === name && line.keyId === keyId);
    if (!there) report(`there is no cosignature of ${name} ${keyId}`);
  }
  return found;
}
