import type { SecretStore } from '../platform/secret-store.ts';

/**
 * Secrets that last as long as this process, for demonstrations on a machine without a keychain. A chain signed with a
 * key kept here can be verified for ever and continued never.
 */
export function createMemorySecrets(): SecretStore {
  const secrets = new Map<string, Uint8Array>();
  return {
    description: "this process's memory, for demonstration only: gone when it ends",
    durable: false,
    get: async (name) => secrets.get(name)?.slice() ?? null,
    set: async (name, secret) => {
      secrets.set(name, secret.slice());
    },
    delete: async (name) => secrets.delete(name),
  };
}
