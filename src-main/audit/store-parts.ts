import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import type { Head } from './commit-batch.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import type { HeadKeeper } from './history/head-keeper.ts';
import type { History } from './history/history.ts';
import type { SchemaCheck } from './history/schema-check.ts';
import type { WitnessFolders } from './history/witness-folders.ts';
import type { Signer } from './signer.ts';
import type { KmsDirectory } from './signers/kms-port.ts';
import type { SqliteRows } from './sqlite-rows.ts';
import type { StoredCheckpoint } from './store.ts';

export const WHAT = 'the audit store';

/** What an opened store is made of; sqlite-opening.ts puts it together after its checks. */
export interface StoreParts {
  readonly chain: string;
  readonly tenant: string;
  readonly rows: SqliteRows;
  /** Of the next record; another one after a rotation. */
  signer: Signer;
  /** Id of the key the chain began with, from the keychain. */
  readonly firstKey: string;
  readonly kms: KmsDirectory | undefined;
  readonly vault: DisclosureVault;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly recordClock?: Clock | undefined;
  readonly random: Random;
  /** null before the first record. */
  readonly head: Head | null;
  readonly latest: StoredCheckpoint | null;
  readonly schema: SchemaCheck;
  /** Throws when the guards of the schema are not what they were. */
  readonly checkSchema: () => void;
  /** Throws when the database's name no longer stands for the file that is open. */
  readonly checkFile: () => void;
  readonly history: History;
  readonly headKeeper: HeadKeeper;
  readonly folders: WitnessFolders;
}
