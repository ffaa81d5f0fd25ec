import { seal } from '#main/audit/seal.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { Incident, IncidentStatus, Severity } from '#shared/model/incident.ts';
import { ACCOUNT, actorOf, agent, ENVIRONMENT, type Player, REGION, SERVICES, system } from './cast.ts';
import { createContent } from './content.ts';
import { deliveryFailed, deliveryOf, sending } from './deliveries.ts';
import { DAY, type Happening, HOUR, MINUTE, of, SECOND, timeOf } from './happening.ts';
import {
  agentsAtWork,
  completed,
  type ExampleCase,
  endedEarly,
  LONGEST_CASE_MS,
  ranked,
  started,
  UNTIL_RANKED_MS,
} from './investigation-steps.ts';
import { type Fate, remediationSteps } from './remediation-steps.ts';
import type { Stage } from './stage.ts';

const METRICS = ['latency-p95', 'error-rate', 'queue-depth'] as const;
const SOURCES = ['eventbridge', 'alertmanager', 'pagerduty'] as const;
const REVIEW_WITHIN = 20 * HOUR;
/** From here on alarms come by a signed webhook. */
const WEBHOOK_FROM = 210 * DAY;
const WEBHOOK: Actor = { type: 'webhook', id: 'example-webhook' };

export interface ExampleIncident {
  readonly incident: Incident;
  readonly steps: readonly Happening[];
}

/** One that is told apart from the others by what goes wrong in it. */
export interface IncidentTerms {
  readonly number: number;
  readonly at: number;
  /** Read calls of each agent. */
  readonly calls: number;
  readonly revocationFails?: boolean;
  /** The alert could not be delivered at first. */
  readonly alertFails?: boolean;
  /** Approved by one person alone; the other one looks at it so much later. */
  readonly breakGlassReviewedAfter?: number;
}

/** From the alarm to its end, with everything the console writes on the way. */
export function incidentSteps(stage: Stage, terms: IncidentTerms): ExampleIncident {
  const { content, cast } = stage;
  const number = String(terms.number).padStart(4, '0');
  const [id, investigation, remediation] = [`inc-${number}`, `inv-${number}`, `rem-${number}`];
  const alone = terms.breakGlassReviewedAfter !== undefined;
  const severity: Severity =
    terms.alertFails === true
      ? 'high'
      : alone
        ? 'critical'
        : content.pick(['critical', 'high', 'high', 'medium', 'medium', 'medium', 'low']);
  const service = content.pick(SERVICES);
  const metric = `${service}.${content.pick(METRICS)}`;
  const requester = content.chance(0.8) ? cast.operator : cast.admin;
  const others = [cast.admin, cast.owner, cast.operator].filter((player) => player !== requester);
  const approvers = content.chance(0.5) ? others : others.toReversed();
  const incident: Incident = {
    id,
    title: `Synthetic: ${metric} of ${service} is out of its usual range`,
    severity,
    status: 'resolved',
    source: {
      kind: content.pick(SOURCES),
      alarmName: `example-${metric}`,
      payloadDigest: content.digest(),
      account: ACCOUNT,
      region: REGION,
    },
    environment: ENVIRONMENT,
    signal: { service, metric, kind: 'latency' },
    startedAt: timeOf(terms.at - content.int(1, 6) * MINUTE),
    openedAt: timeOf(terms.at),
    investigation: null,
  };
  const work: ExampleCase = {
    incident: id,
    investigation,
    service,
    onBehalfOf: actorOf(requester),
    calls: terms.calls,
    revocationFails: terms.revocationFails === true,
  };
  const steps: Happening[] = [...opened(stage, incident, requester, terms)];
  const begun = terms.at + content.int(60, 400) * SECOND;
  let status = 'open' as IncidentStatus;
  const move = (to: IncidentStatus, at: number, actor: Actor, reason: string) => {
    steps.push(moved(work, { from: status, to, at, actor, reason }));
    status = to;
  };
  const orchestrator = agent('orchestrator');
  steps.push(started(stage, work, begun));
  move('investigating', begun + 30, orchestrator, `${investigation} started.`);
  steps.push(...agentsAtWork(stage, work, begun + SECOND));
  const known = begun + SECOND + UNTIL_RANKED_MS;
  const elapsed = known - begun;
  const roll = alone ? 0 : content.next();
  if (roll >= 0.95) {
    steps.push(endedEarly(stage, work, known, elapsed));
    move('needs-attention', known + 40, orchestrator, `${investigation} ended early.`);
    move('resolved', known + 50 * MINUTE, actorOf(requester), 'Synthetic: handled by hand.');
    return { incident: { ...incident, status }, steps };
  }
  const abstained = roll >= 0.5;
  steps.push(ranked(stage, work, known, abstained));
  if (abstained) {
    steps.push(completed(work, known + 80, roll < 0.6 ? 'no-action' : 'abstained', elapsed));
    move('needs-attention', known + 100, orchestrator, 'No action is proposed.');
    if (content.chance(0.9))
      move('resolved', known + content.int(20, 90) * MINUTE, actorOf(requester), 'Synthetic: handled by hand.');
    return { incident: { ...incident, status }, steps };
  }
  const fate: Fate =
    alone || roll < 0.39
      ? 'recovered'
      : roll < 0.42
        ? 'not-recovered'
        : roll < 0.45
          ? 'failed'
          : roll < 0.48
            ? 'rejected'
            : 'expired';
  const breakGlass =
    alone && approvers[1] !== undefined
      ? { reviewedAfter: terms.breakGlassReviewedAfter ?? REVIEW_WITHIN, reviewer: approvers[1] }
      : null;
  const plan = { ...work, remediation, metric, severity, requester, approvers, fate, breakGlass };
  const done = remediationSteps(stage, plan, known + 100);
  steps.push(...done.steps, completed(work, known + 200, 'proposed', elapsed));
  move('awaiting-approval', known + 260, orchestrator, `${remediation} waits for a decision.`);
  if (fate === 'rejected' || fate === 'expired') {
    move(
      'needs-attention',
      done.end + 100,
      system('approvals'),
      `${remediation} was ${fate === 'rejected' ? 'rejected' : 'not decided in time'}.`,
    );
  } else {
    if (fate === 'recovered') move('resolved', done.end + 60, orchestrator, `${metric} is back in its usual range.`);
    else move('needs-attention', done.end + 60, orchestrator, `${remediation} did not bring ${metric} back.`);
  }
  if (status !== 'resolved')
    move('resolved', done.end + content.int(15, 60) * MINUTE, actorOf(requester), 'Synthetic: handled by hand.');
  return { incident: { ...incident, status }, steps };
}

