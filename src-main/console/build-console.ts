import { CausewayError } from '#shared/errors.ts';
import { seal } from '../audit/seal.ts';
import type { Console } from '../console.ts';
import { buildChart } from '../investigation/chart.ts';
import { readEvidenceRows } from '../investigation/evidence/evidence-rows.ts';
import { createSeriesReader } from '../investigation/stored-series.ts';
import { wallClock } from '../platform/clock.ts';
import type { ConsoleConfig } from './config.ts';
import { toEnvironmentInfo } from './environments.ts';
import { importAlarm } from './import-alarm.ts';
import { assemble, denied, environmentOf, type Parts } from './parts.ts';
import { recoverInterrupted } from './recover.ts';
import { openRooms } from './rooms.ts';
import { createTimeline, recordDetail } from './trail.ts';

const PRODUCT = 'Causeway';

/** Builds a console from its config. On failure nothing stays open, and the error is that of the room that failed. */
export async function buildConsole(config: ConsoleConfig): Promise<Console> {
  const rooms = await openRooms(config, { name: PRODUCT, version: config.version });
  let parts: Parts | undefined;
  try {
    parts = assemble(config, rooms);
    await recoverInterrupted({
      audit: rooms.store,
      db: rooms.db,
      statusBook: parts.investigations.statusBook,
      now: () => (config.clock ?? wallClock).now(),
    });
    await denied(parts, parts.approvals.expireDue(), 'The time to decide had passed.');
    return toConsole(parts);
  } catch (error) {
    parts?.stopTimers();
    await rooms.close().catch((cause: unknown) => rooms.log.error({ err: cause }, 'closing after a failed start'));
    throw error;
  }
}

function toConsole(parts: Parts): Console {
  const { config, rooms, events, environments, investigations, approvals, verification, actor } = parts;
  const { store, db, engine, sandbox } = rooms;
  const clock = config.clock ?? wallClock;
  const timeline = createTimeline(store);
  const readSeries = createSeriesReader((digest) =>
    JSON.parse(new TextDecoder().decode(db.readEvidence(digest).content)),
  );
  let closing: Promise<void> | undefined;

  const importBytes = async (bytes: Uint8Array) => {
    const incident = await importAlarm(bytes, {
      audit: parts.audit,
      db,
      clock,
      environments: [...environments.values()],
      actor: { ...actor, name: seal(config.user.id, config.user.name) },
    });
    events.emit({ type: 'incident', incident });
    return incident;
  };

  return {
    info: () => ({
      name: PRODUCT,
      version: config.version,
      tenant: store.tenant,
      chain: store.chain,
      user: { ...config.user },
      device: { ...config.device },
      keychain: { description: config.secrets.description, durable: config.secrets.durable },
      environments: [...environments.values()].map(toEnvironmentInfo),
      policyVersion: engine.version,
    }),
    listIncidents: () => db.listIncidents(),
    getIncident: (id) => {
      const incident = db.getIncident(id);
      return {
        incident,
        investigation: incident.investigation === null ? null : investigations.get(incident.investigation),
        timeline: [...timeline(id)],
      };
    },
    importAlarm: (bytes) => importBytes(bytes),
    raiseSandboxAlarm: async (environment) => {
      const account = sandbox?.accounts.find(({ scenario }) => scenario.id === environment);
      if (account === undefined) {
        throw new CausewayError('not-found', `The sandbox has no environment ${environment}.`);
      }
      return importBytes(new TextEncoder().encode(JSON.stringify(account.alarm)));
    },
    startInvestigation: (incident) => investigations.start(incident, actor),
    cancelInvestigation: (investigation) => investigations.cancel(investigation, 'user'),
    settled: (investigation) => investigations.settled(investigation),
    chart: (id, metric) => {
      const investigation = investigations.get(id);
      const incident = db.getIncident(investigation.incident);
      const { serviceMap } = environmentOf(environments, incident.environment);
      const name = serviceMap.services.flatMap(({ metrics }) => metrics).find(({ key }) => key === metric)?.name;
      return buildChart(
        readSeries(serviceMap, metric, investigation.evidence),
        name ?? metric,
        incident,
        investigation,
      );
    },
    evidenceRows: (digest, pointer, from, to) => readEvidenceRows(db, digest, pointer, from, to),
    pendingApprovals: () =>
      db
        .listUnfinished()
        .flatMap(({ incident, remediation }) =>
          remediation?.status === 'proposed' && Date.parse(remediation.expiresAt) > clock.now()
            ? [{ incident: db.getIncident(incident), remediation }]
            : [],
        ),
    decide: async (decision) => {
      await finishedProposing(parts, decision.remediation);
      const { proposal, record } = await approvals.decide(decision).catch(async (error: unknown) => {
        // An answer that came too late has just been recorded as expired.
        if (error instanceof CausewayError && error.reason === 'expired')
          await noteExpired(parts, decision.remediation);
        throw error;
      });
      if (decision.decision === 'approve') investigations.followApproval(proposal.investigation, record, actor);
      else await denied(parts, Promise.resolve([proposal]), `${proposal.remediation.id} was rejected.`);
      return proposal.remediation;
    },
    denyPending: async (reason) => {
      for (const { remediation } of db.listUnfinished()) {
        if (remediation !== null) await finishedProposing(parts, remediation.id);
      }
      await denied(
        parts,
        approvals.denyAll(reason),
        reason === 'shutdown' ? 'The console was closed.' : 'The window was lost.',
      );
    },
    trailPage: (query) => store.page(query),
    trailRecord: (seq) => recordDetail(store, seq),
    chainStatus: parts.chainStatus,
    verifyStore: () => verification.verifyStore(),
    verifyFile: (file) => verification.verifyFile(file),
    cancelVerify: () => verification.cancel(),
    exportChain: async (file, disclose) => {
      const { device, version } = config;
      const generator = { name: PRODUCT, version };
      const by = { actor, device: { id: device.id } };
      const { records, digest, size } = await store.exportChain(file, { disclose, generator, by });
      events.emit({ type: 'chain', status: parts.chainStatus() });
      return { file, records, digest, bytes: size };
    },
    subscribe: (listener) => events.subscribe(listener),
    close: () => {
      closing ??= closeConsole(parts);
      return closing;
    },
  };
}

/**
 * A proposal is shown a moment before the investigation that made it has given back everything and said its last word;
 * an answer given in that moment waits for it, so that the incident's status changes in one order.
 */
async function finishedProposing({ rooms, investigations }: Parts, remediation: string): Promise<void> {
  const { id } = rooms.db.getByRemediation(remediation);
  if (investigations.get(id).remediation?.status === 'proposed') await investigations.settled(id);
}

async function noteExpired(parts: Parts, remediation: string): Promise<void> {
  const { id, incident } = parts.rooms.db.getByRemediation(remediation);
  const current = parts.investigations.get(id).remediation;
  if (current !== null) {
    const proposal = { remediation: current, incident, investigation: id };
    await denied(parts, Promise.resolve([proposal]), 'The time to decide had passed.');
  }
}

/** What runs is stopped first, then the leases, and the trail is closed after everything that writes to it. */
async function closeConsole({ verification, investigations, broker, rooms, stopTimers }: Parts): Promise<void> {
  stopTimers();
  verification.cancel();
  const stopped = await Promise.allSettled([investigations.stopAll()]);
  const revoked = await Promise.allSettled([broker.close()]);
  const closed = await Promise.allSettled([rooms.close()]);
  const failed = [...stopped, ...revoked, ...closed].find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
