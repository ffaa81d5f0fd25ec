import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DECIDE_WITHIN_MS } from '#main/approvals/judge-approval.ts';
import { sandboxEnvironments } from '#main/console/environments.ts';
import { wallClock } from '#main/platform/clock.ts';
import { openTenantWorkspaceDb } from '#main/platform/workspace-db.ts';
import { startSandbox } from '#main/sandbox/server.ts';
import type { Investigation } from '#shared/model/investigation.ts';
import { openPeopled, type PeopledConsole } from '../../support/peopled-console.ts';
import { writeScenario } from '../../support/scenario.ts';
import { decision, investigateAlarm, movableClock, openScene, proposalOf, recordsOf, type Scene } from './scene.ts';

let scene: Scene;
let again: PeopledConsole | undefined;
afterEach(async () => {
  await again?.close();
  again = undefined;
  await scene.close();
});

/** Closes the console, changes what the workspace keeps as a crash would have left it, and opens it again. */
async function reopen(change: (investigation: Investigation) => Investigation): Promise<PeopledConsole> {
  await scene.console.close();
  const db = await openTenantWorkspaceDb({
    file: join(scene.config.folder, 'tenants/local/workspace.db'),
    tenant: 'local',
    secrets: scene.config.secrets,
  });
  db.putInvestigation(change(db.getInvestigation('inv-0001')));
  db.close();
  again = await openPeopled(scene.config);
  return again;
}

describe('after the program ended', () => {
  it('an outcome that could not be waited for is said, and the incident handed to a person', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-restart-'));
    const sandbox = await startSandbox({ folders: [await writeScenario(folder)] });
    const [environment] = sandboxEnvironments(sandbox);
    if (environment === undefined) throw new Error('the sandbox has no account');
    // A real account's clock: fifteen minutes are fifteen minutes.
    const clock = { now: () => environment.clock.now(), sleep: wallClock.sleep };
    scene = await openScene({ config: { sandboxFolders: [], awsEnvironments: [{ ...environment, clock }] } });
    const alarm = new TextEncoder().encode(JSON.stringify(sandbox.accounts[0]?.alarm));
    const incident = await scene.console.importAlarm(alarm, 'alarm.json');
    const { id } = await scene.console.startInvestigation(incident.id);
    const investigation = await scene.console.settled(id);
    await scene.console.decide(decision({ investigation }, 'approve'));
    while (recordsOf(scene.console, 'remediation.executed').length === 0) await wallClock.sleep(5);
    const console = await reopen((found) => found);
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
    const { remediation } = await console.settled(id);
    expect(remediation).toMatchObject({ status: 'executed', result: null });
    expect(remediation?.failure).toMatch(/closing|not checked/);
    expect(console.getIncident(incident.id).incident.status).toBe('needs-attention');
    const leases = (action: 'credential.issued' | 'credential.revoked') => recordsOf(console, action).length;
    expect(leases('credential.revoked')).toBe(leases('credential.issued'));
  });

  it('a proposal still waits and can be approved and carried out', async () => {
    scene = await openScene();
    const found = await investigateAlarm(scene);
    const console = await reopen((investigation) => investigation);
    expect(console.pendingApprovals().map(({ remediation }) => remediation)).toEqual([proposalOf(found)]);
    await console.decide(decision(found, 'approve'));
    expect((await console.settled(found.investigation.id)).remediation?.result?.verdict).toBe('recovered');
    expect(await console.verifyStore()).toMatchObject({ verdict: { verdict: 'valid' } });
  });

  it('a proposal whose time passed meanwhile is recorded as expired', async () => {
    const clock = movableClock();
    scene = await openScene({ config: { clock } });
    const found = await investigateAlarm(scene);
    clock.forward(DECIDE_WITHIN_MS + 1000);
    const console = await reopen((investigation) => investigation);
    expect(recordsOf(console, 'remediation.expired').map(({ data }) => data.reason)).toEqual(['timeout']);
    expect(console.getIncident(found.incident.id)).toMatchObject({
      incident: { status: 'needs-attention' },
      investigation: { remediation: { status: 'expired' } },
    });
  });

  it('a proposal the workspace lost is withdrawn, and its investigation stays completed', async () => {
    scene = await openScene();
    const found = await investigateAlarm(scene);
    const console = await reopen((investigation) => ({ ...investigation, status: 'running', remediation: null }));
    expect(console.getIncident(found.incident.id)).toMatchObject({
      incident: { status: 'needs-attention' },
      investigation: { status: 'completed', remediation: null },
    });
    const [withdrawn] = recordsOf(console, 'remediation.withdrawn');
    const [proposed] = recordsOf(console, 'remediation.proposed');
    expect(withdrawn?.record.links?.request).toBe(proposed?.hash);
    expect(recordsOf(console, 'investigation.failed')).toEqual([]);
    const { id } = await console.startInvestigation(found.incident.id);
    expect((await console.settled(id)).status).toBe('completed');
  });

  it('a remediation under way without an approval on record is withdrawn, and cannot be decided', async () => {
    scene = await openScene();
    const found = await investigateAlarm(scene);
    const console = await reopen((investigation) => ({
      ...investigation,
      remediation: { ...proposalOf({ investigation }), status: 'executing' },
    }));
    expect(recordsOf(console, 'remediation.withdrawn')).toHaveLength(1);
    expect(recordsOf(console, 'remediation.execution_failed')).toEqual([]);
    expect(proposalOf({ investigation: await console.settled(found.investigation.id) }).status).toBe('failed');
    await expect(console.decide(decision(found, 'approve'))).rejects.toMatchObject({ code: 'conflict' });
  });

  /** @securityTest A plan edited in the workspace database cannot be approved: the chain has another */
  it('a plan that was edited in the workspace cannot be approved', async () => {
    scene = await openScene();
    const found = await investigateAlarm(scene);
    const evil = (investigation: Investigation): Investigation => {
      const remediation = proposalOf({ investigation });
      return { ...investigation, remediation: { ...remediation, plan: { ...remediation.plan, summary: 'Harmless.' } } };
    };
    const console = await reopen(evil);
    await expect(console.decide(decision(found, 'approve'))).rejects.toMatchObject({
      code: 'audit-broken',
      reason: 'proposal-differs',
    });
    expect(recordsOf(console, 'remediation.approved')).toEqual([]);
  });
});
