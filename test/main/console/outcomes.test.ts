import { afterEach, describe, expect, it } from 'vitest';
import { INCIDENT_AT, SERVICES } from '../../support/scenario.ts';
import { decision, investigateAlarm, openScene, operations, proposalOf, recordsOf, type Scene } from './scene.ts';

let scene: Scene;
afterEach(() => scene.close());

const MINUTE = 60_000;

/** Metrics on which nothing happens at any time. */
function quietMetrics(): string {
  const columns = SERVICES.flatMap((service) =>
    (['latency', 'errors', 'requests', 'memory'] as const).map((kind) => ({ service, kind })),
  );
  const usual = { latency: 100, errors: 1, requests: 600, memory: 40 };
  const lines = [`time,${columns.map(({ service, kind }) => `${service}.${kind}`).join(',')}`];
  for (let minute = -480; minute < 60; minute += 1) {
    const texture = (((minute * 37) % 17) + 17) % 17;
    const values = columns.map(({ kind }) => usual[kind] + (kind === 'errors' ? texture % 2 : texture / 4));
    lines.push(`${new Date(INCIDENT_AT + minute * MINUTE).toISOString()},${values.join(',')}`);
  }
  return `${lines.join('\n')}\n`;
}

describe('what comes of an investigation', () => {
  it('hands the incident to a person when the roll back did not help', async () => {
    scene = await openScene({ scenario: { effects: { rollback: 'none' } } });
    const found = await investigateAlarm(scene);
    expect(found.investigation.hypotheses[0]?.service).toBe('checkout');
    await scene.console.decide(decision(found, 'approve'));
    const ended = proposalOf({ investigation: await scene.console.settled(found.investigation.id) });
    expect(ended).toMatchObject({ status: 'verified', result: { verdict: 'not-recovered' } });
    const [verified] = recordsOf(scene.console, 'remediation.verified');
    expect(verified?.record.outcome).toBe('failure');
    expect(verified?.data.after).toMatch(/^9\d\d/);
    expect(scene.console.getIncident(found.incident.id).incident.status).toBe('needs-attention');
  });

  it('proposes nothing on a healthy system, and says what it would need', async () => {
    const files = { 'metrics.csv': quietMetrics(), 'logs.ndjson': undefined, 'events.ndjson': undefined };
    scene = await openScene({ scenario: { files, scenario: { truth: { rootCause: [] } } } });
    const { investigation, incident } = await investigateAlarm(scene);
    expect(investigation).toMatchObject({ status: 'completed', abstained: true, remediation: null });
    expect(investigation.needed.length).toBeGreaterThan(0);
    expect(recordsOf(scene.console, 'investigation.completed')[0]?.data.result).toBe('abstained');
    expect(recordsOf(scene.console, 'remediation.proposed')).toEqual([]);
    expect(scene.console.getIncident(incident.id).incident.status).toBe('needs-attention');
    expect(operations(scene.console)).not.toContain('ecs:UpdateService');
  });

  it('can be investigated again after a rejection, and not while a plan waits', async () => {
    scene = await openScene();
    const found = await investigateAlarm(scene);
    const { id } = found.incident;
    await expect(scene.console.startInvestigation(id)).rejects.toMatchObject({ code: 'conflict' });
    await scene.console.decide(decision(found, 'reject'));
    const again = await scene.console.startInvestigation(id);
    expect(again.id).not.toBe(found.investigation.id);
    expect((await scene.console.settled(again.id)).hypotheses[0]?.service).toBe('checkout');
  });

  it('starts one investigation when asked twice at once', async () => {
    scene = await openScene();
    const incident = await scene.console.raiseSandboxAlarm('test-bad-deployment');
    const both = await Promise.allSettled([
      scene.console.startInvestigation(incident.id),
      scene.console.startInvestigation(incident.id),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await scene.console.settled('inv-0001');
  });

  it('refuses the same payload while its incident is open', async () => {
    scene = await openScene();
    const incident = await scene.console.raiseSandboxAlarm('test-bad-deployment');
    await expect(scene.console.raiseSandboxAlarm('test-bad-deployment')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(incident.id),
    });
    expect(scene.console.listIncidents()).toHaveLength(1);
  });
});
