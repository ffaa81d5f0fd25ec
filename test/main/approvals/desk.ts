import { type Approvals, createApprovals } from '#main/approvals/approvals.ts';
import type { BreakGlassInput, DecisionInput, VerifiedAnswer } from '#main/approvals/decision.ts';
import type { ProposalBook } from '#main/approvals/proposal-book.ts';
import type { AuditStore } from '#main/audit/store.ts';
import { canonicalDigest } from '#main/platform/digest.ts';
import { loadPolicyEngine, type PolicyEngine } from '#main/policy/engine.ts';
import { createGuard } from '#main/policy/guard.ts';
import { requiredApprovals } from '#main/policy/quorum.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { Severity } from '#shared/model/incident.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { openTestStore, removeFolder, type TestStore } from '../../support/audit-store.ts';
import { sampleRemediation } from '../../support/sample-remediation.ts';
import { DEVICE_KEY, PROOF, REQUESTER, type TestPeople, testPeople } from './people.ts';

export const MINUTE = 60_000;

/** The policies in force, which a test can change. */
export interface TestEngine extends PolicyEngine {
  version: string;
  decide: PolicyEngine['decide'];
}

export interface Desk {
  readonly test: TestStore;
  readonly people: TestPeople;
  readonly engine: TestEngine;
  readonly approvals: Approvals;
  /** The remediation as the workspace keeps it. */
  kept(): Remediation;
  setKept(remediation: Remediation): void;
  /** Keeping fails from the nth time on. */
  keepable: number;
  propose(severity?: Severity, environmentKind?: 'sandbox' | 'aws', id?: string): Promise<Remediation>;
  ask(changes?: Partial<DecisionInput>): DecisionInput;
  emergency(changes?: Partial<BreakGlassInput>): BreakGlassInput;
  answer(changes?: Partial<VerifiedAnswer>): VerifiedAnswer;
  records(action?: string): readonly AuditRecord[];
  /** Milliseconds that really passed. */
  readonly steady: { time: number };
  close(): Promise<void>;
}

/** Approvals over a real trail and the real policies, with one proposal after another. */
export async function openDesk(): Promise<Desk> {
  const test = await openTestStore();
  const people = testPeople();
  const engine: TestEngine = { ...(await loadPolicyEngine()) };
  const { store, clock } = test;
  const steady = { time: 0 };
  let kept = sampleRemediation();
  const keep = () => {
    desk.keepable -= 1;
    if (desk.keepable < 0) throw new CausewayError('disk-full', 'The disk is full.');
  };
  const book: ProposalBook = {
    read: () => ({ remediation: kept, incident: 'inc-0001', investigation: 'inv-0001' }),
    listWaiting: () => (kept.status === 'proposed' ? [book.read(kept.id)] : []),
    probe: keep,
    save: (remediation) => {
      keep();
      kept = remediation;
    },
  };
  const audit: Pick<AuditStore, 'append' | 'getVerified' | 'decisionsAfter'> = store;
  // decided by the policies in force, under whatever version a test says they are
  const guard = createGuard({ audit, engine: { ...engine, decide: (ask) => decide(ask) } });
  const decide: PolicyEngine['decide'] = (ask) => ({ ...engine.decide(ask), policyVersion: engine.version });
  const desk: Desk = {
    test,
    people,
    engine,
    keepable: Number.POSITIVE_INFINITY,
    steady,
    approvals: createApprovals({ audit, store, guard, engine, clock, monotonic: () => steady.time, people, book }),
    kept: () => kept,
    setKept: (remediation) => {
      kept = remediation;
    },
    propose: async (severity = 'high', environmentKind = 'sandbox', id = 'rem-0001') => {
      const plan = { ...sampleRemediation().plan, remediation: id };
      const planDigest = canonicalDigest(plan).digest;
      const expiresAt = new Date(clock.now() + 30 * MINUTE).toISOString();
      const approvalsRequired = requiredApprovals(engine, { severity, environmentKind, kind: plan.kind });
      const { hash } = await store.append({
        action: 'remediation.proposed',
        outcome: 'success',
        actor: { type: 'agent', id: 'remediator' },
        onBehalfOf: { type: 'user', id: REQUESTER.id },
        target: { type: 'remediation', id },
        links: { incident: 'inc-0001', investigation: 'inv-0001', remediation: id },
        data: {
          plan,
          planDigest,
          rule: engine.approvalRule.id,
          policyVersion: engine.version,
          expiresAt,
          severity,
          environment: 'prod-eu',
          environmentKind,
          approvalsRequired,
          executeWithinMs: 15 * MINUTE,
        },
      });
      const onBehalfOf = REQUESTER.id;
      kept = sampleRemediation({
        id,
        plan,
        planDigest,
        requestHash: hash,
        expiresAt,
        onBehalfOf,
        required: approvalsRequired,
      });
      return kept;
    },
    ask: (changes) => ({
      remediation: kept.id,
      planDigest: kept.planDigest,
      decision: 'approve',
      justification: 'Because it is right.',
      channel: 'dialog',
      reauthentication: PROOF,
      ...changes,
    }),
    emergency: (changes) => ({
      remediation: kept.id,
      planDigest: kept.planDigest,
      reason: 'Nobody else is awake.',
      justification: 'Because it is right.',
      reauthentication: PROOF,
      ...changes,
    }),
    answer: (changes) => ({
      person: 'u-000000000002',
      device: 'd-u-000000000002',
      deviceKey: DEVICE_KEY,
      fileDigest: 'f'.repeat(64),
      requestDigest: 'e'.repeat(64),
      remediation: kept.id,
      planDigest: kept.planDigest,
      requestHash: kept.requestHash,
      decision: 'approve',
      justification: 'Because it is right.',
      decidedAt: new Date(clock.now()).toISOString(),
      policyVersion: engine.version,
      reauthentication: 'totp',
      ...changes,
    }),
    records: (action) => {
      const all = Array.from({ length: store.head().seq }, (_, index) => store.get(index + 1)?.record);
      return all.filter(
        (record) => record !== undefined && (action ?? record.action) === record.action,
      ) as AuditRecord[];
    },
    close: async () => {
      await store.close();
      removeFolder(test.folder);
    },
  };
  return desk;
}
