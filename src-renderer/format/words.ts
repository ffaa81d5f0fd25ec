import type { Outcome } from '#shared/model/audit-record.ts';
import type { AlarmKind, IncidentStatus, Severity } from '#shared/model/incident.ts';
import type { AgentRun, RecoveryVerdict, RemediationStatus } from '#shared/model/investigation.ts';
import type { AgentName } from '#shared/model/task.ts';

/** A state's colour role and its shape; the word always stands beside them. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm' | 'accent';
export type Shape = 'dot' | 'ring' | 'check' | 'cross' | 'bang' | 'diamond' | 'dash';

export interface StateWord {
  readonly word: string;
  readonly tone: Tone;
  readonly shape: Shape;
}

export const SEVERITY_WORDS: Readonly<Record<Severity, StateWord>> = {
  critical: { word: 'Critical', tone: 'bad', shape: 'bang' },
  high: { word: 'High', tone: 'bad', shape: 'diamond' },
  medium: { word: 'Medium', tone: 'warn', shape: 'dot' },
  low: { word: 'Low', tone: 'calm', shape: 'ring' },
};

export const STATUS_WORDS: Readonly<Record<IncidentStatus, StateWord>> = {
  open: { word: 'Open', tone: 'accent', shape: 'ring' },
  investigating: { word: 'Investigating', tone: 'accent', shape: 'dot' },
  'awaiting-approval': { word: 'Waiting for approval', tone: 'warn', shape: 'diamond' },
  remediating: { word: 'Remediating', tone: 'accent', shape: 'dot' },
  resolved: { word: 'Resolved', tone: 'good', shape: 'check' },
  'needs-attention': { word: 'Needs attention', tone: 'bad', shape: 'bang' },
};

export const AGENT_STATUS_WORDS: Readonly<Record<AgentRun['status'], StateWord>> = {
  waiting: { word: 'Waiting', tone: 'calm', shape: 'ring' },
  running: { word: 'Running', tone: 'accent', shape: 'dot' },
  done: { word: 'Done', tone: 'good', shape: 'check' },
  failed: { word: 'Failed', tone: 'bad', shape: 'cross' },
  cancelled: { word: 'Cancelled', tone: 'calm', shape: 'dash' },
};

export const REMEDIATION_WORDS: Readonly<Record<RemediationStatus, StateWord>> = {
  proposed: { word: 'Waiting for approval', tone: 'warn', shape: 'diamond' },
  approved: { word: 'Approved', tone: 'good', shape: 'check' },
  rejected: { word: 'Rejected', tone: 'calm', shape: 'cross' },
  expired: { word: 'Expired, which means no', tone: 'calm', shape: 'dash' },
  executing: { word: 'Executing', tone: 'accent', shape: 'dot' },
  executed: { word: 'Executed, being checked', tone: 'accent', shape: 'dot' },
  failed: { word: 'Execution failed', tone: 'bad', shape: 'cross' },
  verified: { word: 'Executed and checked', tone: 'good', shape: 'check' },
};

export const RECOVERY_WORDS: Readonly<Record<RecoveryVerdict, StateWord>> = {
  recovered: { word: 'Recovered', tone: 'good', shape: 'check' },
  'not-recovered': { word: 'Not recovered', tone: 'bad', shape: 'cross' },
  unknown: { word: 'Not known', tone: 'warn', shape: 'diamond' },
};

export const OUTCOME_WORDS: Readonly<Record<Outcome, StateWord>> = {
  success: { word: 'Success', tone: 'good', shape: 'check' },
  failure: { word: 'Failure', tone: 'warn', shape: 'bang' },
  denied: { word: 'Denied', tone: 'bad', shape: 'cross' },
};

export const AGENT_NAMES: Readonly<Record<AgentName, string>> = {
  orchestrator: 'Orchestrator',
  'log-analyst': 'Log analyst',
  'metric-analyst': 'Metric analyst',
  'infrastructure-inspector': 'Infrastructure inspector',
  remediator: 'Remediator',
};

export const SOURCE_NAMES: Readonly<Record<AlarmKind, string>> = {
  eventbridge: 'CloudWatch alarm',
  alertmanager: 'Alertmanager alert',
  pagerduty: 'PagerDuty incident',
};
