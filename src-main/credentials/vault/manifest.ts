import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Cipher } from '#main/platform/cipher.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import { Digest } from '#shared/model/evidence.ts';
import type { SecretRow, VaultDb } from './vault-db.ts';

/** `kept`: its newest version; `removing`: to be gone; `unproven`: nothing says that this is the newest version. */
const Entry = z.strictObject({ version: z.int().min(1), state: z.enum(['kept', 'removing', 'unproven']) });
type Entry = z.infer<typeof Entry>;

const Manifest = z.strictObject({
  counter: z.int().min(1),
  /** Digest of the manifest before, as it was stored. */
  previous: Digest.nullable(),
  /** The wrapping key in use. */
  key: z.string().max(64).nullable(),
  secrets: z.record(z.string().max(64), Entry),
});
type Manifest = z.infer<typeof Manifest>;

/** What the keychain knows of the newest manifest. */
const Anchor = z.strictObject({ counter: z.int().min(1), digest: Digest });
type Anchor = z.infer<typeof Anchor>;

/** What the manifest is bound to as it is encrypted. */
export const MANIFEST_PLACE = 'vault/manifest';

export type Secrets = ReadonlyMap<string, Entry>;

/**
 * What the vault holds: each secret's version and the key in use, sealed beside the rows, and its counter in the keychain.
 * Each row is authenticated by itself, so whoever writes to the file cannot change one; but an older row, or an older
 * file, is as genuine as the newest, and would bring back a secret that was replaced or removed because it was known.
 */
export interface VaultManifest {
  /** @throws CausewayError `audit-broken` with reason `vault-older` when the row is not the newest, or was removed */
  demandNewest(row: Pick<SecretRow, 'id' | 'version'>): void;
  /** Whether the wrapping key the file calls current is the one. */
  isKey(key: string | undefined): boolean;
  /** Above every version there ever was, for a secret stored in place of one that is not proven to be the newest. */
  versionAfter(row: Pick<SecretRow, 'id' | 'version'> | undefined): number;
  secrets(): Secrets;
  /** Secrets on their way out when the program last ended. */
  removing(): readonly string[];
  /** What does not fit at the opening; null when all does. */
  readonly misfit: CausewayError | null;
  /**
   * Makes a change to the rows and says so in the manifest, in one step of the database, then in the keychain. A keychain
   * that fails then is told as a warning: the file may be one step ahead, and the next change begins by catching up.
   * @throws what `work` throws, and `keychain-unavailable`; nothing is changed then
   */
  change(next: { readonly secrets?: Secrets; readonly key?: string }, work: () => void): Promise<void>;
}

/** What the keychain knows of the newest manifest. */
export const vaultAnchorName = (tenant: string) => `tenant.${tenant}.vault-anchor`;

/** @throws CausewayError `keychain-unavailable`, with reason `anchor-damaged` when its entry cannot be read; and of the database */
export async function openManifest(room: {
  readonly db: VaultDb;
  readonly cipher: Cipher;
  readonly secrets: SecretStore;
  readonly tenant: string;
  readonly warn: (error: unknown, what: string) => void;
}): Promise<VaultManifest> {
  const { db, cipher, secrets: keychain, tenant, warn } = room;
  const entry = vaultAnchorName(tenant);
  const anchor = readAnchor(await keychain.get(entry), entry);
  const sealed = db.manifest();
  const read = sealed === undefined ? null : readManifest(cipher, sealed);
  const rows = db.secrets();
  const fresh = anchor === null && sealed === undefined;
  const newest = read !== null && isNewest(read, digestOf(sealed), anchor);
  let now: Manifest = newest ? read : fromRows(db, fresh ? 'kept' : 'unproven');
  now = { ...now, counter: Math.max(now.counter, read?.counter ?? 0, anchor?.counter ?? 0) };
  let digest = newest ? digestOf(sealed) : (anchor?.digest ?? null);
  let keyProven = newest || fresh;
  let behind = newest && anchor?.counter !== now.counter; // the keychain is

  const catchUp = async () => {
    if (!behind || digest === null) return;
    await keychain.set(entry, Buffer.from(JSON.stringify({ counter: now.counter, digest }), 'utf8'));
    behind = false;
  };
  const change: VaultManifest['change'] = async ({ secrets = new Map(Object.entries(now.secrets)), key }, work) => {
    await catchUp();
    const next = {
      counter: now.counter + 1,
      previous: digest,
      key: key ?? now.key,
      secrets: Object.fromEntries(secrets),
    };
    const bytes = Buffer.from(cipher.seal(Buffer.from(JSON.stringify(next), 'utf8'), MANIFEST_PLACE));
    db.changeWith(bytes, work);
    now = next;
    digest = digestOf(bytes);
    keyProven ||= key !== undefined;
    behind = true;
    await catchUp().catch((error: unknown) =>
      warn(error, 'the keychain could not be told of a change of the vault yet'),
    );
  };
  if (newest) await catchUp();
  else if (fresh && rows.length > 0) await change({}, () => undefined); // stored before there was a manifest

  return {
    demandNewest: ({ id, version }) => {
      const known = entryOf(now, id);
      if (known?.state !== 'kept' || known.version !== version) throw older(id);
    },
    isKey: (key) => key === undefined || (keyProven && key === now.key),
    versionAfter: (row) => {
      const known = row === undefined ? undefined : entryOf(now, row.id);
      if (row === undefined) return 1;
      if (known?.state === 'kept' && known.version === row.version) return row.version + 1;
      return Math.max(row.version, known?.version ?? 0, now.counter) + 1;
    },
    secrets: () => new Map(Object.entries(now.secrets)),
    removing: () => Object.keys(now.secrets).filter((id) => entryOf(now, id)?.state === 'removing'),
    misfit: newest || fresh ? misfitOf(now, rows) : older(null),
    change,
  };
}

