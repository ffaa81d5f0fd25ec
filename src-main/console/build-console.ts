import { CausewayError } from '#shared/errors.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { seal } from '../audit/seal.ts';
import type { Console, Decision } from '../console.ts';
import { buildChart } from '../investigation/chart.ts';
import { readEvidenceRows } from '../investigation/evidence/evidence-rows.ts';
import { createSeriesReader } from '../investigation/stored-series.ts';
import { wallClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { unlessDamaged } from '../platform/workspace-db.ts';
import { type ClosingGate, createClosingGate, within } from './closing-gate.ts';
import type { ConsoleConfig } from './config.ts';
import { recordAlertShown } from './continuous.ts';
import { toEnvironmentInfo } from './environments.ts';
import { createExporter } from './export.ts';
import { createHistoryDesk, type HistoryDesk } from './history-desk.ts';
import { importAlarm } from './import-alarm.ts';
import { assemble, denyDue, environmentOf, finishDenials, type Parts } from './parts.ts';
import { recoverInterrupted } from './recover.ts';
import { openRooms } from './rooms.ts';
import { createSigningKeys } from './signing-keys.ts';
import { createTimeline, recordDetail } from './trail.ts';
import { createWitnessing } from './witnessing.ts';

const PRODUCT = 'Causeway';
/** Longest that closing waits for what runs, and then for leases: a cloud that hangs must not keep the program. */
const STOP_WITHIN = 5_000;
const REVOKE_WITHIN = 11_000;

/** Builds a console from its config. On failure nothing stays open, and the error is that of the room that failed. */
export async function buildConsole(config: ConsoleConfig): Promise<Console> {
  const rooms = await openRooms(config, { name: PRODUCT, version: config.version });
  let parts: Parts | undefined;
  try {
    const opened = assemble(config, rooms);
    parts = opened;
    const desk = createHistoryDesk({
      store: rooms.store,
      actor: opened.actor,
      user: config.user,
      device: config.device,
      recover: () => bringToEnd(opened),
      changed: () => {
        opened.events.emit({ type: 'chain', status: opened.chainStatus() });
        opened.continuous.recheck();
      },
    });
    await desk.runSelfTest();
    // a history that is broken is shown, and what would have to be written waits until that was acknowledged
    if (rooms.store.refusal() === null) await bringToEnd(opened);
    return toConsole(opened, desk);
  } catch (error) {
    parts?.stopTimers();
    await parts?.continuous.stop();
    await rooms.close().catch((cause: unknown) => rooms.log.error({ err: cause }, 'closing after a failed start'));
    throw error;
  }
}

/** What was under way when the program last ended, and what nobody decided in time. */
async function bringToEnd(parts: Parts): Promise<void> {
  const { config, rooms } = parts;
  await recoverInterrupted({
    audit: rooms.store,
    db: rooms.db,
    statusBook: parts.investigations.statusBook,
    now: () => (config.clock ?? wallClock).now(),
  });
  await denyDue(parts, 'The time to decide had passed.');
  await parts.denials.settleLeftOver();
}

function toConsole(parts: Parts, desk: HistoryDesk): Console {
  const { config, rooms, events, environments, investigations, approvals, verification, actor } = parts;
  const { store, db, engine, sandbox } = rooms;
  const clock = config.clock ?? wallClock;
  const timeline = createTimeline(store);
  const readSeries = createSeriesReader((digest) =>
    JSON.parse(new TextDecoder().decode(db.readEvidence(digest).content)),
  );
  const gate = createClosingGate();
  const signingKeys = createSigningKeys({
    store,
    actor,
    user: config.user,
    device: config.device,
    onChange: () => events.emit({ type: 'chain', status: parts.chainStatus() }),
  });
  const exporter = createExporter({
    store,
    events,
    generator: { name: PRODUCT, version: config.version },
    by: { actor, device: { id: config.device.id } },
    onRecorded: () => events.emit({ type: 'chain', status: parts.chainStatus() }),
  });
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
      const { investigation } = incident;
      return {
        incident,
        investigation: investigation === null ? null : unlessDamaged(() => investigations.get(investigation)),
        timeline: [...timeline(id)],
      };
    },
    importAlarm: (bytes) => gate.run(() => importBytes(bytes)),
    raiseSandboxAlarm: (environment) =>
      gate.run(async () => {
        const account = sandbox?.accounts.find(({ scenario }) => scenario.id === environment);
        if (account === undefined) {
          throw new CausewayError('not-found', `The sandbox has no environment ${environment}.`);
        }
        return importBytes(new TextEncoder().encode(JSON.stringify(account.alarm)));
      }),
    startInvestigation: (incident) => gate.run(() => investigations.start(incident, actor)),
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
    decide: (decision) => gate.run(() => decideOn(parts, gate, decision)),
    denyPending: (reason) =>
      gate.run(async () => {
        if (store.refusal() !== null) return; // while nothing can be recorded nothing can be approved either
        for (const { remediation } of db.listUnfinished()) {
          if (remediation !== null) await finishedProposing(parts, remediation.id);
        }
        const text = reason === 'shutdown' ? 'The console was closed.' : 'The window was lost.';
        await finishDenials(parts, await approvals.denyAll(reason), text);
      }),
    trailPage: (query) => store.page(query, rooms.search.index()),
    trailCount: (query) => store.count(query, rooms.search.index()),
    rebuildSearch: () => rooms.search.rebuild(),
    trailRecord: (seq) => recordDetail(store, seq),
    chainStatus: parts.chainStatus,
    coverage: () => parts.continuous.coverage(),
    alertShown: () => gate.run(() => recordAlertShown(parts.audit, store.chain, config.user.id)),
    verifyStore: () => verification.verifyStore(),
    verifyFile: (file) => verification.verifyFile(file),
    cancelVerify: () => verification.cancel(),
    exportChain: (file, disclose) => exporter.run(file, { format: 'chain', disclose }),
    exportTrail: (file, asked, onProgress) => exporter.run(file, asked, onProgress),
    cancelExport: () => exporter.cancel(),
    witnessing: createWitnessing({
      store,
      by: { actor, device: { id: config.device.id } },
      random: config.random ?? systemRandom,
      run: (task) => gate.run(task),
      changed: () => events.emit({ type: 'chain', status: parts.chainStatus() }),
    }),
    history: {
      ...desk,
      acknowledge: (justification, breaks) => gate.run(() => desk.acknowledge(justification, breaks)),
      addFolder: (path) => gate.run(() => desk.addFolder(path)),
      removeFolder: (path) => gate.run(() => desk.removeFolder(path)),
    },
    signingKeys: {
      list: () => signingKeys.list(),
      rotate: (to, justification) => gate.run(() => signingKeys.rotate(to, justification)),
    },
    subscribe: (listener) => events.subscribe(listener),
    close: () => {
      gate.close();
      closing ??= closeConsole(parts, gate);
      return closing;
    },
  };
}

