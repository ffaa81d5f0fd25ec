import type { KeyChoice } from '#main/audit/signers/key-reference.ts';
import { actorOf, deviceOf, type Principal } from '#main/identity/principal.ts';
import { type AuditWriter, appendOrRefuse } from '#main/policy/audit-port.ts';
import { CausewayError } from '#shared/errors.ts';
import { older, type VaultManifest } from './manifest.ts';
import type { SecretRows } from './secret-rows.ts';
import type { VaultDb } from './vault-db.ts';
import type { WrappingKey, WrappingKeys } from './wrapping-keys.ts';

export interface Rotation {
  rotate(by: Principal, to: KeyChoice | undefined): Promise<void>;
  /** Moves what a rotation that was cut short left under an older key, and deletes keys nothing uses. */
  resume(): Promise<void>;
  /** Deletes keys nothing uses; a failure is told and tried again later. */
  sweep(): Promise<void>;
}

export function createRotation(room: {
  readonly db: VaultDb;
  readonly keys: WrappingKeys;
  readonly rows: SecretRows;
  readonly manifest: VaultManifest;
  readonly audit: AuditWriter;
  readonly warn: (error: unknown, what: string) => void;
}): Rotation {
  const { db, keys, rows, manifest, audit, warn } = room;
  const sweep = async () => {
    try {
      await keys.sweep();
      db.forget();
    } catch (error) {
      warn(error, 'a key of the vault that nothing uses any more could not be deleted yet');
    }
  };
  const others = (key: WrappingKey) => db.secrets().filter(({ wrapping_key }) => wrapping_key !== key.id);
  /** Each secret in one statement: after a crash it is under the one key or the other. */
  const moveAll = async (key: WrappingKey) => {
    let failure: unknown;
    const stuck = new Set<string>(); // a KMS that hangs is waited for once, not for each secret
    for (const row of others(key)) {
      if (stuck.has(row.wrapping_key)) continue;
      try {
        db.rewrapSecret(row, await rows.rewrap(row, key));
      } catch (error) {
        failure ??= error;
        if (!isOfOneSecret(error)) stuck.add(row.wrapping_key);
      }
    }
    await sweep();
    if (failure !== undefined) throw unfinished(failure, others(key).length);
  };
  return {
    rotate: async (by, to) => {
      const old = keys.current();
      if (old === null) throw nothingStored();
      // A file put back may name a key that was given up because somebody else has it: that one is not taken again.
      if (to === undefined && old.kind === 'kms' && !manifest.isKey(old.id)) throw older(null);
      const choice = to ?? sameKind(keys, old);
      const next = await keys.plan(choice);
      try {
        await appendOrRefuse(
          audit,
          {
            action: 'credential.key_rotated',
            outcome: 'success',
            actor: actorOf(by),
            device: deviceOf(by),
            target: { type: 'vault-key', id: next.label },
            data: { purpose: 'data-encryption', oldKey: old.label, reason: reasonOf(old, next) },
          },
          'so the key of the vault was not changed',
        );
      } catch (error) {
        await keys.drop(next).catch((failed) => warn(failed, 'a key of the vault that was not used is left over'));
        throw error;
      }
      await manifest.change({ key: next.id }, () => keys.activate(next));
      await moveAll(next);
    },
    resume: async () => {
      const key = keys.current();
      if (key === null) await sweep();
      else if (manifest.isKey(key.id)) await moveAll(key); // otherwise all would go back to a key that was given up
    },
    sweep,
  };
}

function sameKind(keys: WrappingKeys, old: WrappingKey): KeyChoice {
  return old.kind === 'keychain' ? { kind: 'keychain' } : keys.referenceOf(old.id);
}

function reasonOf(old: WrappingKey, next: WrappingKey): string {
  if (old.kind === next.kind) return 'renewed';
  return next.kind === 'kms' ? 'moved-to-kms' : 'moved-to-keychain';
}

/** Whether the next secret may well be moved although this one was not. */
function isOfOneSecret(error: unknown): boolean {
  return error instanceof CausewayError && (error.reason === 'secret-changed' || error.reason === 'ciphertext');
}

function nothingStored(): CausewayError {
  const text = 'The vault is empty: its first secret is stored under a new key anyway.';
  return new CausewayError('conflict', text, { reason: 'vault-empty' });
}

function unfinished(cause: unknown, count: number): CausewayError {
  const code = cause instanceof CausewayError ? cause.code : 'internal';
  const why = cause instanceof CausewayError ? ` ${cause.message}` : '';
  const text = `The vault has a new key, but ${count} of its secrets could not be moved to it and are still under the old one. They stay usable, and are moved at the next start or the next change of the key.${why}`;
  return new CausewayError(code, text, { cause, reason: 'rotation-unfinished' });
}
