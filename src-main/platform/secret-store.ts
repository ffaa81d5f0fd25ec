/**
 * Where secrets rest: the operating system's keychain, or for a demonstration without one, this process's memory.
 * Every method rejects with `keychain-unavailable` when the store cannot answer; there is no silent fallback.
 */
export interface SecretStore {
  /** What a person is told about where the secrets are, e.g. "Secret Service keychain". */
  readonly description: string;
  /** Whether what is stored outlives the process. */
  readonly durable: boolean;
  /** The secret, or null when there is none under this name. */
  get(name: string): Promise<Uint8Array | null>;
  set(name: string, secret: Uint8Array): Promise<void>;
  /** True when something was deleted, false when there was nothing. */
  delete(name: string): Promise<boolean>;
}
