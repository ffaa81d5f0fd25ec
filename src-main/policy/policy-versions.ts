import type { PolicyPreview, PolicyView } from '#shared/ipc/protection-views.ts';
import type { Clock } from '../platform/clock.ts';
import type { SecretStore } from '../platform/secret-store.ts';
import { tenantKey } from '../platform/tenant-keys.ts';
import type { PolicyEngine } from './engine.ts';
import type { DecisionKeeper } from './guard.ts';
import { Book } from './policy-book.ts';
import type { PolicyOnRecord } from './policy-on-record.ts';
import { PolicyStore } from './policy-store.ts';

/** The guardrail policies of a workspace: those in force, those before, and what a change would mean. */
export interface PolicyBook {
  /** Always the same object; it asks the version in force at each question. */
  engine(): PolicyEngine;
  current(): PolicyView;
  /** @throws CausewayError `not-found`; `audit-broken` when the stored text is not that of the version */
  text(version: string): string;
  /**
   * Whether a text could be put in force: its version, or what is wrong with it. A text without problems is kept, so that
   * what is approved afterwards is never without its text.
   */
  check(text: string): Promise<Pick<PolicyPreview, 'version' | 'problems'>>;
  /** As `check`, with the difference to the version in force, and what it would have decided in the last 30 days. */
  preview(text: string): Promise<PolicyPreview>;
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
 * @throws CausewayError `keychain-unavailable`, and what opening a database throws
 */
export async function openPolicyBook(options: PolicyBookOptions): Promise<PolicyBook> {
  const store = new PolicyStore(options.folder);
  try {
    const key = await tenantKey(options.secrets, options.tenant, 'requests', !store.hasDecisions());
    const book = new Book(options, store, key);
    await book.begin();
    return book;
  } catch (error) {
    store.close();
    throw error;
  }
}
