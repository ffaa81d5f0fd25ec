import { z } from 'zod';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { Digest } from '#shared/model/evidence.ts';
import { headName } from '../secret-names.ts';

/** Shortest time between two writes: a keychain is slow, and records come by the thousand. */
const EVERY_MS = 1000;
/** Longest time between two attempts while it fails. */
const LATEST_MS = 60_000;

/** The newest record the keychain knows of: what was written since the newest checkpoint cannot be cut off unseen. */
const Kept = z.strictObject({ seq: z.int().min(1), hash: Digest, time: z.iso.datetime({ precision: 3 }) });
export type KeptHead = Readonly<z.infer<typeof Kept>>;

type Place = Pick<KeptHead, 'seq' | 'hash'>;

export interface HeadKeeperParts {
  readonly chain: string;
  readonly secrets: SecretStore;
  readonly now: () => string;
  /** Told of a keychain that cannot be written, once until it can; it is tried again. */
  readonly onError: (error: unknown) => void;
}

/**
 * Keeps the newest record's number and hash in the keychain, beside the writing and never in its way: the newest one wins,
 * and a keychain that fails is tried again. Until it is told, a cut is found as far back as the last time it was.
 */
export class HeadKeeper {
  readonly #parts: HeadKeeperParts;
  #newest: Place | null = null;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #ended = false;
  /** Failures in a row. */
  #failures = 0;

  constructor(parts: HeadKeeperParts) {
    this.#parts = parts;
  }

  /** The head is durable. Returns at once. */
  note({ seq, hash }: Place): void {
    this.#newest = { seq, hash };
    if (this.#timer === null && !this.#ended) this.#start();
  }

  /** Resolves when the newest head is in the keychain, or was tried. */
  async flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
  }

  /**
   * Puts a head in the place of what is kept, further or not: after a person acknowledged a break.
   * @throws CausewayError `keychain-unavailable`
   */
  async replace({ seq, hash }: Place): Promise<void> {
    this.#newest = null;
    const replaced = this.#writing.then(() => this.#set({ seq, hash }));
    this.#writing = replaced.catch(() => undefined); // whoever asked is told
    await replaced;
  }

  /** Nothing is written on its own any more. */
  end(): void {
    this.#ended = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #start(): void {
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        if (this.#newest !== null && !this.#ended) this.#start();
      },
      Math.min(LATEST_MS, EVERY_MS * 2 ** Math.min(10, this.#failures)),
    );
    this.#timer.unref();
    void this.flush();
  }

  async #write(): Promise<void> {
    const head = this.#newest;
    if (head === null) return;
    try {
      const { chain, secrets } = this.#parts;
      const kept = await recallHead(secrets, chain);
      // another program that writes here may be further: what the keychain knows never goes backwards
      if (kept === null || typeof kept === 'string' || kept.seq < head.seq) await this.#set(head);
      if (this.#newest === head) this.#newest = null;
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      if (this.#failures === 1) this.#parts.onError(error);
    }
  }

  async #set(head: Place): Promise<void> {
    const { chain, secrets, now } = this.#parts;
    const kept: KeptHead = { ...head, time: now() };
    await secrets.set(headName(chain), Buffer.from(JSON.stringify(kept), 'utf8'));
  }
}

/** What the keychain knows of the newest record; null when it was never told, a sentence when that cannot be read. */
export async function recallHead(secrets: SecretStore, chain: string): Promise<KeptHead | string | null> {
  const secret = await secrets.get(headName(chain));
  if (secret === null) return null;
  try {
    return Kept.parse(JSON.parse(Buffer.from(secret).toString('utf8')));
  } catch {
    return 'What the keychain knows of the newest record cannot be read. Restore that entry of the keychain if you can.';
  }
}
