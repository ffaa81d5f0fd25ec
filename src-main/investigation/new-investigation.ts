import type { Incident } from '#shared/model/incident.ts';
import type { AgentRun, Investigation } from '#shared/model/investigation.ts';
import { AGENT_OF_TASK } from '#shared/model/task.ts';
import type { TelemetryWindow } from './agents/agent.ts';

const HOUR = 3_600_000;
const LOOKBACK = 72 * HOUR;
const LOG_LOOKBACK = 6 * HOUR;
/** Of an incident that began long ago only its first day is looked at: later values show something else. */
const LONGEST_INCIDENT = 24 * HOUR;
const ANALYSTS = ['metric-analysis', 'log-analysis', 'infrastructure-inspection'] as const;

/** Three days back from the incident, in whole minutes, up to what the environment's clock has reached. */
export function windowOf(incident: Incident, now: number): TelemetryWindow {
  const startedAt = Date.parse(incident.startedAt);
  const minute = (time: number) => Math.floor(time / 60_000) * 60_000;
  const to = Math.max(minute(Math.min(now, startedAt + LONGEST_INCIDENT)), minute(startedAt) + 60_000);
  return { from: minute(startedAt) - LOOKBACK, to, logsFrom: minute(startedAt) - LOG_LOOKBACK };
}

/** An investigation before anything has happened. */
export function emptyInvestigation(id: string, incident: string, startedAt: string): Investigation {
  const waiting = (task: AgentRun['task']): AgentRun => ({
    agent: AGENT_OF_TASK[task],
    task,
    status: 'waiting',
    calls: 0,
    refused: 0,
    lease: null,
    activity: '',
    startedAt: null,
    endedAt: null,
  });
  return {
    id,
    incident,
    status: 'running',
    startedAt,
    endedAt: null,
    agents: ANALYSTS.map(waiting),
    findings: [],
    hypotheses: [],
    considered: 0,
    abstained: false,
    needed: [],
    method: null,
    evidence: [],
    remediation: null,
    failure: null,
  };
}
