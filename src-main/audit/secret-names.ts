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
/** The newest record the keychain was told of: its number, its hash, and when it was told. */
export const headName = (chain: string): string => `audit.${chain}.head`;

/** The key under which this console cosigns others' checkpoints, and what it saw of each of those chains. */
export const witnessKeyName = (chain: string): string => `audit.${chain}.witness-key`;
export const witnessedName = (chain: string, other: string): string => `audit.${chain}.witnessed.${other}`;

/** How many breaks of the history were acknowledged, and each of them, from 1. They are never taken out. */
export const breakCountName = (chain: string): string => `audit.${chain}.breaks`;
export const breakName = (chain: string, number: number): string => `audit.${chain}.break.${number}`;
/** A checkpoint of this chain that somebody elsewhere showed, and the database contradicts; from 1. */
export const claimName = (chain: string, number: number): string => `audit.${chain}.claim.${number}`;
/** The folders that are given every new checkpoint. */
export const foldersName = (chain: string): string => `audit.${chain}.witness-folders`;

/** Which chain was started in a folder: tells a deleted database from one that never was. */
export const workspaceName = (folder: string): string =>
  `audit.workspace.${hashRecord(Buffer.from(folder, 'utf8')).slice(0, 32)}`;
