import { hash } from 'node:crypto';
import BetterSqlite3 from 'better-sqlite3';
import { createCarryOut } from '#main/approvals/protections/carry-out.ts';
import type { ProtectionPeople } from '#main/approvals/protections/protection-people.ts';
import { createProtections, type Protections } from '#main/approvals/protections/protections.ts';
import { openRequestStore, type RequestStore } from '#main/approvals/protections/request-store.ts';
import type { AuditStore } from '#main/audit/store.ts';
import type { Principal } from '#main/identity/principal.ts';
import { systemRandom } from '#main/platform/random.ts';
import { loadPolicyEngine } from '#main/policy/engine.ts';
import { createGuard } from '#main/policy/guard.ts';
import { CausewayError } from '#shared/errors.ts';
import type { PolicyPreview } from '#shared/ipc/protection-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import { openTestStore, type TestStore } from '../../../support/audit-store.ts';

export const PASSWORD: Reauthentication = { method: 'password', password: 'right' };
export const WRONG: Reauthentication = { method: 'password', password: 'wrong' };
export const WHY = 'The change was agreed upon in the weekly review.';

export function principal(id: string, changes: Partial<Principal> = {}): Principal {
  return {
    type: 'user',
    id,
    human: id,
    name: `Person ${id}`,
    role: 'owner',
    tenant: 'acme',
    session: `s-${id}`,
    device: { id: `d-${id}`, name: 'laptop' },
    ...changes,
  };
}

export const ALICE = principal('u-aaaaaaaaaaaa');
export const BOB = principal('u-bbbbbbbbbbbb');
export const versionOf = (text: string) => hash('sha256', text, 'hex');

/** Policies that are texts: version, difference and adoption are real, their meaning is not looked at. */
export class TextPolicies {
  texts = ['permit one;'];
  adopted: (readonly string[])[] = [];
  failure: Error | null = null;

  version(): string {
    return versionOf(this.texts.at(-1) ?? '');
  }

  async preview(text: string): Promise<PolicyPreview> {
    const problems = text.includes('broken') ? ['it does not parse.'] : [];
    const before = (this.texts.at(-1) ?? '').split('\n');
    return {
      version: problems.length > 0 ? null : versionOf(text),
      problems,
      difference: [
        ...before.map((line) => ({ kind: 'removed' as const, text: line })),
        ...text.split('\n').map((line) => ({ kind: 'added' as const, text: line })),
      ],
      dryRun: { from: '2026-02-01T00:00:00.000Z', decisions: 0, notReplayable: 0, changed: [], changedTotal: 0 },
    };
  }

  async adopt(text: string, approvedBy: readonly string[]): Promise<void> {
    if (this.failure !== null) throw this.failure;
    this.texts.push(text);
    this.adopted.push(approvedBy);
  }
}

export interface ProtectedWorkspace extends TestStore {
  readonly requests: RequestStore;
  readonly policies: TextPolicies;
  readonly protections: Protections;
  readonly warnings: unknown[];
  /** Whether one human alone decides. */
  alone: boolean;
  /** Accounts that are not in the workspace, or may do nothing. */
  readonly gone: Set<string>;
  /** Account to human, where they differ. */
  readonly aliases: Map<string, string>;
  /** When set, carrying out a rotation or an acknowledgement fails with it. */
  failure: Error | null;
  close(): Promise<void>;
}

/** A workspace of two people over a real trail, opened anew where `before` is given. */
export async function openWorkspace(before?: ProtectedWorkspace): Promise<ProtectedWorkspace> {
  const test = await openTestStore(before?.folder, before?.secrets, before?.clock);
  const { store, secrets, clock, folder } = test;
  const requests = await openRequestStore({ folder, tenant: 'acme', secrets });
  const policies = before?.policies ?? new TextPolicies();
  const warnings: unknown[] = [];
  const aliases = before?.aliases ?? new Map<string, string>();
  const people: ProtectionPeople = {
    alone: () => workspace.alone,
    mayNow: (id) => !workspace.gone.has(id),
    humanBehind: (id) => aliases.get(id) ?? id,
    accountsOf: (human) => [...aliases].flatMap(([id, behind]) => (behind === human ? id : [])),
    nameOf: (id) => `Person ${id}`,
    reauthenticate: async (_by, proof) => {
      if (proof.method === 'password' && proof.password === 'right') return 'password';
      throw new CausewayError('reauthentication-required', 'The password is wrong.');
    },
  };
  const failing =
    <Input, Result>(work: (input: Input) => Promise<Result>) =>
    (input: Input) => {
      if (workspace.failure !== null) throw workspace.failure;
      return work(input);
    };
  const protections = createProtections({
    tenant: 'acme',
    audit: store,
    store: requests,
    clock,
    random: systemRandom,
    people,
    policies,
    guard: createGuard({ audit: store, engine: await loadPolicyEngine() }),
    apply: createCarryOut({
      rotate: failing((request: Parameters<AuditStore['rotateKey']>[0]) => store.rotateKey(request)),
      acknowledge: failing((request: Parameters<AuditStore['acknowledgeBreak']>[0]) => store.acknowledgeBreak(request)),
      adopt: (text, approvedBy) => policies.adopt(text, approvedBy),
    }),
    onWarning: (error) => warnings.push(error),
  });
  const workspace: ProtectedWorkspace = {
    ...test,
    requests,
    policies,
    protections,
    warnings,
    alone: before?.alone ?? false,
    gone: before?.gone ?? new Set(),
    aliases,
    failure: null,
    close: async () => {
      requests.close();
      await store.close();
    },
  };
  return workspace;
}

/** Opens the trail's file as the sqlite3 shell does, with all guards dropped and put back. */
export function editTrail(path: string, sql: string): void {
  const db = new BetterSqlite3(path);
  db.pragma('foreign_keys = OFF');
  const guards = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const guard of guards) db.exec(guard.sql);
  db.close();
}

/** Data of the records of an action, in order. */
export function recordsOf(store: AuditStore, action: string) {
  const found = [];
  for (let seq = 1; seq <= store.head().seq; seq++) {
    const record = store.get(seq)?.record;
    if (record?.action === action) found.push(record);
  }
  return found;
}
