import type { ConsoleEvent } from '#shared/ipc/contract.ts';
import type { Coverage } from '#shared/ipc/verification-views.ts';
import type {
  AppInfo,
  ChainStatus,
  EvidenceRows,
  ExportResult,
  IncidentDetail,
  PendingApproval,
  RecordDetail,
  TrailCount,
  TrailExport,
  TrailPage,
  TrailQuery,
  VerifyResult,
} from '#shared/ipc/views.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { ChartSeries, Investigation, Remediation } from '#shared/model/investigation.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { buildConsole } from './console/build-console.ts';
import type { ConsoleConfig } from './console/config.ts';
import type { HistoryDesk } from './console/history-desk.ts';
import type { SigningKeys } from './console/signing-keys.ts';
import type { Witnessing } from './console/witnessing.ts';

/** Everything the window and the terminal can ask of the product. Built from a config; imports no electron. */
export interface Console {
  info(): AppInfo;
  listIncidents(): readonly Incident[];
  getIncident(incident: string): IncidentDetail;
  /** `bytes` is an alarm file as read; refused with the reason when it is of no known kind. */
  importAlarm(bytes: Uint8Array, name: string): Promise<Incident>;
  raiseSandboxAlarm(environment: string): Promise<Incident>;
  /** Starts and returns at once; watch the events, or await `settled`. */
  startInvestigation(incident: string): Promise<Investigation>;
  cancelInvestigation(investigation: string): Promise<Investigation>;
  /** Resolves when nothing is running for the investigation: proposed, abstained, failed, executed and verified. */
  settled(investigation: string): Promise<Investigation>;
  chart(investigation: string, metric: string): ChartSeries;
  evidenceRows(digest: string, pointer: string, from: number, to: number): EvidenceRows;
  pendingApprovals(): readonly PendingApproval[];
  /** Resolves when the decision is durable on record; execution goes on in the background (`settled`). */
  decide(decision: Decision): Promise<Remediation>;
  /** Nobody can answer any more: pending approvals are denied, and that is recorded. */
  denyPending(reason: 'window-lost' | 'shutdown'): Promise<void>;
  trailPage(query: TrailQuery): TrailPage;
  trailCount(query: TrailQuery): TrailCount;
  /** Builds the search index again; searching goes on meanwhile, slower. */
  rebuildSearch(): Promise<void>;
  trailRecord(seq: number): RecordDetail;
  chainStatus(): ChainStatus;
  /** How much of the own chain was checked by itself, when, and what was found. */
  coverage(): Coverage;
  /** An alert about the own chain was shown on the desktop: put on record. */
  alertShown(): Promise<void>;
  verifyStore(): Promise<VerifyResult>;
  verifyFile(file: string): Promise<Verdict>;
  cancelVerify(): void;
  /** The whole chain, as `exportTrail` writes it. */
  exportChain(file: string, disclose: boolean): Promise<ExportResult>;
  /** Rejects with `cancelled` when it was cancelled; nothing is left of the file then. */
  exportTrail(
    file: string,
    asked: TrailExport,
    onProgress?: (done: number, total: number) => void,
  ): Promise<ExportResult>;
  cancelExport(): void;
  /** Others' cosignatures of this chain's checkpoints, and this console's of theirs. */
  readonly witnessing: Witnessing;
  /** How the own history stands; while it is broken everything can be read and nothing is written. */
  readonly history: HistoryDesk;
  /** The keys that sign the trail. */
  readonly signingKeys: SigningKeys;
  subscribe(listener: (event: ConsoleEvent) => void): () => void;
  /** Revokes live leases, writes the last checkpoint, closes the databases and the sandbox. */
  close(): Promise<void>;
}

export interface Decision {
  readonly remediation: string;
  readonly planDigest: string;
  readonly decision: 'approve' | 'reject';
  readonly justification: string;
  readonly channel: 'dialog' | 'terminal' | 'terminal-flag';
}

/**
 * Opens a workspace and everything in it: lock, sandbox cloud, audit trail, broker. What was interrupted when the program
 * last ended is brought to an end on record first, unless the trail's history is broken: then it opens for reading, and
 * that waits until a person has acknowledged it (`history`). Rejects with the error of the room that could not be opened
 * (`already-running`, `read-only`, `disk-full`, `keychain-unavailable`, `audit-broken`, `bad-input`); then nothing is
 * left open.
 */
export function openConsole(config: ConsoleConfig): Promise<Console> {
  return buildConsole(config);
}
