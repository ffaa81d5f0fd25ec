import type { DeviceView, LeaseView, OfferedDevice } from '#shared/ipc/access-views.ts';
import type { DueReview, ForeignRequest, PendingApproval } from '#shared/ipc/approval-views.ts';
import type { ConsoleEvent } from '#shared/ipc/contract.ts';
import type { Coverage } from '#shared/ipc/verification-views.ts';
import type {
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
} from '#shared/ipc/views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { ChartSeries, Investigation, Remediation } from '#shared/model/investigation.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { buildWorkspace } from './console/build-workspace.ts';
import type { ComplianceDesk } from './console/compliance/compliance-desk.ts';
import type { ConsoleConfig } from './console/config.ts';
import type { HistoryDesk } from './console/history-desk.ts';
import type { PolicyDesk, ProtectionDesk } from './console/protection-desk.ts';
import type { SigningKeys } from './console/signing-keys.ts';
import type { Witnessing } from './console/witnessing.ts';
import type { Vault } from './credentials/vault/vault.ts';
import type { Identity } from './identity/identity.ts';
import type { Principal } from './identity/principal.ts';
import type { Permissions } from './policy/permissions.ts';

/** An open workspace: its people, and the console for each of them. */
export interface Workspace {
  readonly tenant: string;
  /** Who there is, and who is signed in. */
  readonly identity: Identity;
  /** What each may do: to be asked before the console is. */
  readonly permissions: Permissions;
  /** How long nobody may do anything before a session locks, milliseconds. */
  readonly idleLockMs: number;
  /** The console as this person, or key, uses it: what it does stands in the trail as theirs. Cheap to make. */
  as(principal: Principal): Console;
  /** Whether something can be put on record; while the history is broken it is null no longer, but says why not. */
  refusal(): Error | null;
  /** Ends a verification under way, whoever asked for it. */
  cancelVerify(): void;
  /** Nobody can answer any more: pending approvals are denied, and that is recorded. */
  denyPending(reason: 'window-lost' | 'shutdown'): Promise<void>;
  /** An alert about the own chain was shown on the desktop: put on record. */
  alertShown(): Promise<void>;
  subscribe(listener: (event: ConsoleEvent) => void): () => void;
  /** Revokes live leases, writes the last checkpoint, closes the databases and the sandbox. */
  close(): Promise<void>;
}

/** Everything the window and the terminal can ask of the product, as one person. Imports no electron. */
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
  /** An approval by one person alone, to be reviewed by another afterwards. */
  breakGlass(decision: BreakGlass): Promise<Remediation>;
  reviews(): readonly DueReview[];
  review(review: Review): Promise<readonly DueReview[]>;
  /** Decisions by people at other consoles, and on requests of theirs, by signed file. */
  readonly files: DecisionFiles;
  leases(): readonly LeaseView[];
  /** Ends a live lease at once. Rejects with `not-found` when it is not live. */
  revokeLease(lease: string): Promise<readonly LeaseView[]>;
  trailPage(query: TrailQuery): TrailPage;
  trailCount(query: TrailQuery): TrailCount;
  /** Builds the search index again; searching goes on meanwhile, slower. */
  rebuildSearch(): Promise<void>;
  trailRecord(seq: number): RecordDetail;
  chainStatus(): ChainStatus;
  /** How much of the own chain was checked by itself, when, and what was found. */
  coverage(): Coverage;
  verifyStore(): Promise<VerifyResult>;
  verifyFile(file: string): Promise<Verdict>;
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
  /** Changes of what protects the trail, which take two people. */
  readonly protections: ProtectionDesk;
  /** The guardrail policies in force, and changes of them. */
  readonly policies: PolicyDesk;
  /** Secrets of integrations, encrypted. */
  readonly vault: Vault;
  /** The control register, evidence reports, access reviews. */
  readonly compliance: ComplianceDesk;
  subscribe(listener: (event: ConsoleEvent) => void): () => void;
}

export interface Decision {
  readonly remediation: string;
  readonly planDigest: string;
  readonly decision: 'approve' | 'reject';
  readonly justification: string;
  readonly channel: 'dialog' | 'terminal' | 'terminal-flag';
  /** Needed to approve. */
  readonly reauthentication?: Reauthentication | undefined;
}

export interface BreakGlass {
  readonly remediation: string;
  readonly planDigest: string;
  readonly reason: string;
  readonly justification: string;
  readonly reauthentication: Reauthentication;
  readonly channel: Decision['channel'];
}

export interface Review {
  /** Hash of the approval's record. */
  readonly record: string;
  readonly verdict: 'justified' | 'not-justified';
  readonly justification: string;
  readonly reauthentication: Reauthentication;
}

/** Files are read and written whole; nothing is left half written. */
export interface DecisionFiles {
  saveRequest(file: string, plan: { readonly remediation: string; readonly planDigest: string }): Promise<void>;
  takeAnswer(file: string): Promise<Remediation>;
  openRequest(file: string): Promise<ForeignRequest>;
  answerRequest(
    file: string,
    answer: {
      readonly digest: string;
      readonly decision: 'approve' | 'reject';
      readonly justification: string;
      readonly reauthentication: Reauthentication;
      /** Key id of that chain as a person has compared it; needed at first sight. */
      readonly trust?: string | undefined;
    },
  ): Promise<void>;
  /** This person's public key at this device, for them to register at another console; its id is for comparing. */
  exportDevice(file: string): Promise<{ readonly keyId: string }>;
  /** What a device's file says. @throws CausewayError `bad-input`, `denied` (`device-signature`) */
  lookAtDevice(file: string): Promise<OfferedDevice>;
  /**
   * The key of the person's own device. Re-authentication is asked for before.
   * @param compared the key's id as the person has compared it
   * @throws CausewayError `denied` (`own-device`), `conflict` (`device-key-differs`, `device-registered`, `device-of-another`)
   */
  registerDevice(file: string, person: string, compared?: string): Promise<DeviceView>;
}

/**
 * Opens a workspace and everything in it: lock, sandbox cloud, audit trail, people, broker. What was interrupted when the
 * program last ended is brought to an end on record first, unless the trail's history is broken: then it opens for
 * reading, and that waits until people have acknowledged it (`history`). Rejects with the error of the room that could
 * not be opened (`already-running`, `read-only`, `disk-full`, `keychain-unavailable`, `audit-broken`, `bad-input`); then
 * nothing is left open.
 */
export function openWorkspace(config: ConsoleConfig): Promise<Workspace> {
  return buildWorkspace(config);
}