function opened(
  stage: Stage,
  incident: Incident,
  commander: Player,
  { at, alertFails = false }: IncidentTerms,
): readonly Happening[] {
  const { cast } = stage;
  const { id, severity, source, title, signal, environment, startedAt } = incident;
  const target = { type: 'incident', id };
  const links = { incident: id };
  const steps: Happening[] = [
    {
      at,
      input: of<'incident.created'>({
        action: 'incident.created',
        outcome: 'success',
        actor: at < stage.from + WEBHOOK_FROM ? { type: 'api_key', id: cast.pipeline } : WEBHOOK,
        target,
        links,
        data: {
          severity,
          source: source.kind,
          payloadDigest: source.payloadDigest,
          title: seal(`incident:${id}`, title),
          service: signal.service,
          metric: signal.metric,
          environment,
          account: source.account,
          region: source.region,
          startedAt,
        },
      }),
    },
    {
      at: at + 20 * SECOND,
      input: of<'incident.assigned'>({
        action: 'incident.assigned',
        outcome: 'success',
        actor: actorOf(commander),
        target,
        links,
        data: { role: 'commander', user: commander.id, previous: null },
      }),
    },
  ];
  if (severity !== 'critical' && severity !== 'high') return steps;
  const told = { to: cast.operator, subject: 'incident-opened', target, links };
  if (alertFails) steps.push(deliveryFailed(at + 2 * SECOND, told));
  steps.push({
    at: at + (alertFails ? 31 * MINUTE : 2 * SECOND),
    input: of<'notification.alert_sent'>({
      ...sending(told),
      action: 'notification.alert_sent',
      outcome: 'success',
      data: { ...deliveryOf(told), severity },
    }),
  });
  return steps;
}

interface Move {
  readonly from: IncidentStatus;
  readonly to: IncidentStatus;
  readonly at: number;
  readonly actor: Actor;
  readonly reason: string;
}

function moved(work: ExampleCase, { from, to, at, actor, reason }: Move): Happening {
  return {
    at,
    input: of<'incident.status_changed'>({
      action: 'incident.status_changed',
      outcome: 'success',
      actor,
      target: { type: 'incident', id: work.incident },
      links: { incident: work.incident, investigation: work.investigation },
      data: { old: from, new: to, reason },
    }),
  };
}

/** Calls of each agent. */
const CALLS = [8, 16] as const;
const FEWEST = 4;
/** So many tell how many records one has. */
const TRIED = 60;

/**
 * Incidents spread over the year, of `records` records at most and nearly as many. Four of them are told apart: a lease
 * the cloud did not confirm the end of, an alert that could not be delivered, and two approvals given alone, one of them reviewed late.
 * @param seed of the content
 */
export function incidentYear(stage: Stage, records: number, seed: number): readonly ExampleIncident[] {
  const tried = spread({ ...stage, content: createContent(seed) }, TRIED);
  const mean = sizeOf(tried) / tried.length;
  const made = [...spread({ ...stage, content: createContent(seed) }, Math.max(FEWEST, Math.floor(records / mean)))];
  while (made.length > FEWEST && sizeOf(made) > records) made.pop();
  return made;
}

function sizeOf(made: readonly ExampleIncident[]): number {
  return made.reduce((sum, { steps }) => sum + steps.length, 0);
}

function spread(stage: Stage, count: number): readonly ExampleIncident[] {
  const from = stage.from + 2 * DAY;
  const apart = (stage.to - LONGEST_CASE_MS - from) / count;
  return Array.from({ length: count }, (_, index) => {
    const at = Math.floor(from + index * apart + stage.content.next() * apart * 0.8);
    return incidentSteps(stage, {
      number: index + 1,
      at,
      calls: stage.content.int(...CALLS),
      ...special(index, count),
    });
  });
}

function special(index: number, count: number): Partial<IncidentTerms> {
  if (index === Math.floor(count * 0.4)) return { revocationFails: true };
  if (index === Math.floor(count * 0.55)) return { alertFails: true };
  if (index === Math.floor(count * 0.2)) return { breakGlassReviewedAfter: REVIEW_WITHIN };
  if (index === Math.floor(count * 0.7)) return { breakGlassReviewedAfter: 9 * DAY };
  return {};
}
