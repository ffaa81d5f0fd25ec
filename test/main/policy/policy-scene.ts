import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { seal } from '#main/audit/seal.ts';
import { CEDAR_POLICIES } from '#main/policy/cedar/policies.ts';
import { CEDAR_SCHEMA } from '#main/policy/cedar/schema.ts';
import { versionOf } from '#main/policy/cedar-set.ts';
import { decisionsOnRecord, policyVersionOnRecord } from '#main/policy/policy-on-record.ts';
import { openPolicyBook, type PolicyBook, type PolicyBookOptions } from '#main/policy/policy-versions.ts';
import type { PolicyRequest } from '#main/policy/request.ts';
import { openTestStore, removeFolder, type TestStore } from '../../support/audit-store.ts';

/** A workspace folder with a chain and the policies of it. */
export interface PolicyScene extends TestStore {
  readonly warnings: string[];
  open(changes?: Partial<PolicyBookOptions>): Promise<PolicyBook>;
  /** Puts the approval of a text on record, by two people. */
  approve(text: string, outcome?: 'success' | 'failure', change?: string): Promise<void>;
  /** Changes policies.db behind its back. */
  edit(sql: string, ...values: unknown[]): void;
  remove(): Promise<void>;
}

export async function policyScene(): Promise<PolicyScene> {
  const scene = await openTestStore();
  const { folder, secrets, clock, store } = scene;
  const warnings: string[] = [];
  return {
    ...scene,
    warnings,
    open: (changes = {}) =>
      openPolicyBook({
        folder,
        tenant: 'acme',
        secrets,
        clock,
        versionOnRecord: () => policyVersionOnRecord(store),
        decisionsOnRecord: (from) => decisionsOnRecord(store, from),
        eligible: () => 4,
        onWarning: (_error, what) => warnings.push(what),
        ...changes,
      }),
    approve: async (text, outcome = 'success', change = 'policy-change') => {
      clock.time += 1000;
      await store.append({
        action: 'tenant.protection_change_approved',
        outcome,
        actor: { type: 'user', id: 'u-000000000002' },
        target: { type: 'protection', id: change },
        data: {
          change,
          changeDigest: versionOfText(text),
          justification: seal('u-000000000002', 'agreed in the review'),
          requestedBy: 'u-000000000001',
        },
      });
    },
    edit: (sql, ...values) => {
      const db = new BetterSqlite3(join(folder, 'policies.db'));
      db.prepare(sql).run(...values);
      db.close();
    },
    remove: async () => {
      await store.close().catch(() => undefined); // one whose file was changed does not close in peace
      removeFolder(folder);
    },
  };
}

export const versionOfText = (policies: string) => versionOf({ policies, schema: CEDAR_SCHEMA });

/** The own policies and one rule more: the log analyst reads nothing. */
export const STRICTER = `${CEDAR_POLICIES}
@id("no-logs")
@reason("Nobody reads logs for now.")
forbid (principal, action in Action::"logAnalysis", resource);
`;

export const readLogs: PolicyRequest = {
  principal: { type: 'Agent', id: 'log-analyst' },
  action: 'logs:StartQuery',
  resource: { type: 'CloudResource', id: 'arn:aws:logs:eu-central-1:111122223333:log-group:checkout' },
  context: { lease: 'lease-1', task: 'log-analysis', approved: false, withinApproval: false },
};