/** The decision, and what follows from it. What cannot be gone on with is known before anything is decided. */
async function decideOn(parts: Parts, gate: ClosingGate, decision: Decision): Promise<Remediation> {
  const { rooms, environments, approvals, investigations, denials, actor } = parts;
  await finishedProposing(parts, decision.remediation);
  gate.demandOpen();
  if (decision.decision === 'approve') {
    const { incident } = rooms.db.getByRemediation(decision.remediation);
    environmentOf(environments, rooms.db.getIncident(incident).environment);
  }
  const { proposal, record } = await approvals.decide(decision).catch(async (error: unknown) => {
    // The answer came too late, or the chain knew of another: the incident is brought in line, too.
    const settled = error instanceof CausewayError && /^(expired|decided-on-record)$/.test(error.reason ?? '');
    if (settled) await noteSettled(parts, decision.remediation);
    throw error;
  });
  const { remediation, investigation } = proposal;
  const log = (cause: unknown) => rooms.log.error({ err: cause }, `after the decision on ${remediation.id}`);
  if (decision.decision === 'approve') {
    try {
      investigations.followApproval(investigation, record, actor);
    } catch (error) {
      log(error);
      await investigations.abandonApproval(investigation, record, actor, error);
      return investigations.get(investigation).remediation ?? remediation;
    }
  } else {
    // The decision stands on record, whatever becomes of the incident's status; that is tried again.
    for (const failure of await denials.settle([proposal], `${remediation.id} was rejected.`)) log(failure);
  }
  return remediation;
}

/**
 * A proposal is shown a moment before the investigation that made it has given back everything and said its last word;
 * an answer given in that moment waits for it, so that the incident's status changes in one order.
 */
async function finishedProposing({ rooms, investigations }: Parts, remediation: string): Promise<void> {
  const { id } = rooms.db.getByRemediation(remediation);
  if (investigations.get(id).remediation?.status === 'proposed') await investigations.settled(id);
}

async function noteSettled(parts: Parts, remediation: string): Promise<void> {
  const { id, incident } = parts.rooms.db.getByRemediation(remediation);
  const current = parts.investigations.get(id).remediation;
  if (current === null) return;
  const reason = current.status === 'rejected' ? `${current.id} was rejected.` : 'The time to decide had passed.';
  const proposal = { remediation: current, incident, investigation: id };
  await finishDenials(parts, { settled: [proposal], failures: [] }, reason);
}

/**
 * Nothing new begins any more. What runs is stopped first, then the leases, and the trail is closed after everything
 * that writes to it, or when that did not end in time.
 */
async function closeConsole(parts: Parts, gate: ClosingGate): Promise<void> {
  const { verification, investigations, broker, rooms, denials, stopTimers } = parts;
  stopTimers();
  verification.cancel();
  const stop = async () => {
    await Promise.all([investigations.stopAll(), gate.idle()]);
    await investigations.stopAll(); // what had begun to begin
    await denials.retry();
  };
  const stopped = await Promise.allSettled([within(STOP_WITHIN, stop(), 'Stopping what runs')]);
  await parts.continuous.stop();
  const revoked = await Promise.allSettled([within(REVOKE_WITHIN, broker.close(), 'Revoking the leases')]);
  const closed = await Promise.allSettled([rooms.close()]);
  const failed = [...stopped, ...revoked, ...closed].find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
