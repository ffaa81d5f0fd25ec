import { hashRecord } from './hash.ts';

/**
 * Names of what the audit store keeps in the keychain. The chain's id is in them: two chains never share a key. The
 * first one is of the key a chain began with, where that is one of the keychain.
 */
export const signingKeyName = (chain: string): string => `audit.${chain}.signing-key`;
/** A signing key that came later, or where AWS KMS has it (signers/key-reference.ts), by key id. */
export const keptKeyName = (chain: string, keyId: string): string => `audit.${chain}.key.${keyId}`;
/** Id of the key the chain began with: what everything in it is measured by. */
export const firstKeyName = (chain: string): string => `audit.${chain}.first-key`;
export const masterKeyName = (chain: string): string => `audit.${chain}.master-key`;
export const checkpointName = (chain: string): string => `audit.${chain}.checkpoint`;

/** Which chain was started in a folder: tells a deleted database from one that never was. */
export const workspaceName = (folder: string): string =>
  `audit.workspace.${hashRecord(Buffer.from(folder, 'utf8')).slice(0, 32)}`;
