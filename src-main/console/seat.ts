import { CausewayError } from '#shared/errors.ts';
import { isSyntheticChain } from '#shared/model/synthetic.ts';
import type { Protections } from '../approvals/protections/protections.ts';
import type { RequestStore } from '../approvals/protections/request-store.ts';
import { seal } from '../audit/seal.ts';
import { unlessRecordDamaged } from '../audit/stored-record.ts';
import type { Console, Workspace } from '../console.ts';
import { toLeaseView } from '../credentials/live-lease.ts';
import { actorOf, deviceOf, type Principal } from '../identity/principal.ts';
import { buildChart } from '../investigation/chart.ts';
import { readEvidenceRows } from '../investigation/evidence/evidence-rows.ts';
import { createSeriesReader } from '../investigation/stored-series.ts';
import { wallClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { unlessDamaged } from '../platform/workspace-db.ts';
import { exportRequest } from '../policy/step-requests.ts';
import type { ClosingGate } from './closing-gate.ts';
import type { ComplianceDesk } from './compliance/compliance-desk.ts';
import { decideOn } from './decide.ts';
import { createFileDesk } from './decision-files.ts';
import { toEnvironmentInfo } from './environments.ts';
import { createExporter } from './export.ts';
import type { HistoryKeeper } from './history-desk.ts';
import { importAlarm } from './import-alarm.ts';
import { environmentOf, type Parts } from './parts.ts';
import { PRODUCT } from './product.ts';
import type { KeyKeeper } from './signing-keys.ts';
import { createTimeline, recordDetail } from './trail.ts';
import { createWitnessing } from './witnessing.ts';

export interface SeatParts {
  readonly parts: Parts;
  readonly gate: ClosingGate;
  readonly history: HistoryKeeper;
  readonly keys: KeyKeeper;
  readonly protections: Protections;
  readonly kept: RequestStore;
  readonly compliance: (by: Principal) => ComplianceDesk;
}

/** Makes consoles: what is the same for everybody is made once, what names somebody with each. */
export function createSeats({ parts, gate, history, keys, protections, kept, compliance }: SeatParts): Workspace['as'] {
  const { config, rooms, identity, events, environments, investigations, approvals, verification, policies } = parts;
  const { store, db, sandbox } = rooms;
  const clock = config.clock ?? wallClock;
  const timeline = createTimeline(store);
  const synthetic = isSyntheticChain(unlessRecordDamaged(() => store.get(1))?.record.data);
  const readSeries = createSeriesReader((digest) =>
    JSON.parse(new TextDecoder().decode(db.readEvidence(digest).content)),
  );
  const tellChain = () => events.emit({ type: 'chain', status: parts.chainStatus() });
  const tellProtections = () => events.emit({ type: 'protections' });
  const exporter = createExporter({
    store,
    events,
    generator: { name: PRODUCT, version: config.version },
    allow: async (asker, format) => {
      await parts.guard(exportRequest(asker, store.chain, format), { actor: actorOf(asker), device: deviceOf(asker) });
    },
    onRecorded: tellChain,
  });
  const files = createFileDesk(parts, gate, kept);
  const openBreaks = () =>
    history.standing().breaks.flatMap(({ id, acknowledged }) => (acknowledged === null ? [id] : []));
  const leases = () => parts.broker.live().map(toLeaseView);

  return (by: Principal): Console => {
    const actor = actorOf(by);
    const recordedBy = { actor, device: deviceOf(by) };

    const importBytes = async (bytes: Uint8Array) => {
      const incident = await importAlarm(bytes, {
        audit: parts.audit,
        db,
        clock,
        environments: [...environments.values()],
        actor: { ...actor, name: seal(by.id, by.name) },
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
        user: { id: by.id, name: by.name },
        device: { ...config.device },
        keychain: { description: config.secrets.description, durable: config.secrets.durable },
        environments: [...environments.values()].map(toEnvironmentInfo),
        policyVersion: policies.engine().version,
        synthetic,
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
      cancelInvestigation: (investigation) => investigations.cancel(investigation, 'user', actor),
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
        db.listUnfinished().flatMap(({ incident, remediation }) =>
          remediation?.status === 'proposed' && Date.parse(remediation.expiresAt) > clock.now()
            ? [
                {
                  incident: db.getIncident(incident),
                  remediation,
                  requestedByName: identity.nameOf(remediation.onBehalfOf),
                  ...approvals.pending(by, remediation),
                },
              ]
            : [],
        ),
      decide: (decision) => gate.run(() => decideOn(parts, gate, decision, () => approvals.decide(by, decision))),
      breakGlass: (asked) =>
        gate.run(() => decideOn(parts, gate, { ...asked, decision: 'approve' }, () => approvals.breakGlass(by, asked))),
      reviews: () => approvals.reviews(by),
      review: (review) => gate.run(() => approvals.review(by, review)).finally(tellProtections),
      files: files(by),
      leases,
      revokeLease: (lease) =>
        gate.run(async () => {
          await parts.broker.revokeOne(lease, by);
          return leases();
        }),
      trailPage: (query) => store.page(query, rooms.search.index()),
      trailCount: (query) => store.count(query, rooms.search.index()),
      rebuildSearch: () => rooms.search.rebuild(),
      trailRecord: (seq) => recordDetail(store, seq),
      chainStatus: parts.chainStatus,
      coverage: () => parts.continuous.coverage(),
      verifyStore: () => verification.verifyStore(actor),
      verifyFile: (file) => verification.verifyFile(file, actor),
      exportChain: (file, disclose) => exporter.run(by, file, { format: 'chain', disclose }),
      exportTrail: (file, asked, onProgress) => exporter.run(by, file, asked, onProgress),
      cancelExport: () => exporter.cancel(),
      witnessing: createWitnessing({
        store,
        by: recordedBy,
        random: config.random ?? systemRandom,
        run: (task) => gate.run(task),
        changed: tellChain,
      }),
      history: {
        standing: () => history.standing(),
        selfTest: () => history.selfTest(),
        folders: () => history.folders(),
        acknowledge: (justification, proof, breaks) =>
          gate.run(() =>
            protections.propose(
              by,
              { kind: 'break-acknowledgement', breaks: breaks ?? openBreaks() },
              justification,
              proof,
            ),
          ),
        addFolder: (path) => gate.run(() => history.addFolder(by, path)),
        removeFolder: (path) => gate.run(() => history.removeFolder(by, path)),
      },
      signingKeys: {
        list: () => keys.list(),
        rotate: (to, justification, proof) =>
          gate.run(() => protections.propose(by, { kind: 'key-rotation', to }, justification, proof)),
      },
      protections: {
        pending: () => protections.pending(by),
        decide: (decision) => gate.run(() => protections.decide(by, decision)),
        withdraw: (request) => gate.run(() => protections.withdraw(by, request)),
      },
      policies: {
        current: () => policies.current(),
        text: (version) => policies.text(version),
        preview: (text) => policies.preview(text),
        propose: (text, justification, proof) =>
          gate.run(() => protections.propose(by, { kind: 'policy-change', text }, justification, proof)),
      },
      vault: parts.vault,
      compliance: compliance(by),
      subscribe: (listener) => events.subscribe(listener),
    };
  };
}
