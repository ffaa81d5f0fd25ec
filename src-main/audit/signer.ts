import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Random } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import { keyIdOf } from './keys.ts';

/** Signs for the chain. Asynchronous, because a key in an HSM is a call away. */
export interface Signer {
  readonly alg: KeyDescription['alg'];
  readonly keyId: string;
  readonly spki: Buffer;
  /** Where the key is, for people. */
  readonly description: string;
  /** Whether each signature is a call to another machine, that may fail or hang. */
  readonly remote?: boolean;
  /**
   * A record's signature: 64 bytes, ES256 in IEEE P1363 encoding. Given up when the signal says so.
   * @throws CausewayError `audit-unavailable` when the key cannot be used now
   */
  sign(text: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
  /** Signs a group beside this thread, where there is a way to. */
  signGroup?(texts: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
}

/** Fewer are signed at once: handing one over costs about as much as a signature saves. */
const GROUP = 8;

/** PKCS#8 DER of an Ed25519 private key up to the 32 bytes of its seed (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A new Ed25519 private key as PKCS#8 DER. It goes into the keychain and nowhere else. */
export function createEd25519Key(random: Random): Buffer {
  return Buffer.concat([PKCS8_ED25519, random.bytes(32)]);
}

export function ed25519Signer(pkcs8: Uint8Array, description: string): Signer {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new CausewayError(
      'keychain-unavailable',
      'The signing key in the keychain cannot be read. Restore the keychain entry from a backup.',
      { cause, reason: 'key-unreadable' },
    );
  }
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    alg: 'Ed25519',
    keyId: keyIdOf(spki),
    spki,
    description,
    sign: async (text) => sign(null, text, key),
    signGroup: (texts) =>
      Promise.all(texts.map((text) => (texts.length < GROUP ? sign(null, text, key) : signBeside(text, key)))),
  };
}

/** On a thread of Node's pool. */
function signBeside(text: Uint8Array, key: KeyObject): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    sign(null, text, key, (error, signature) => (error === null ? resolve(signature) : reject(error)));
  });
}

/** A signer's key as it is described in the chain, in force from `fromSeq`. */
export function describeKey(signer: Signer, fromSeq: number): KeyDescription {
  return { id: signer.keyId, alg: signer.alg, spki: signer.spki.toString('base64'), fromSeq };
}
