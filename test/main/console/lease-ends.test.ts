import { ECSClient } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SqliteAuditStore } from '#main/audit/sqlite-store.ts';
import type { Console } from '#main/console.ts';
import { openPeopled } from '../../support/peopled-console.ts';
import { investigateAlarm, openScene, recordsOf, type Scene, TEST_ENVIRONMENT } from './scene.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function opened(): Promise<Scene> {
  const scene = await openScene();
  cleanups.push(() => scene.close());
  return scene;
}

/** Every lease has one end on record, the cloud has confirmed it, and none is shown as live. */
function expectAllEnded(console: Console): readonly string[] {
  const issued = recordsOf(console, 'credential.issued').map(({ record }) => record.target.id);
  const revoked = recordsOf(console, 'credential.revoked');
  expect(issued.length).toBeGreaterThan(0);
  expect(revoked.map(({ record }) => record.target.id).sort()).toEqual([...issued].sort());
  expect(revoked.map(({ data }) => data.cloud)).toEqual(issued.map(() => 'revoked'));
  expect(console.leases()).toEqual([]);
  return revoked.map(({ data }) => `${data.task}: ${data.reason}`);
}

describe('no lease outlives its investigation', () => {
  it('that succeeds', async () => {
    const scene = await opened();
    expect((await investigateAlarm(scene)).investigation.status).toBe('completed');
    expect(expectAllEnded(scene.console)).toContain('log-analysis: task-finished');
  });

  /** @securityTest An agent that crashes leaves no lease behind */
  it('with an agent that crashes', async () => {
    vi.spyOn(ECSClient.prototype, 'send').mockImplementation(() => {
      throw new TypeError('The agent has a bug.');
    });
    const scene = await opened();
    await investigateAlarm(scene);
    const ends = expectAllEnded(scene.console);
    expect(ends).toContain('infrastructure-inspection: task-failed');
    expect(ends).toContain('metric-analysis: task-finished');
  });

  it('that fails as a whole', async () => {
    const append = SqliteAuditStore.prototype.append;
    vi.spyOn(SqliteAuditStore.prototype, 'append').mockImplementation(function (
      this: SqliteAuditStore,
      input: Parameters<SqliteAuditStore['append']>[0],
    ) {
      if (input.action === 'investigation.hypotheses_ranked') return Promise.reject(new TypeError('A bug.'));
      return append.call(this, input);
    } as typeof append);
    const scene = await opened();
    expect((await investigateAlarm(scene)).investigation.status).toBe('failed');
    expectAllEnded(scene.console);
  });

  it('when the program is quit in the midst of it', async () => {
    const scene = await opened();
    const incident = await scene.console.raiseSandboxAlarm(TEST_ENVIRONMENT);
    await scene.console.startInvestigation(incident.id);
    await expect.poll(() => scene.console.leases().length, { interval: 2, timeout: 20_000 }).toBeGreaterThan(1);
    await scene.console.close();
    const again = await openPeopled(scene.config);
    cleanups.push(() => again.close());
    for (const end of expectAllEnded(again)) expect(end).toMatch(/: (cancelled|shutdown|investigation-ended|task-.*)$/);
  });
});
