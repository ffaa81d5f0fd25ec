import { createHash } from 'node:crypto';
import { CausewayError } from '#shared/errors.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { Incident, Severity } from '#shared/model/incident.ts';
import type { MetricKind } from '#shared/model/service-map.ts';
import { type Sealable, seal } from '../audit/seal.ts';
import type { AuditStore } from '../audit/store.ts';
import type { CloudEnvironment } from '../credentials/environment.ts';
import type { Alarm } from '../ingest/alarm.ts';
import { readAlarm } from '../ingest/read-alarm.ts';
import { type PlacedAlarm, resolveSignal } from '../ingest/resolve-signal.ts';
import type { Clock } from '../platform/clock.ts';
import type { WorkspaceDb } from '../platform/workspace-db.ts';

export interface ImportOptions {
  readonly audit: Pick<AuditStore, 'append'>;
  readonly db: WorkspaceDb;
  readonly clock: Clock;
  readonly environments: readonly CloudEnvironment[];
  readonly actor: Sealable<Actor>;
}

/** Payloads on the way from the record to the workspace: until then the workspace does not know of them. */
const underWay = new WeakMap<WorkspaceDb, Set<string>>();

/**
 * An alarm's bytes become an incident: on record first, then kept. `bad-input` and `too-large` as readAlarm, `conflict`
 * when the same payload has an incident that is not resolved, or is being imported at this moment.
 */
export async function importAlarm(bytes: Uint8Array, options: ImportOptions): Promise<Incident> {
  const { db, environments } = options;
  const alarm = readAlarm(bytes);
  const known = environments.map((environment) => ({ ...environment, map: environment.serviceMap }));
  const place = resolveSignal(alarm, known);
  const payloadDigest = createHash('sha256').update(bytes).digest('hex');
  const importing = underWay.get(db) ?? new Set();
  underWay.set(db, importing);
  if (importing.has(payloadDigest)) throw alreadyImported('being imported at this moment');
  const existing = db.findOpenByPayload(payloadDigest);
  if (existing !== null) throw alreadyImported(`${existing.id} (${existing.status})`);
  importing.add(payloadDigest);
  try {
    return await recordAndKeep(alarm, place, payloadDigest, options);
  } finally {
    importing.delete(payloadDigest);
  }
}

function alreadyImported(as: string): CausewayError {
  return new CausewayError('conflict', `This alarm is already ${as}. Nothing was imported.`, {
    reason: 'already-imported',
  });
}

async function recordAndKeep(
  alarm: Alarm,
  place: PlacedAlarm,
  payloadDigest: string,
  { audit, db, clock, actor }: ImportOptions,
): Promise<Incident> {
  const { account, region } = alarm.subject;
  const incident: Incident = {
    id: db.nextId('inc'),
    title: alarm.title,
    severity: alarm.severity ?? severityOf(place.signal.kind),
    status: 'open',
    source: { kind: alarm.kind, alarmName: alarm.name, payloadDigest, account, region },
    environment: place.environment,
    signal: place.signal,
    startedAt: alarm.startedAt,
    openedAt: new Date(clock.now()).toISOString(),
    investigation: null,
  };
  await audit.append({
    action: 'incident.created',
    outcome: 'success',
    actor,
    target: { type: 'incident', id: incident.id },
    links: { incident: incident.id },
    data: {
      severity: incident.severity,
      source: alarm.kind,
      payloadDigest,
      title: seal(`incident:${incident.id}`, incident.title),
      service: incident.signal.service,
      metric: incident.signal.metric,
      environment: incident.environment,
      account,
      region,
      startedAt: incident.startedAt,
    },
  });
  db.putIncident(incident);
  return incident;
}

/** CloudWatch alarms carry no severity: what users of the system feel is high, what only its operators see is medium. */
function severityOf(kind: MetricKind): Severity {
  return kind === 'latency' || kind === 'errors' || kind === 'availability' ? 'high' : 'medium';
}
