import { CausewayError } from '#shared/errors.ts';
import type { ChainStatus } from '#shared/ipc/views.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import { type Approvals, createApprovals } from '../approvals/approvals.ts';
import type { Proposal } from '../approvals/proposal-book.ts';
import { seal } from '../audit/seal.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Console } from '../console.ts';
import { type CredentialBroker, createBroker } from '../credentials/broker.ts';
import type { CloudEnvironment } from '../credentials/environment.ts';
import { buildChart } from '../investigation/chart.ts';
import { readEvidenceRows } from '../investigation/evidence/evidence-rows.ts';
import { moveIncident } from '../investigation/incident-status.ts';
import { createInvestigations, type Investigations } from '../investigation/investigations.ts';
import { createSeriesReader } from '../investigation/stored-series.ts';
import { wallClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { createGuard } from '../policy/guard.ts';
import type { ConsoleConfig } from './config.ts';
import { indexEnvironments, sandboxEnvironments, toEnvironmentInfo } from './environments.ts';
import { createEvents, type Events, throttle } from './events.ts';
import { importAlarm } from './import-alarm.ts';
import { createProposalBook } from './proposals.ts';
import { recoverInterrupted } from './recover.ts';
import { openRooms, type Rooms } from './rooms.ts';
import { createTimeline, recordDetail } from './trail.ts';
import { createVerification, type Verification } from './verification.ts';

const PRODUCT = 'Causeway';
const CHAIN_EVENT_EVERY = 150;
const EXPIRY_CHECK_EVERY = 5_000;

/** The parts of an open console, each made once. */
interface Parts {
  readonly audit: Pick<AuditStore, 'append'>;
  readonly config: ConsoleConfig;
  readonly rooms: Rooms;
  readonly events: Events;
  readonly environments: ReadonlyMap<string, CloudEnvironment>;
  readonly broker: CredentialBroker;
  readonly investigations: Investigations;
  readonly approvals: Approvals;
  readonly verification: Verification;
  readonly chainStatus: () => ChainStatus;
  readonly actor: Actor;
  readonly stopTimers: () => void;
}

/** Builds a console from its config. On failure nothing stays open, and the error is that of the room that failed. */
export async function buildConsole(config: ConsoleConfig): Promise<Console> {
  const rooms = await openRooms(config, { name: PRODUCT, version: config.version });
  try {
    const parts = assemble(config, rooms);
    await recoverInterrupted({
      audit: rooms.store,
      db: rooms.db,
      statusBook: parts.investigations.statusBook,
      now: () => (config.clock ?? wallClock).now(),
    });
    await denied(parts, parts.approvals.expireDue(), 'The time to decide had passed.');
    return toConsole(parts);
  } catch (error) {
    await rooms.close().catch((cause: unknown) => rooms.log.error({ err: cause }, 'closing after a failed start'));
    throw error;
  }
}

function assemble(config: ConsoleConfig, rooms: Rooms): Parts {
  const { store, db, engine, sandbox, log } = rooms;
  const { user, device, version } = config;
  const clock = config.clock ?? wallClock;
  const random = config.random ?? systemRandom;
  const onError = (error: unknown) => log.error({ err: error }, 'in the background');
  const events = createEvents(onError);
  const environments = indexEnvironments([
    ...(sandbox === null ? [] : sandboxEnvironments(sandbox)),
    ...(config.awsEnvironments ?? []),
  ]);
  const chainChanged = throttle(CHAIN_EVENT_EVERY, () => events.emit({ type: 'chain', status: chainStatus() }));
  // Everything is written through this one function, so that every record is told of.
  const append: typeof store.append = async (input) => {
    const stored = await store.append(input);
    chainChanged.request();
    return stored;
  };
  const audit = {
    append,
    getVerified: (hash: string) => store.getVerified(hash),
    page: (query: Parameters<typeof store.page>[0]) => store.page(query),
  };
  const guard = createGuard({ audit, engine });
  const broker = createBroker({
    audit,
    guard,
    clock,
    random,
    version,
    onRevocationFailure: (lease, error) => log.warn({ err: error, lease }, 'the cloud did not confirm a revocation'),
  });
  const investigations = createInvestigations({
    audit,
    broker,
    guard,
    engine,
    db,
    clock,
    environment: (id) => environmentOf(environments, id),
    publishIncident: (incident) => events.emit({ type: 'incident', incident }),
    publish: (investigation) => events.emit({ type: 'investigation', investigation }),
    onError,
  });
  const book = createProposalBook(db, investigations);
  const approvals = createApprovals({ audit, guard, engine, clock, user, device, book });
  const actor: Actor = { type: 'user', id: user.id };
  const verification = createVerification({ store, audit, events, actor });
  const chainStatus = (): ChainStatus => {
    const { seq, hash } = store.head();
    const newest = store.latestCheckpoint();
    return {
      records: seq,
      head: hash,
      keyId: store.keyId,
      checkpoint: newest === null ? null : { size: newest.size, root: newest.root, at: newest.at },
      verified: verification.last(),
    };
  };
  const expiry = setInterval(() => {
    denied(parts, approvals.expireDue(), 'The time to decide has passed.').catch(onError);
  }, EXPIRY_CHECK_EVERY).unref();
  const stopTimers = () => {
    clearInterval(expiry);
    chainChanged.stop();
  };
  const parts: Parts = {
    audit,
    config,
    rooms,
    events,
    environments,
    broker,
    investigations,
    approvals,
    verification,
    chainStatus,
    actor,
    stopTimers,
  };
  return parts;
}

function environmentOf(environments: ReadonlyMap<string, CloudEnvironment>, id: string): CloudEnvironment {
  const found = environments.get(id);
  if (found !== undefined) return found;
  throw new CausewayError('not-found', `The environment ${id} is not configured any more. Add it again to go on.`);
}

/** An incident whose proposal was not approved needs a person. */
async function denied(parts: Parts, proposals: Promise<readonly Proposal[]>, reason: string): Promise<void> {
  const { investigations } = parts;
  for (const { incident, investigation } of await proposals) {
    const actor: Actor = { type: 'system', id: 'approvals' };
    await moveIncident(investigations.statusBook, incident, 'needs-attention', { actor, reason, investigation });
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
