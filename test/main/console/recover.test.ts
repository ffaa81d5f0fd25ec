import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SqliteAuditStore } from '#main/audit/sqlite-store.ts';
import { openTenantWorkspaceDb } from '#main/platform/workspace-db.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { Investigation } from '#shared/model/investigation.ts';
import { openPeopled, type PeopledConsole } from '../../support/peopled-console.ts';
import { decision, investigateAlarm, openScene, proposalOf, recordsOf, type Scene } from './scene.ts';

let scene: Scene;
let again: PeopledConsole | undefined;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await again?.close();
  again = undefined;
  // The first console's close fails, and says so again, where the disk was full.
  await scene.close().catch(() => rm(scene.folder, { recursive: true, force: true }));
});

type Appended = Parameters<SqliteAuditStore['append']>[0];

/** From the first record that fits on, nothing can be written any more, as on a full disk. */
function fillDiskAt(action: AuditAction, fits: (input: Appended) => boolean = () => true): void {
  const append = SqliteAuditStore.prototype.append;
  let full = false;
  vi.spyOn(SqliteAuditStore.prototype, 'append').mockImplementation(function (this: SqliteAuditStore, input: Appended) {
    full ||= input.action === action && fits(input);
    return full ? Promise.reject(new CausewayError('disk-full', 'The disk is full.')) : append.call(this, input);
  } as typeof append);
}

/** The record of what a write came to; the one before it says that it is going to be made. */
const isOutcome = (operation: string) => (input: Appended) => {
  const data = input.data as { readonly operation?: unknown; readonly phase?: unknown };
  return data.operation === operation && data.phase === 'outcome';
};

/** Ends the program as it stands, and starts it again with a disk that can be written. */
async function restart(
  change?: (investigation: Investigation, incident: Incident) => readonly [Investigation, Incident],
): Promise<PeopledConsole> {
  await scene.console.close().catch(() => undefined); // a full disk is said at the close too
  vi.restoreAllMocks();
  if (change !== undefined) {
    const db = await openTenantWorkspaceDb({
      file: join(scene.config.folder, 'tenants/local/workspace.db'),
      tenant: 'local',
      secrets: scene.config.secrets,
    });
    const [investigation, incident] = change(db.getInvestigation('inv-0001'), db.getIncident('inc-0001'));
    db.putInvestigation(investigation);
    db.putIncident(incident);
    db.close();
  }
  again = await openPeopled(scene.config);
  return again;
}

function expectLeasesEnded(console: PeopledConsole): void {
  const ids = (action: 'credential.issued' | 'credential.revoked') =>
    recordsOf(console, action)
      .map(({ record }) => record.target.id)
      .sort();
  expect(ids('credential.revoked')).toEqual(ids('credential.issued'));
}

describe('when the trail could not be written any more, the next start puts on record', () => {
  it('the end of leases, of the investigation and the status of an incident that was shown as failed', async () => {
    fillDiskAt('investigation.findings_submitted');
    const { incident, investigation } = await investigateAlarm(scene);
    expect(investigation.status).toBe('failed');
    const console = await restart();
    expectLeasesEnded(console);
    expect(recordsOf(console, 'investigation.failed').map(({ data }) => data.code)).toEqual(['interrupted']);
    expect(console.getIncident(incident.id).incident.status).toBe('needs-attention');
  });

  it('calls of the agent alone, and that the cloud had confirmed the revocation', async () => {
    fillDiskAt('credential.revoked');
    await investigateAlarm(scene);
    const console = await restart();
    expectLeasesEnded(console);
    for (const { record, data } of recordsOf(console, 'credential.revoked')) {
      const calls = recordsOf(console, 'investigation.system_called').filter(
        ({ record: call }) => call.links?.lease === record.links?.lease,
      );
      expect(data.calls).toBe(calls.filter(({ record: call }) => call.actor.type === 'agent').length);
      const confirmed = calls.some((call) => call.data.operation === 'iam:PutRolePolicy');
      expect(data.cloud).toBe(confirmed ? 'revoked' : 'failed');
    }
    expect(recordsOf(console, 'credential.revoked').some(({ data }) => data.cloud === 'revoked')).toBe(true);
  });

  it('that a proposal nobody has seen is withdrawn', async () => {
    fillDiskAt('investigation.completed');
    const { incident } = await investigateAlarm(scene);
    const console = await restart();
    expect(recordsOf(console, 'remediation.withdrawn')).toHaveLength(1);
    expect(console.pendingApprovals()).toEqual([]);
    expect(console.getIncident(incident.id).incident.status).toBe('needs-attention');
  });
});

