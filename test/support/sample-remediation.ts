import type { Remediation } from '#shared/model/investigation.ts';

const arn = 'arn:aws:ecs:us-east-1:000000000001:service/prod/checkout';

/** A proposed rollback as the screens and the terminal get it; every member of the model is present. */
export function sampleRemediation(changes: Partial<Remediation> = {}): Remediation {
  return {
    id: 'rem-0001',
    status: 'proposed',
    plan: {
      version: 1,
      remediation: 'rem-0001',
      incident: 'inc-0001',
      investigation: 'inv-0001',
      hypothesis: 'h-1',
      kind: 'rollback',
      summary: 'Roll back checkout to revision 41',
      account: '000000000001',
      region: 'us-east-1',
      steps: [
        {
          operation: 'ecs:UpdateService',
          resource: arn,
          parameters: { cluster: 'prod', service: 'checkout', taskDefinition: 'checkout:41' },
          changes: [{ field: 'taskDefinition', before: 'checkout:42', after: 'checkout:41' }],
        },
      ],
      blastRadius: {
        service: 'checkout',
        cluster: 'prod',
        tasks: 6,
        callers: ['frontend'],
        summary: '6 tasks of 1 service',
      },
      wayBack: { summary: 'Deploy revision 42 again', steps: [] },
      postCheck: {
        service: 'checkout',
        metric: 'checkout.latency',
        waitMs: 600_000,
        summary: 'checkout p95 latency back in its usual range',
      },
      credentials: { task: 'remediation', seconds: 900, actions: ['ecs:UpdateService'], resources: [arn] },
      evidence: ['a'.repeat(64)],
    },
    planDigest: 'b'.repeat(64),
    requestHash: 'c'.repeat(64),
    requestedBy: 'remediator',
    onBehalfOf: 'u-1000',
    rule: { id: 'people-approve-changes', text: 'A person approves every change', policyVersion: 'd'.repeat(64) },
    expiresAt: '2026-01-15T10:33:00.000Z',
    required: 1,
    approvals: [],
    executeBy: null,
    breakGlass: false,
    decision: null,
    result: null,
    failure: null,
    ...changes,
  };
}
