import { type KeyChoice, KmsReference } from '#main/audit/signers/key-reference.ts';
import type { SecretInfo } from '#main/credentials/vault/vault-terms.ts';
import { type Io, plain } from '../io.ts';
import { type Call, exactly, runVerbs, type Typed, type Verb } from '../verbs.ts';

const VERBS: Readonly<Record<string, Verb>> = {
  list: { access: 'secret list', usage: '', prepare: ({ words }) => exactly(words, 0) && list },
  set: {
    access: 'secret set',
    usage: 'INTEGRATION NAME   (the value is asked for, or all that comes through a pipe)',
    prepare: ({ words }) => {
      const both = exactly(words, 2);
      return both && ((call) => set(call, both[0], both[1]));
    },
  },
  delete: {
    access: 'secret delete',
    usage: 'ID',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return only && ((call) => remove(call, only[0]));
    },
  },
  rotate: {
    access: 'secret rotate',
    usage:
      '[--kms KEY_ARN --region REGION [--profile PROFILE] [--endpoint URL] | --sandbox-kms (demonstrations) | --keychain]',
    options: {
      kms: { type: 'string' },
      region: { type: 'string' },
      profile: { type: 'string' },
      endpoint: { type: 'string' },
      'sandbox-kms': { type: 'boolean' },
      keychain: { type: 'boolean' },
    },
    prepare: (typed) => {
      if (exactly(typed.words, 0) === null) return null;
      const to = keyFrom(typed);
      return typeof to === 'string' ? to : (call) => rotate(call, to);
    },
  },
};

/** `causeway secret`: what integrations sign in with, encrypted. Nothing prints a value. */
export async function runSecret(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('secret', VERBS, args, io);
}

async function list({ console: { vault }, say }: Call): Promise<number> {
  const secrets = vault.list();
  const key = vault.key();
  const under = key === null ? '' : `Wrapped by ${key.kind} key ${plain(key.label)} since ${key.since}\n`;
  say({ secrets, key }, secrets.length === 0 ? 'No secrets.\n' : `${secrets.map(present).join('')}${under}`);
  return 0;
}

/** Never as an argument: everybody on the machine can read those. */
async function set({ console, principal, io, say }: Call, integration: string, name: string): Promise<number> {
  const typed = await io.askSecretText(`The value of ${plain(name)} for ${plain(integration)}: `);
  if (typed === null || typed === '') {
    io.stderr('Nothing was typed. Nothing was stored.\n');
    return 1;
  }
  const value = Buffer.from(typed, 'utf8');
  try {
    const stored = await console.vault.store(principal, { integration, name, value });
    say(stored, `Stored, on record: ${present(stored)}`);
    return 0;
  } finally {
    value.fill(0);
  }
}

async function remove({ console, principal, say }: Call, id: string): Promise<number> {
  await console.vault.remove(principal, id);
  say({ removed: id }, `${plain(id)} is removed, on record.\n`);
  return 0;
}

/** The key named, undefined for one of the same kind as before; a sentence when it is not named right. */
function keyFrom({ text, flag }: Typed): KeyChoice | undefined | string {
  const [keyArn, region, profile, endpoint] = ['kms', 'region', 'profile', 'endpoint'].map(text);
  const kinds = [keyArn !== undefined, flag('sandbox-kms'), flag('keychain')].filter(Boolean).length;
  if (kinds > 1) return '--kms, --sandbox-kms and --keychain go one at a time';
  if (keyArn === undefined) {
    if ([region, profile, endpoint].some((one) => one !== undefined)) return '--kms KEY_ARN is missing';
    if (flag('keychain')) return { kind: 'keychain' };
    return flag('sandbox-kms') ? { kind: 'sandbox-kms' } : undefined;
  }
  const access = { type: 'aws', ...(profile === undefined ? {} : { profile }), ...(endpoint && { endpoint }) };
  const reference = KmsReference.safeParse({ kind: 'kms', keyArn, region: region ?? keyArn.split(':')[3], access });
  return reference.success ? reference.data : (reference.error.issues[0]?.message ?? 'this is not a key in AWS KMS');
}

async function rotate({ console: { vault }, principal, say }: Call, to: KeyChoice | undefined): Promise<number> {
  await vault.rotate(principal, to);
  const key = vault.key();
  say(
    key,
    key === null ? 'There is no secret yet.\n' : `Wrapped by ${key.kind} key ${plain(key.label)} from now on.\n`,
  );
  return 0;
}

function present({ id, integration, name, version, storedAt }: SecretInfo): string {
  return `${id}  ${integration}  ${name === null ? '(changed from outside)' : plain(name)}, version ${version} of ${storedAt}\n`;
}
