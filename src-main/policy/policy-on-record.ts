import { CausewayError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { AuditStore } from '../audit/store.ts';

/** The change of the guardrail policies that was approved last. */
export interface PolicyOnRecord {
  /** SHA-256 of the policies and their schema. */
  readonly version: string;
  /** Of its record in the chain. */
  readonly seq: number;
  /** RFC 3339. */
  readonly at: string;
  /** Who approved and who asked, without repetition. */
  readonly approvedBy: readonly string[];
}

const ACTION = 'tenant.protection_change_approved';
const POLICY_CHANGE = 'policy-change';

/**
 * What the chain says is in force: the last change whose record holds, with hash, signature and place. Null when the
 * policies were never changed. The trail only says where to look: that the newest was left out there, or was damaged, is
 * for the keychain to know (policy-anchor.ts).
 */
export function policyVersionOnRecord(store: Pick<AuditStore, 'page' | 'getVerified'>): PolicyOnRecord | null {
  let before: number | undefined;
  do {
    const page = store.page({ action: ACTION, limit: 100, ...(before === undefined ? {} : { before }) });
    for (const { hash } of page.rows) {
      const found = verified(store, hash);
      const change = found === null ? null : readChange(found.record);
      if (change !== null) return change;
    }
    before = page.next ?? undefined;
  } while (before !== undefined);
  return null;
}

/** Null for one that does not hold: the history is broken then, which stops everything until people took note of it. */
function verified(store: Pick<AuditStore, 'getVerified'>, hash: string) {
  try {
    return store.getVerified(hash);
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return null;
    throw error;
  }
}

function readChange({ action, outcome, data, seq, time, actor }: AuditRecord): PolicyOnRecord | null {
  if (action !== ACTION || outcome !== 'success' || data.change !== POLICY_CHANGE) return null;
  if (typeof data.changeDigest !== 'string') return null;
  const people = [actor.id, ...(typeof data.requestedBy === 'string' ? [data.requestedBy] : [])];
  return { version: data.changeDigest, seq, at: time, approvedBy: [...new Set(people)] };
}

/** How many decisions of the guardrails are on record since then, RFC 3339. */
export function decisionsOnRecord(store: Pick<AuditStore, 'count'>, from: string): number {
  let total = 0;
  let before: number | undefined;
  do {
    const query = { action: 'investigation.policy_decided', from, limit: 1 } as const;
    const { count, next } = store.count(before === undefined ? query : { ...query, before });
    total += count;
    before = next ?? undefined;
  } while (before !== undefined);
  return total;
}
