import { SerialQueue } from '../serial-queue.ts';
import type { Signer } from '../signer.ts';
import { isKmsError } from './kms-errors.ts';
import { SIGN_WITHIN_MS } from './kms-signer.ts';

/**
 * The turns of a store, one after the other. Where the signing key is a call away, all signatures of a turn together have
 * `SIGN_WITHIN_MS`, and a turn that failed because of it fails what waits behind it, too: nobody waits for the same
 * outage twice.
 */
export class SigningQueue {
  readonly #queue = new SerialQueue();
  readonly #signer: () => Pick<Signer, 'remote'>;
  readonly #onOutage: (error: unknown) => void;
  readonly #giveUp = new AbortController();
  #within: AbortSignal | undefined;
  #closing: NodeJS.Timeout | null = null;

  constructor(signer: () => Pick<Signer, 'remote'>, onOutage: (error: unknown) => void) {
    this.#signer = signer;
    this.#onOutage = onOutage;
  }

  /** Ends the signatures of the turn under way; undefined for a key at hand. */
  get within(): AbortSignal | undefined {
    return this.#within;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      const remote = this.#signer().remote === true;
      this.#within = remote ? AbortSignal.any([this.#giveUp.signal, AbortSignal.timeout(SIGN_WITHIN_MS)]) : undefined;
      try {
        return await task();
      } catch (error) {
        this.failed(error);
        throw error;
      }
    });
  }

  /** To be told of a failure that a turn keeps to itself. */
  failed(error: unknown): void {
    if (isKmsError(error)) this.#onOutage(error);
  }

  /** From here on all turns together have as long as one. */
  closing(): void {
    if (this.#signer().remote !== true) return;
    this.#closing ??= setTimeout(() => this.#giveUp.abort(), SIGN_WITHIN_MS);
  }

  closed(): void {
    if (this.#closing !== null) clearTimeout(this.#closing);
  }
}
