import type { SecretStore } from '#main/platform/secret-store.ts';

/** A SecretStore in memory, with a way to make it fail. */
export class MemorySecrets implements SecretStore {
  readonly description = 'memory';
  readonly durable = false;
  readonly entries = new Map<string, Uint8Array>();
  /** When set, every method rejects with it. */
  failure: Error | null = null;

  async get(name: string): Promise<Uint8Array | null> {
    this.#check();
    const kept = this.entries.get(name);
    return kept === undefined ? null : Uint8Array.from(kept); // as a keychain does: the caller may wipe it
  }

  async set(name: string, secret: Uint8Array): Promise<void> {
    this.#check();
    this.entries.set(name, Uint8Array.from(secret));
  }

  async delete(name: string): Promise<boolean> {
    this.#check();
    return this.entries.delete(name);
  }

  #check(): void {
    if (this.failure !== null) throw this.failure;
  }
}
