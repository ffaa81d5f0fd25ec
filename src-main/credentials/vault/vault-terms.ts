import type { KeyChoice } from '#main/audit/signers/key-reference.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import type { AuditWriter } from '#main/policy/audit-port.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { VaultKms } from './vault-kms.ts';

/** A stored secret as it may be shown; nothing here opens it. */
export interface SecretInfo {
  /** `sec-…` */
  readonly id: string;
  readonly integration: string;
  /** Null when the row was changed since. */
  readonly name: string | null;
  /** From 1; one more each time the value is replaced. */
  readonly version: number;
  /** RFC 3339. */
  readonly storedAt: string;
  /** `wk-…` of the key that wraps its data key. */
  readonly wrappingKey: string;
}

export interface NewSecret {
  /** A word: `pagerduty`. Not secret. */
  readonly integration: string;
  /** What people call it. Encrypted: it may be personal. */
  readonly name: string;
  /** 1 to 65,536 bytes. The caller's own copy is the caller's to wipe. */
  readonly value: Uint8Array;
}

/** What the guard is asked before a secret is opened. */
export interface SecretUse {
  readonly secret: string;
  readonly integration: string;
  /** A word: `notify`. */
  readonly purpose: string;
  readonly by: Actor;
}

/** The key new secrets are wrapped by. */
export interface VaultKeyInfo {
  readonly id: string;
  readonly kind: 'keychain' | 'kms';
  /** The ARN in AWS KMS, or the id in the keychain. */
  readonly label: string;
  readonly since: string;
  /** Secrets still under an older key: a rotation has begun and not ended. */
  readonly remaining: number;
}

export interface VaultOptions {
  /** Of the workspace: `tenants/<slug>`. */
  readonly folder: string;
  readonly tenant: string;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditWriter;
  /** Without it, only keys in the keychain can be used. */
  readonly kms?: VaultKms;
  /** What the first secret is wrapped by; a key in the keychain by default. */
  readonly beginWith?: KeyChoice;
  /** Asked before each use; throwing refuses it. */
  readonly allow?: (use: SecretUse) => Promise<void>;
  /** Told what could not be finished and is tried again later. */
  readonly onWarning?: (error: unknown, what: string) => void;
  /** Milliseconds that AWS KMS is waited for; 10,000 by default. */
  readonly kmsWithinMs?: number;
}
