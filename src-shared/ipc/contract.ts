import { z } from 'zod';
import { Digest } from '../model/evidence.ts';
import { Incident } from '../model/incident.ts';
import { ChartSeries, Investigation } from '../model/investigation.ts';
import { ACCESS_CHANNELS } from './access-channels.ts';
import { Cancellable, type ChannelTerms, Nothing } from './channel-terms.ts';
import { COMPLIANCE_CHANNELS } from './compliance-channels.ts';
import { DECISION_CHANNELS } from './decision-channels.ts';
import {
  AddCosignatureResult,
  CheckpointRow,
  CosignResult,
  Coverage,
  KnownWitness,
  SelfTest,
  SigningKey,
  Standing,
  WitnessFolder,
  WitnessRequestMade,
} from './verification-views.ts';
import {
  AppInfo,
  ChainStatus,
  EvidenceRows,
  ExportResult,
  IncidentDetail,
  RecordDetail,
  TrailCount,
  TrailExport,
  TrailPage,
  TrailQuery,
  VerifyResult,
} from './views.ts';

/**
 * The contract between window and main process: one entry a channel, with the schema of its input and of its output.
 * Both sides get their types from here, and both sides' values are parsed by it: the main process trusts nothing the
 * page sends, the page nothing that is not of the agreed shape.
 */
const IncidentId = z.strictObject({ incident: z.string().max(64) });
export const CONTRACT = {
  ...ACCESS_CHANNELS,
  ...DECISION_CHANNELS,
  ...COMPLIANCE_CHANNELS,
  'app.info': { access: 'signed-in', input: Nothing, output: AppInfo },
  'incidents.list': { access: 'incidents.read', input: Nothing, output: z.array(Incident).max(10_000) },
  'incidents.get': { access: 'incidents.read', input: IncidentId, output: IncidentDetail },
  /** Opens the system's file dialog in the main process and imports the alarm chosen. */
  'incidents.importFile': { access: 'incidents.import', input: Nothing, output: Cancellable(Incident) },
  /** An alarm dropped on the window or pasted: its text, at most 1 MiB. */
  'incidents.importText': {
    access: 'incidents.import',
    input: z.strictObject({ name: z.string().max(255), text: z.string().max(1_048_576) }),
    output: Incident,
  },
  /** Lets the sandbox cloud of an environment raise its scenario's alarm. */
  'sandbox.raiseAlarm': {
    access: 'incidents.import',
    input: z.strictObject({ environment: z.string().max(64) }),
    output: Incident,
  },
  'investigations.start': { access: 'investigations.run', input: IncidentId, output: Investigation },
  'investigations.cancel': {
    access: 'investigations.run',
    input: z.strictObject({ investigation: z.string().max(64) }),
    output: Investigation,
  },
  'investigations.chart': {
    access: 'incidents.read',
    input: z.strictObject({ investigation: z.string().max(64), metric: z.string().max(256) }),
    output: ChartSeries,
  },
  'evidence.rows': {
    access: 'incidents.read',
    input: z.strictObject({ digest: Digest, pointer: z.string().max(512), from: z.int().min(0), to: z.int().min(0) }),
    output: EvidenceRows,
  },
  'trail.page': { access: 'trail.read', input: TrailQuery, output: TrailPage },
  'trail.count': { access: 'trail.read', input: TrailQuery, output: TrailCount },
  'trail.reindex': { access: 'trail.verify', input: Nothing, output: Nothing },
  'trail.record': { access: 'trail.read', input: z.strictObject({ seq: z.int().min(1) }), output: RecordDetail },
  /** Opens the file dialog, then writes the file; cancelled in the dialog or while it is written. */
  'trail.export': { access: 'trail.export', input: TrailExport, output: Cancellable(ExportResult) },
  'trail.cancelExport': { access: 'trail.export', input: Nothing, output: Nothing },
  'chain.status': { access: 'trail.read', input: Nothing, output: ChainStatus },
  /** Which records were read again and checked, when, and what was found. */
  'verification.coverage': { access: 'trail.read', input: Nothing, output: Coverage },
  'chain.verify': { access: 'trail.verify', input: Nothing, output: VerifyResult },
  /** Opens the file dialog, then verifies the file chosen. */
  'chain.verifyFile': { access: 'public', input: Nothing, output: VerifyResult },
  'chain.cancelVerify': { access: 'public', input: Nothing, output: Nothing },
  /** Newest first; `before` is a size. */
  'verification.checkpoints': {
    access: 'trail.read',
    input: z.strictObject({ before: z.int().min(0).optional(), limit: z.int().min(1).max(200) }),
    output: z.array(CheckpointRow).max(200),
  },
  'verification.witnesses': { access: 'trail.read', input: Nothing, output: z.array(KnownWitness).max(1000) },
  /** How the own history stands: what contradicts it, and what was acknowledged, for good. */
  'verification.standing': { access: 'trail.read', input: Nothing, output: Standing },
  /** What the store's attack on a copy of itself came to, at the start or after a break was acknowledged. */
  'verification.selfTest': { access: 'trail.read', input: Nothing, output: SelfTest.nullable() },
  'verification.folders': { access: 'trail.read', input: Nothing, output: z.array(WitnessFolder).max(64) },
  /** Opens the folder dialog. */
  'verification.addFolder': {
    access: 'witness.manage',
    input: Nothing,
    output: Cancellable(z.array(WitnessFolder).max(64)),
  },
  'verification.removeFolder': {
    access: 'witness.manage',
    input: z.strictObject({ path: z.string().max(4096) }),
    output: z.array(WitnessFolder).max(64),
  },
  'verification.keys': { access: 'trail.read', input: Nothing, output: z.array(SigningKey).max(10_000) },
  /** The verifier key others know this console by as a witness. */
  'witness.key': { access: 'trail.read', input: Nothing, output: z.strictObject({ vkey: z.string().max(1024) }) },
  /** Opens the file dialog and writes a request there. Without `for`, of the only witness there is, or of a new one. */
  'witness.request': {
    access: 'witness.manage',
    input: z.strictObject({ for: z.string().max(512).optional(), from: z.int().min(0).optional() }),
    output: Cancellable(WitnessRequestMade),
  },
  /**
   * Opens the file dialogs: the request, then where the answer goes. A chain not seen before is cosigned only in a second
   * call with the key id a person has compared as `trust`; it is about the request chosen in the first one.
   */
  'witness.cosign': {
    access: 'witness.manage',
    input: z.strictObject({ trust: z.string().max(64).optional() }),
    output: Cancellable(CosignResult),
  },
  /** Opens the file dialog. An answer of a new witness is added only in a second call with its vkey as `trust`. */
  'witness.add': {
    access: 'witness.manage',
    input: z.strictObject({ trust: z.string().max(1024).optional() }),
    output: Cancellable(AddCosignatureResult),
  },
  'witness.remove': { access: 'witness.manage', input: z.strictObject({ name: z.string().max(512) }), output: Nothing },
} as const satisfies Readonly<Record<string, ChannelTerms>>;