function entryOf({ secrets }: Manifest, id: string): Entry | undefined {
  return Object.hasOwn(secrets, id) ? secrets[id] : undefined;
}

function isNewest({ counter, previous }: Manifest, digest: string, anchor: Anchor | null): boolean {
  // never told to the keychain: the program ended while the vault got its first manifest
  if (anchor === null) return previous === null;
  if (counter === anchor.counter) return digest === anchor.digest;
  return counter === anchor.counter + 1 && previous === anchor.digest; // it ended before the keychain was told
}

/** The rows as they are. The counter is above every version, as it is of a vault that had a manifest from the beginning. */
function fromRows(db: VaultDb, state: Entry['state']): Manifest {
  const rows = db.secrets();
  return {
    counter: rows.reduce((sum, { version }) => sum + version, 0),
    previous: null,
    key: db.keys().find((key) => key.state === 'current')?.id ?? null,
    secrets: Object.fromEntries(rows.map(({ id, version }) => [id, { version, state }])),
  };
}

function misfitOf({ secrets }: Manifest, rows: readonly SecretRow[]): CausewayError | null {
  const held = new Map(rows.map(({ id, version }) => [id, version]));
  const changed = rows.find(({ id, version }) => !Object.hasOwn(secrets, id) || secrets[id]?.version !== version);
  const missing = Object.keys(secrets).find((id) => !held.has(id));
  const id = changed?.id ?? missing;
  return id === undefined ? null : older(id);
}

function digestOf(sealed: Uint8Array | undefined): string {
  return createHash('sha256')
    .update(sealed ?? new Uint8Array())
    .digest('hex');
}

/** Null for one that is not this workspace's or was changed: then nothing is proven by it. */
function readManifest(cipher: Cipher, sealed: Uint8Array): Manifest | null {
  try {
    return Manifest.parse(JSON.parse(Buffer.from(cipher.open(sealed, MANIFEST_PLACE)).toString('utf8')));
  } catch {
    return null; // told as `vault-older`
  }
}

function readAnchor(kept: Uint8Array | null, entry: string): Anchor | null {
  if (kept === null) return null;
  try {
    return Anchor.parse(JSON.parse(Buffer.from(kept).toString('utf8')));
  } catch (cause) {
    const text = `The keychain entry "${entry}" is damaged. Restore it, or delete it: then nothing the vault holds is taken for its newest state, and secrets have to be stored anew.`;
    throw new CausewayError('keychain-unavailable', text, { reason: 'anchor-damaged', cause });
  }
}

export function older(id: string | null): CausewayError {
  const text =
    id === null
      ? 'The vault file is older than the keychain knows, or was changed: nothing in it was opened, because secrets that were replaced or removed may have come back. Keep the file for examination, change the key of the vault, and store the secrets anew.'
      : `The stored secret ${id} is not its newest version, or was removed before: somebody put back an older state of the vault file. It was not opened. Keep the file for examination, and store the secret anew.`;
  return new CausewayError('audit-broken', text, { reason: 'vault-older' });
}
