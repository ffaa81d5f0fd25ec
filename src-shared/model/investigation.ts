import { z } from 'zod';
import { Citation, Digest, EvidenceInfo } from './evidence.ts';
import { RemediationPlan } from './plan.ts';
import { AgentName, TaskKind } from './task.ts';

const Time = z.iso.datetime({ precision: 3 });
/** A ratio between 0 and 1 with two to four decimals, as text: the chain format has no floating-point numbers. */
export const Ratio = z.string().regex(/^(0(\.\d{1,4})?|1(\.0{1,4})?)$/);

const InvestigationStatus = z.enum(['running', 'completed', 'failed', 'cancelled']);

/** A statement made by code from numbers and names, with what it rests on. */
export const Claim = z.strictObject({
  kind: z.string().max(64),
  text: z.string().max(1000),
  citations: z.array(Citation).max(16),
});
export type Claim = z.infer<typeof Claim>;

/** What one agent reports: facts, apart from hypotheses. */
export const Finding = z.strictObject({
  id: z.string().max(64),
  agent: AgentName,
  service: z.string().max(256).nullable(),
  claim: Claim,
});
export type Finding = z.infer<typeof Finding>;

export const Hypothesis = z.strictObject({
  id: z.string().max(64),
  rank: z.int().min(1),
  service: z.string().max(256),
  title: z.string().max(500),
  detector: z.string().max(64),
  confidence: Ratio,
  for: z.array(Claim).max(32),
  against: z.array(Claim).max(32),
  change: z
    .strictObject({
      kind: z.string().max(32),
      time: Time,
      from: z.string().max(512).nullable(),
      to: z.string().max(512).nullable(),
    })
    .nullable(),
  onsetAt: Time.nullable(),
  metric: z.string().max(256).optional(), // key of the metric that shows it best, for its chart
});
export type Hypothesis = z.infer<typeof Hypothesis>;

/** One agent's run as the window shows it live. */
export const AgentRun = z.strictObject({
  agent: AgentName,
  task: TaskKind,
  status: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  calls: z.int().min(0),
  refused: z.int().min(0),
  lease: z
    .strictObject({ id: z.string().max(64), expiresAt: Time, state: z.enum(['active', 'revoked', 'expired']) })
    .nullable(),
  activity: z.string().max(500), // what it is doing now, or what it found
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
});
export type AgentRun = z.infer<typeof AgentRun>;

export const RemediationStatus = z.enum([
  'proposed',
  'approved',
  'rejected',
  'expired',
  'executing',
  'executed',
  'failed',
  'verified',
]);
export type RemediationStatus = z.infer<typeof RemediationStatus>;

export const RecoveryVerdict = z.enum(['recovered', 'not-recovered', 'unknown']);
export type RecoveryVerdict = z.infer<typeof RecoveryVerdict>;

/** A proposed action with its state; `requestHash` is the record of the proposal the approval will point at. */
export const Remediation = z.strictObject({
  id: z.string().max(64),
  status: RemediationStatus,
  plan: RemediationPlan,
  planDigest: Digest,
  requestHash: Digest,
  requestedBy: z.string().max(64), // the agent
  onBehalfOf: z.string().max(64), // the human it acts for
  rule: z.strictObject({ id: z.string().max(128), text: z.string().max(500), policyVersion: Digest }),
  expiresAt: Time,
  // The defaults are for what was kept before there were several approvals.
  required: z.int().min(1).max(9).default(1), // approvals the policy asks for
  approvals: z
    .array(z.strictObject({ by: z.string().max(64), at: Time, record: Digest }))
    .max(9)
    .default([]), // given so far
  executeBy: Time.nullable().default(null), // once approved: after this it is not carried out any more
  breakGlass: z.boolean().default(false), // approved by one person alone
  decision: z
    .strictObject({
      outcome: z.enum(['approved', 'rejected', 'expired']),
      at: Time,
      by: z.string().max(64),
      record: Digest,
    })
    .nullable(),
  result: z
    .strictObject({
      verdict: RecoveryVerdict,
      text: z.string().max(1000),
      before: z.string().max(64),
      after: z.string().max(64),
      usualLow: z.string().max(64),
      usualHigh: z.string().max(64),
      checkedAt: Time,
    })
    .nullable(),
  failure: z.string().max(1000).nullable(),
});
export type Remediation = z.infer<typeof Remediation>;

export const Investigation = z.strictObject({
  id: z.string().regex(/^inv-\d{4,}$/),
  incident: z.string().max(64),
  status: InvestigationStatus,
  startedAt: Time,
  endedAt: Time.nullable(),
  agents: z.array(AgentRun).max(16),
  findings: z.array(Finding).max(500),
  hypotheses: z.array(Hypothesis).max(50), // those above or near the threshold, best first
  considered: z.int().min(0),
  abstained: z.boolean(),
  needed: z.array(z.string().max(500)).max(16), // what could not be established, or would be needed
  method: z.strictObject({ name: z.string().max(64), version: z.string().max(32) }).nullable(),
  evidence: z.array(EvidenceInfo).max(500),
  remediation: Remediation.nullable(),
  failure: z.string().max(1000).nullable(),
});
export type Investigation = z.infer<typeof Investigation>;

/** A metric as drawn: the series of the window shown, its usual range and the marks on it. Times in epoch ms. */
export const ChartSeries = z.strictObject({
  service: z.string().max(256),
  metric: z.string().max(256),
  name: z.string().max(256),
  unit: z.string().max(32),
  stat: z.string().max(32),
  times: z.array(z.int()).max(20_000),
  values: z.array(z.number().nullable()).max(20_000),
  low: z.array(z.number().nullable()).max(20_000),
  high: z.array(z.number().nullable()).max(20_000),
  marks: z
    .array(
      z.strictObject({
        time: z.int(),
        kind: z.enum(['alarm', 'change', 'onset', 'action']),
        label: z.string().max(200),
      }),
    )
    .max(50),
  evidence: z.array(Digest).max(16),
});
export type ChartSeries = z.infer<typeof ChartSeries>;
