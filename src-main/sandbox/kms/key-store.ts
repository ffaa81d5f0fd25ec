import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';

const anyKey = {
  account: z.string().regex(/^\d{12}$/),
  region: z.string().min(1).max(64),
  id: z.uuid(),
  /** Epoch milliseconds. */
  createdAt: z.int(),
  description: z.string().max(8192),
  state: z.enum(['Enabled', 'Disabled', 'PendingDeletion']),
};
const SigningKey = z.strictObject({
  ...anyKey,
  keySpec: z.literal('ECC_NIST_P256'),
  keyUsage: z.literal('SIGN_VERIFY'),
  /** PKCS#8 DER, base64. */
  privateKey: z.base64(),
});
export type SigningKey = z.infer<typeof SigningKey>;

const EncryptionKey = z.strictObject({
  ...anyKey,
  keySpec: z.literal('SYMMETRIC_DEFAULT'),
  keyUsage: z.literal('ENCRYPT_DECRYPT'),
  /** 32 bytes, base64. */
  secretKey: z.base64().length(44),
});
export type EncryptionKey = z.infer<typeof EncryptionKey>;

/** Kinds of keys this cloud can make. */
const SandboxKey = z.discriminatedUnion('keySpec', [SigningKey, EncryptionKey]);
export type SandboxKey = z.infer<typeof SandboxKey>;

const NOTE = 'Keys of the built-in sandbox cloud. They guard made-up data only; real keys never stand in a file.';
const KeyFile = z.strictObject({ note: z.string(), keys: z.array(SandboxKey).max(10_000) });

/** The KMS keys of all accounts of a sandbox. */
export interface SandboxKeys {
  /** In the order they were made. */
  list(account: string, region: string): readonly SandboxKey[];
  find(account: string, region: string, id: string): SandboxKey | undefined;
  create(key: Pick<SandboxKey, 'account' | 'region' | 'description' | 'createdAt' | 'keySpec'>): SandboxKey;
  setState(id: string, state: SandboxKey['state']): void;
}

/**
 * Keys in a file of the workspace, so that what they signed can be gone on with after a restart; without a file they live
 * as long as the sandbox. @throws CausewayError `bad-input` when the file is not one of sandbox keys
 */
export function openSandboxKeys(file: string | null): SandboxKeys {
  let keys: readonly SandboxKey[] = file === null ? [] : readKeys(file);
  const change = (next: readonly SandboxKey[]) => {
    if (file !== null) writeKeys(file, next);
    keys = next;
  };
  return {
    list: (account, region) => keys.filter((key) => key.account === account && key.region === region),
    find: (account, region, id) =>
      keys.find((key) => key.id === id && key.account === account && key.region === region),
    create: (wanted) => {
      const key: SandboxKey = { ...wanted, id: randomUUID(), state: 'Enabled', ...newMaterial(wanted.keySpec) };
      change([...keys, key]);
      return key;
    },
    setState: (id, state) => change(keys.map((key) => (key.id === id ? { ...key, state } : key))),
  };
}

function newMaterial(keySpec: SandboxKey['keySpec']) {
  switch (keySpec) {
    case 'ECC_NIST_P256': {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
      return { keySpec, keyUsage: 'SIGN_VERIFY' as const, privateKey: pkcs8.toString('base64') };
    }
    case 'SYMMETRIC_DEFAULT':
      return { keySpec, keyUsage: 'ENCRYPT_DECRYPT' as const, secretKey: randomBytes(32).toString('base64') };
  }
}

function readKeys(file: string): readonly SandboxKey[] {
  if (!existsSync(file)) return [];
  try {
    return KeyFile.parse(JSON.parse(readFileSync(file, 'utf8'))).keys;
  } catch (cause) {
    const text = `${file} is not a file of sandbox keys. Put it back, or remove it if no trail is signed by a sandbox key.`;
    throw new CausewayError('bad-input', text, { cause, reason: 'sandbox-keys' });
  }
}

/** Durable before a key is handed out: a trail must not outlive the key that signs it. */
function writeKeys(file: string, keys: readonly SandboxKey[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.partial`;
  const handle = openSync(partial, 'w', 0o600);
  try {
    writeSync(handle, `${JSON.stringify({ note: NOTE, keys }, null, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(partial, file);
}
