import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { canonicalDigest } from '#main/platform/digest.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import {
  answeredCalls,
  decision,
  type Investigated,
  investigateAlarm,
  JUSTIFICATION,
  openScene,
  operations,
  proposalOf,
  recordsOf,
  type Scene,
} from './scene.ts';

describe.each([
  { shipped: 'bad-deployment', cause: 'payments', steps: ['ecs:UpdateService'] },
  { shipped: 'memory-leak', cause: 'recommendations', steps: ['ecs:RegisterTaskDefinition', 'ecs:UpdateService'] },
])('the main job on $shipped', ({ shipped, cause, steps }) => {
  let scene: Scene;
  let found: Investigated;
  let ended: Remediation;

  beforeAll(async () => {
    scene = await openScene({ shipped });
    found = await investigateAlarm(scene);
    await scene.console.decide(decision(found, 'approve'));
    ended = proposalOf({ investigation: await scene.console.settled(found.investigation.id) });
  }, 60_000);
  afterAll(() => scene.close());

  it('names the cause with evidence that resolves', () => {
    const { hypotheses, findings, abstained, agents } = found.investigation;
    expect(abstained).toBe(false);
    expect(hypotheses[0]).toMatchObject({ rank: 1, service: cause, change: { kind: 'deployment' } });
    expect(agents.map(({ agent, status }) => [agent, status])).toEqual([
      ['metric-analyst', 'done'],
      ['log-analyst', 'done'],
      ['infrastructure-inspector', 'done'],
    ]);
    const claims = [
      ...findings.map(({ claim }) => claim),
      ...hypotheses.flatMap((one) => [...one.for, ...one.against]),
    ];
    const citations = claims.flatMap((claim) => claim.citations);
    expect(citations.length).toBeGreaterThan(20);
    for (const { digest, pointer, from, to } of citations.slice(0, 40)) {
      const rows = scene.console.evidenceRows(digest, pointer, from, to);
      expect(rows.rows.length).toBe(Math.min(200, to - from));
    }
  });

  it('proposes the roll back with what changes, whom it touches and the way back', () => {
    const { plan, planDigest } = proposalOf(found);
    expect(plan.kind).toBe('rollback');
    expect(plan.steps.map(({ operation }) => operation)).toEqual(steps);
    expect(plan.blastRadius).toMatchObject({ service: cause, cluster: 'prod' });
    expect(plan.blastRadius.callers).toContain('frontend');
    const fields = plan.steps.flatMap(({ changes }) => changes.map(({ field }) => field));
    expect(fields).toEqual(expect.arrayContaining(['taskDefinition', `${cause}.image`]));
    expect(plan.wayBack.steps).toHaveLength(1);
    expect(planDigest).toBe(canonicalDigest(plan).digest);
  });

  it('ends with the signal recovered and the incident resolved', () => {
    expect(ended).toMatchObject({ status: 'verified', result: { verdict: 'recovered' }, failure: null });
    const { incident, investigation } = scene.console.getIncident(found.incident.id);
    expect(incident.status).toBe('resolved');
    const remediator = investigation?.agents.find(({ agent }) => agent === 'remediator');
    expect(remediator).toMatchObject({ status: 'done', calls: steps.length, lease: { state: 'revoked' } });
    expect(scene.logged).toEqual([]);
  });

  it('has every step on record, linked to one another', () => {
    const { console } = scene;
    const one = <A extends Parameters<typeof recordsOf>[1]>(action: A) => {
      const [record, ...more] = recordsOf(console, action);
      if (record === undefined || more.length > 0) throw new Error(`${action}: ${more.length + 1} records`);
      return record;
    };
    const links = { incident: found.incident.id, investigation: found.investigation.id };
    const created = one('incident.created');
    expect(created.record.links).toEqual({ incident: found.incident.id });
    expect(created.record.actor).toMatchObject({ type: 'user', id: console.owner.id });
    expect(JSON.stringify(created.record)).not.toContain(found.incident.title);
    expect(one('investigation.started').record.links).toEqual(links);
    expect(one('investigation.hypotheses_ranked').data.hypotheses[0]?.service).toBe(cause);
    expect(
      recordsOf(console, 'investigation.findings_submitted')
        .map(({ data }) => data.agent)
        .sort(),
    ).toEqual(['infrastructure-inspector', 'log-analyst', 'metric-analyst']);

    const proposed = one('remediation.proposed');
    expect(proposed.record).toMatchObject({
      actor: { type: 'agent', id: 'remediator' },
      onBehalfOf: { id: console.owner.id },
    });
    expect(proposed.hash).toBe(ended.requestHash);
    const approved = one('remediation.approved');
    expect(approved.record.links).toEqual({ ...links, remediation: ended.id, request: proposed.hash });
    expect(approved.record).toMatchObject({ actor: { type: 'user', id: console.second.id }, device: { id: 'd-1' } });
    expect(approved.data).toMatchObject({
      planDigest: ended.planDigest,
      channel: 'terminal',
      reauthentication: 'password',
    });
    expect(console.trailRecord(approved.seq).disclosures).toContainEqual({
      path: '/data/justification',
      value: JUSTIFICATION,
    });
    const executed = one('remediation.executed');
    expect(executed.record.links).toMatchObject({ approval: approved.hash, request: proposed.hash });
    expect(executed.data.steps.map(({ operation }) => operation)).toEqual(steps);
    const verified = one('remediation.verified');
    expect(verified.record.links).toMatchObject({ approval: approved.hash });
    expect(verified.data.verdict).toBe('recovered');
    const order = [created, proposed, approved, executed, verified].map(({ seq }) => seq);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('has issued one lease a task and revoked each, the write lease under the approval', () => {
    const issued = recordsOf(scene.console, 'credential.issued');
    const revoked = recordsOf(scene.console, 'credential.revoked');
    expect(issued.map(({ data }) => data.task).sort()).toEqual([
      'infrastructure-inspection',
      'infrastructure-inspection', // whether the plan still fits
      'log-analysis',
      'metric-analysis',
      'metric-analysis',
      'remediation',
    ]);
    const ids = (records: readonly { readonly record: { readonly target: { readonly id: string } } }[]) =>
      records.map(({ record }) => record.target.id).sort();
    expect(ids(revoked)).toEqual(ids(issued));
    expect(revoked.every(({ data }) => data.reason === 'task-finished' && data.cloud === 'revoked')).toBe(true);
    const [write] = issued.filter(({ data }) => data.task === 'remediation');
    expect(write?.data.planDigest).toBe(ended.planDigest);
    expect(write?.record.links?.approval).toBe(recordsOf(scene.console, 'remediation.approved')[0]?.hash);
    const change = answeredCalls(scene.console).filter(({ data }) => steps.includes(data.operation));
    expect(change.every(({ record }) => record.links?.lease === write?.record.target.id)).toBe(true);
    expect(change).toHaveLength(steps.length);
  });

  it('has an intent on record before each change of the cloud, and what came of each', () => {
    const calls = recordsOf(scene.console, 'investigation.system_called');
    const intents = calls.filter(({ data }) => data.phase === 'intent');
    const writes = new Set(intents.map(({ data }) => data.operation));
    expect([...writes].sort()).toEqual([...steps, 'iam:PutRolePolicy'].sort());
    for (const intent of intents) {
      const outcomes = calls.filter(({ data }) => data.intent === intent.hash);
      expect(outcomes).toMatchObject([{ data: { phase: 'outcome', operation: intent.data.operation } }]);
      expect(outcomes[0]?.seq).toBeGreaterThan(intent.seq);
      expect(outcomes[0]?.data.payloadDigest).toBe(intent.data.payloadDigest);
    }
    // nothing else changed anything
    const alone = calls.filter(({ data }) => writes.has(data.operation) && data.phase === undefined);
    expect(alone).toEqual([]);
  });

  it('ends each lease through the revocation role, which no agent is ever given', () => {
    const issued = recordsOf(scene.console, 'credential.issued');
    expect(issued.filter(({ data }) => /revo/i.test(data.role))).toEqual([]);
    const taken = answeredCalls(scene.console).filter(
      ({ data, record }) => data.operation === 'sts:AssumeRole' && /revo/i.test(record.target.id),
    );
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.filter(({ record }) => record.actor.type === 'agent')).toEqual([]);
  });

  it('has system calls with digest, code and latency, and decisions with the policy version', () => {
    const calls = answeredCalls(scene.console);
    expect(calls.length).toBeGreaterThan(40);
    // The first revocation of a role asks for a policy that is not there yet.
    const failed = calls.filter(({ data }) => data.code !== '200' || data.responseDigest === null);
    expect(failed.every(({ data }) => data.operation === 'iam:GetRolePolicy' && data.httpStatus === 404)).toBe(true);
    const decisions = recordsOf(scene.console, 'investigation.policy_decided');
    const { policyVersion } = scene.console.info();
    expect(decisions.every(({ data }) => data.policyVersion === policyVersion && data.decision === 'allow')).toBe(true);
    expect(operations(scene.console)).toEqual(expect.arrayContaining(['sts:AssumeRole', 'logs:StartQuery', ...steps]));
    const stored = new Set(found.investigation.evidence.map(({ digest }) => digest));
    const answered = new Set(calls.map(({ data }) => data.responseDigest));
    for (const digest of stored) expect(answered).toContain(digest); // what is analysed is what the record says came
  });

  it('exports a chain that verifies by itself, and verifies the store', async () => {
    const file = join(scene.folder, 'out.chain.jsonl');
    const exported = await scene.console.exportChain(file, true);
    const verdict = await verifyChainFile(file);
    expect(verdict).toMatchObject({ verdict: 'valid', problems: [], records: exported.records });
    expect(verdict.sealed.withheld).toBe(0);
    expect(await scene.console.verifyStore()).toMatchObject({ cancelled: false, verdict: { verdict: 'valid' } });
  });

  it('draws the signal with its usual range and what happened when', () => {
    const chart = scene.console.chart(found.investigation.id, found.incident.signal.metric);
    expect(chart.times.length).toBeGreaterThan(360);
    expect(chart.low.filter((value) => value !== null).length).toBeGreaterThan(300);
    expect(chart.marks.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['alarm', 'change', 'action']));
    const at = (time: number) => chart.values[chart.times.indexOf(time)] ?? 0;
    const started = Date.parse(found.incident.startedAt);
    expect(at(started)).toBeGreaterThan(1.5 * at(started - 18_000_000));
    expect(chart.values.at(-1)).toBeLessThan(at(started));
  });

  it('tells of what it does: events of incident, investigation and chain', () => {
    const types = new Set(scene.events.map(({ type }) => type));
    expect([...types]).toEqual(expect.arrayContaining(['incident', 'investigation', 'chain']));
    const live = scene.events.flatMap((event) => (event.type === 'investigation' ? event.investigation.agents : []));
    expect(live.some(({ status, activity }) => status === 'running' && activity !== '')).toBe(true);
  });
});
