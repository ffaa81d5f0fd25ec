import { z } from 'zod';

/** What a lease may be for; each kind has its own role and session policy (one lease per agent task). */
export const TaskKind = z.enum(['log-analysis', 'metric-analysis', 'infrastructure-inspection', 'remediation']);
export type TaskKind = z.infer<typeof TaskKind>;

/** Who does a task. The orchestrator dispatches and ranks; it never holds a lease. */
export const AgentName = z.enum([
  'orchestrator',
  'log-analyst',
  'metric-analyst',
  'infrastructure-inspector',
  'remediator',
]);
export type AgentName = z.infer<typeof AgentName>;

export const AGENT_OF_TASK: Readonly<Record<TaskKind, AgentName>> = {
  'log-analysis': 'log-analyst',
  'metric-analysis': 'metric-analyst',
  'infrastructure-inspection': 'infrastructure-inspector',
  remediation: 'remediator',
};
