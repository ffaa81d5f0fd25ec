import { hashRecord } from './hash.ts';

/** Names of what the audit store keeps in the keychain. The chain's id is in them: two chains never share a key. */
export const signingKeyName = (chain: string): string => `audit.${chain}.signing-key`;
export const masterKeyName = (chain: string): string => `audit.${chain}.master-key`;
export const checkpointName = (chain: string): string => `audit.${chain}.checkpoint`;

/** Which chain was started in a folder: tells a deleted database from one that never was. */
export const workspaceName = (folder: string): string =>
  `audit.workspace.${hashRecord(Buffer.from(folder, 'utf8')).slice(0, 32)}`;
