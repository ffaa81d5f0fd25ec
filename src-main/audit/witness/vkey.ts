import { createPublicKey, type KeyObject } from 'node:crypto';
import { SIGNATURE_NAME } from '../checkpoint.ts';
import { isEd25519Key } from '../ed25519.ts';
import { sha256 } from '../hash.ts';
import { decodeBase64 } from '../json-read.ts';

/** C2SP signed-note, signature type of timestamped Ed25519 witness cosignatures (tlog-cosignature, v1). */
const COSIGNATURE_TYPE = Buffer.from([4]);
/** SubjectPublicKeyInfo DER of an Ed25519 key up to its 32 bytes (RFC 8410). */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
/** Longest vkey read, in UTF-16 code units: a name of 256 code points, two plus signs, key id and key. */
const MAX_VKEY = 512 + 2 + 8 + 44;

/** A witness's public key under its name. */
export interface WitnessKey {
  readonly name: string;
  /** 8 lower-case hexadecimal digits: which key of that name made a signature line. */
  readonly keyId: string;
  /** The C2SP verifier key, `name+key id+base64(0x04 ‖ key)`: its only form. */
  readonly vkey: string;
  readonly publicKey: KeyObject;
}

/** The key of a C2SP vkey, or the reason why it is none (chain format, section 4). Attacker-controlled. */
export function readVkey(text: string): WitnessKey | string {
  if (text.length > MAX_VKEY || !text.isWellFormed())
    return 'a witness key is no longer than a name, a key id and a key';
  const [name, keyId, encoded] = [...splitPlus(text)];
  if (name === undefined || keyId === undefined || encoded === undefined) return 'a witness key is NAME+KEY_ID+KEY';
  if (!SIGNATURE_NAME.test(name)) return "a witness's name has 1 to 256 characters, none of them a space";
  const bytes = decodeBase64(encoded);
  if (bytes === null || bytes[0] !== COSIGNATURE_TYPE[0] || !isEd25519Key(bytes.subarray(1))) {
    return 'it is not the key of a witness (type 4, Ed25519)';
  }
  const key = witnessKey(name, bytes.subarray(1));
  if (key.keyId !== keyId) return 'its key id is not that of its name and key';
  return key;
}

/** The first two plus signs separate: base64 may hold more of them, a name holds none. */
function* splitPlus(text: string): Generator<string> {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  if (first === -1 || second === -1) return;
  yield text.slice(0, first);
  yield text.slice(first + 1, second);
  yield text.slice(second + 1);
}

/** `raw` is the 32 bytes of an Ed25519 public key. */
export function witnessKey(name: string, raw: Uint8Array): WitnessKey {
  const typed = Buffer.concat([COSIGNATURE_TYPE, raw]);
  const keyId = sha256(Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), typed]))
    .subarray(0, 4)
    .toString('hex');
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_ED25519, raw]), format: 'der', type: 'spki' });
  return { name, keyId, vkey: `${name}+${keyId}+${typed.toString('base64')}`, publicKey };
}
