import type { PolicyPreview, PolicyView } from '#shared/ipc/protection-views.ts';
import { createCipher } from '../platform/cipher.ts';
import type { Clock } from '../platform/clock.ts';
import type { SecretStore } from '../platform/secret-store.ts';
import { tenantKey } from '../platform/tenant-keys.ts';
import type { PolicyEngine } from './engine.ts';
import type { DecisionKeeper } from './guard.ts';
import { Book } from './policy-book.ts';
import type { PolicyOnRecord } from './policy-on-record.ts';
import { openPolicyStore } from './policy-store.ts';

/** The guardrail policies of a workspace: those in force, those before, and what a change would mean. */
export interface PolicyBook {
  /** Always the same object; it asks the version in force at each question. */
  engine(): PolicyEngine;
  current(): PolicyView;
  /** @throws CausewayError `not-found`; `audit-broken` when the stored text is not that of the version */
  text(version: string): string;
  /** What a text would mean: what is wrong with it, the difference, and what it would have decided. Keeps nothing. */
  preview(text: string): Promise<PolicyPreview>;
  /**
   * As `preview`, before a change is asked for or agreed to: a text without problems is kept, so that what is approved
   * afterwards is never without its text.
   */
  prepare(text: string): Promise<PolicyPreview>;
  /**
   * Puts a text in force whose approval is on record.
   * @throws CausewayError `conflict` (`not-on-record`) when the chain names another, `bad-input` (`policy`)
   */
  adopt(text: string, approvedBy: readonly string[]): Promise<void>;
  /** Gives the text of the version in force back where it was lost; no other text fits its digest. */
  restore(text: string): Promise<void>;
  /** For the guard: what a dry run looks at. Needs no `this`. */
  readonly keep: DecisionKeeper;
  close(): void;
}

export interface PolicyBookOptions {
  /** Of the workspace. */
  readonly folder: string;
  readonly tenant: string;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  /** What the chain says; see policyVersionOnRecord. */
  readonly versionOnRecord: () => PolicyOnRecord | null;
  /** How many different humans may approve remediations. */
  readonly eligible: () => number;
  /** How many decisions the trail has since a time; see decisionsOnRecord. */
  readonly decisionsOnRecord?: (from: string) => number;
  readonly onWarning?: (error: unknown, what: string) => void;
}

/**
 * Opens the policies of a workspace and puts in force what its chain names.
 * @throws CausewayError `keychain-unavailable`, with reason `key-lost` for a key that was in use, and what opening a database throws
 */
export async function openPolicyBook(options: PolicyBookOptions): Promise<PolicyBook> {
  const locked = openPolicyStore(options.folder);
  try {
    const key = await tenantKey(options.secrets, options.tenant, 'requests', !locked.inUse);
    const cipher = createCipher(key, options.tenant);
    const book = new Book(options, locked.unlock(cipher), cipher);
    await book.begin();
    return book;
  } catch (error) {
    locked.close();
    throw error;
  }
}