describe('an approval nothing came of is a failed execution', () => {
  const isWriteLease = (input: Appended) => (input.data as { readonly task?: unknown }).task === 'remediation';

  it.each<[string, AuditAction, ((input: Appended) => boolean) | undefined, number, RegExp]>([
    ['before its lease', 'credential.issued', isWriteLease, 0, /No write lease is on record, so nothing was changed/],
    [
      'between sending and the answer',
      'investigation.system_called',
      isOutcome('ecs:UpdateService'),
      1,
      /Whether step 1 reached the cloud is not known/,
    ],
    ['after the answer', 'remediation.executed', undefined, 1, /answered every step as done/],
  ])('%s', async (_title, action, fits, failedStep, reason) => {
    const found = await investigateAlarm(scene);
    fillDiskAt(action, fits);
    await scene.console.decide(decision(found, 'approve'));
    await scene.console.settled(found.investigation.id);
    const console = await restart();
    const [approved] = recordsOf(console, 'remediation.approved');
    const failed = recordsOf(console, 'remediation.execution_failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.data).toMatchObject({ failedStep, reason: expect.stringMatching(reason) });
    expect(failed[0]?.record.links).toMatchObject({
      approval: approved?.hash,
      request: proposalOf(found).requestHash,
      remediation: proposalOf(found).id,
    });
    expectLeasesEnded(console);
    const { incident, investigation } = console.getIncident(found.incident.id);
    expect(incident.status).toBe('needs-attention');
    expect(investigation?.remediation).toMatchObject({
      status: 'failed',
      decision: { outcome: 'approved', record: approved?.hash },
    });
    const before = recordsOf(console, 'incident.status_changed').length;
    const third = await restartOnce(console);
    expect(recordsOf(third, 'remediation.execution_failed')).toHaveLength(1);
    expect(recordsOf(third, 'incident.status_changed')).toHaveLength(before);
  });

  async function restartOnce(console: PeopledConsole): Promise<PeopledConsole> {
    await console.close();
    again = await openPeopled(scene.config);
    return again;
  }
});

describe('what is on record and not in the workspace', () => {
  it('a verified outcome is shown with its result, and the incident resolved', async () => {
    const found = await investigateAlarm(scene);
    await scene.console.decide(decision(found, 'approve'));
    const known = (await scene.console.settled(found.investigation.id)).remediation?.result;
    const console = await restart((investigation, incident) => [
      {
        ...investigation,
        remediation: { ...proposalOf({ investigation }), status: 'executed', result: null, decision: null },
      },
      { ...incident, status: 'remediating' },
    ]);
    const { incident, investigation } = console.getIncident(found.incident.id);
    expect(incident.status).toBe('resolved');
    const { text: _, ...values } = known ?? {};
    expect(investigation?.remediation).toMatchObject({ status: 'verified', failure: null, result: values });
    expect(investigation?.remediation?.decision?.outcome).toBe('approved');
    expect(recordsOf(console, 'remediation.execution_failed')).toEqual([]);
  });

  it('a remediation that was carried out is not shown as failed', async () => {
    const found = await investigateAlarm(scene);
    fillDiskAt('remediation.verified');
    await scene.console.decide(decision(found, 'approve'));
    await scene.console.settled(found.investigation.id);
    const console = await restart((investigation, incident) => [
      { ...investigation, remediation: { ...proposalOf({ investigation }), status: 'failed', failure: 'Lost.' } },
      incident,
    ]);
    expect(console.getIncident(found.incident.id)).toMatchObject({
      incident: { status: 'needs-attention' },
      investigation: { remediation: { status: 'executed', failure: expect.stringContaining('not checked') } },
    });
  });

  it('a change in doubt that was measured stays failed, with what was measured, and with a person', async () => {
    const found = await investigateAlarm(scene);
    const append = SqliteAuditStore.prototype.append;
    let known = false;
    vi.spyOn(SqliteAuditStore.prototype, 'append').mockImplementation(function (
      this: SqliteAuditStore,
      input: Appended,
    ) {
      if (known || !isOutcome('ecs:UpdateService')(input)) return append.call(this, input);
      known = true;
      return Promise.reject(new CausewayError('disk-full', 'The disk is full.'));
    } as typeof append);
    await scene.console.decide(decision(found, 'approve'));
    const { remediation } = await scene.console.settled(found.investigation.id);
    expect(remediation).toMatchObject({ status: 'failed', result: { verdict: 'recovered' } });
    const console = await restart();
    expect(console.getIncident(found.incident.id)).toMatchObject({
      incident: { status: 'needs-attention' },
      investigation: { remediation },
    });
  });

  it('a rejection is shown as such, with the decision', async () => {
    const found = await investigateAlarm(scene);
    await scene.console.decide(decision(found, 'reject'));
    const [rejected] = recordsOf(scene.console, 'remediation.rejected');
    const console = await restart((investigation, incident) => [
      { ...investigation, remediation: { ...proposalOf({ investigation }), status: 'proposed', decision: null } },
      { ...incident, status: 'awaiting-approval' },
    ]);
    const { incident, investigation } = console.getIncident(found.incident.id);
    expect(investigation?.remediation).toMatchObject({
      status: 'rejected',
      decision: { outcome: 'rejected', by: console.second.id, record: rejected?.hash },
    });
    expect(incident.status).toBe('needs-attention');
    const last = recordsOf(console, 'incident.status_changed').at(-1);
    expect(last?.data.reason).toBe('rem-0001 was rejected.');
    expect(console.pendingApprovals()).toEqual([]);
  });
});