export type Channel = keyof typeof CONTRACT;
export type ChannelInput<C extends Channel> = z.input<(typeof CONTRACT)[C]['input']>;
export type ChannelOutput<C extends Channel> = z.output<(typeof CONTRACT)[C]['output']>;
export const CHANNELS = Object.keys(CONTRACT) as readonly Channel[];

/** Pushed by the main process on one channel. They say what changed; the page then asks for what it shows. */
export const ConsoleEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('incident'), incident: Incident }),
  z.strictObject({ type: z.literal('investigation'), investigation: Investigation }),
  z.strictObject({ type: z.literal('chain'), status: ChainStatus }),
  z.strictObject({ type: z.literal('coverage'), coverage: Coverage }),
  /** A break in the own chain nobody was told of. `bundle` is the file of the signed incident bundle. */
  z.strictObject({
    type: z.literal('alert'),
    text: z.string().max(500),
    seq: z.int().min(1).nullable(),
    bundle: z.string().max(4096).nullable(),
  }),
  z.strictObject({ type: z.literal('verifying'), done: z.int(), total: z.int() }),
  /** Somebody signed in, out or was locked, or the rights changed: ask `access.state` again. */
  z.strictObject({ type: z.literal('access') }),
  /** Something about people, protections, leases or policies changed. */
  z.strictObject({ type: z.literal('people') }),
  z.strictObject({ type: z.literal('protections') }),
  z.strictObject({ type: z.literal('leases') }),
  z.strictObject({ type: z.literal('exporting'), done: z.int(), total: z.int() }),
  /** The register's evidence was counted further, or somebody changed it: ask for what is shown. */
  z.strictObject({ type: z.literal('compliance') }),
  z.strictObject({ type: z.literal('reporting'), done: z.int(), total: z.int() }),
  z.strictObject({ type: z.literal('reperforming'), done: z.int(), total: z.int() }),
  z.strictObject({ type: z.literal('loading'), done: z.int(), total: z.int() }),
]);
export type ConsoleEvent = z.infer<typeof ConsoleEvent>;

/** What the preload puts on the page's `window.causeway`: frozen, named functions only. */
export interface CausewayBridge {
  /** Resolves to an IpcResult envelope, never rejects for a failed call. */
  readonly invoke: (channel: Channel, input: unknown) => Promise<unknown>;
  /** Calls back with each event's payload (never the event object); returns the function that unsubscribes. */
  readonly subscribe: (listener: (payload: unknown) => void) => () => void;
}
