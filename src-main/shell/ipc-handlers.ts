import type { z } from 'zod';
import type { AuditorDesk, PrintPage } from '#main/console/compliance/compliance-desk.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Channel, ChannelOutput, CONTRACT, ConsoleEvent } from '#shared/ipc/contract.ts';
import type { ExportResult, TrailExport, VerifyResult } from '#shared/ipc/views.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import type { AccessDesk, Caller } from './access-desk.ts';
import { createAccessHandlers } from './access-handlers.ts';
import { readAlarmFile } from './alarm-file.ts';
import { createComplianceHandlers } from './compliance-handlers.ts';
import { createDecisionHandlers } from './decision-handlers.ts';
import type { ExportFileKind, FileDialogs } from './file-dialogs.ts';
import type { FileVerifier } from './file-verifier.ts';
import { createWitnessHandlers } from './witness-handlers.ts';

type Parsed<C extends Channel> = z.output<(typeof CONTRACT)[C]['input']>;
/** A channel that is open to everybody is called by nobody in particular. */
type CallerOf<C extends Channel> = (typeof CONTRACT)[C]['access'] extends 'public' ? null : Caller;

/** One function a channel. The compiler refuses a channel without one, and an answer of another shape. */
export type Handlers = {
  readonly [C in Channel]: (input: Parsed<C>, caller: CallerOf<C>) => ChannelOutput<C> | Promise<ChannelOutput<C>>;
};

/** What the file of each format is called. */
const EXPORT_FILES: Readonly<Record<TrailExport['format'], ExportFileKind>> = {
  chain: { ending: '.chain.jsonl', title: 'Export the audit chain', name: 'Chain files' },
  range: { ending: '.chain.jsonl', title: 'Export a range of the audit chain', name: 'Chain files' },
  extract: { ending: '.extract.jsonl', title: 'Export an extract of the audit chain', name: 'Extracts' },
  ocsf: { ending: '.ocsf.jsonl', title: 'Export as OCSF events', name: 'OCSF JSON lines' },
  cef: { ending: '.cef', title: 'Export as CEF events', name: 'Common Event Format' },
  csv: { ending: '.csv', title: 'Export as a table', name: 'Comma-separated values' },
};

export interface HandlerParts {
  readonly desk: AccessDesk;
  readonly dialogs: FileDialogs;
  /** Verifies a file for anybody; on record where somebody is signed in. */
  readonly verifier: FileVerifier;
  /** What an auditor can do without an account. */
  readonly auditor: AuditorDesk;
  /** Makes a PDF of a report's page. */
  readonly print: PrintPage;
  /** Tells the page how far something is, whoever is signed in. */
  readonly tell: (event: ConsoleEvent) => void;
  /** The date in a file's proposed name, `YYYY-MM-DD` in UTC. */
  readonly today: () => string;
}

export function createHandlers({ desk, dialogs, verifier, auditor, print, tell, today }: HandlerParts): Handlers {
  return {
    ...createAccessHandlers(desk, dialogs, today),
    ...createDecisionHandlers(dialogs, today),
    ...createWitnessHandlers(dialogs, today),
    ...createComplianceHandlers({ desk, dialogs, auditor, print, tell, today }),
    'app.info': (_input, { console }) => console.info(),
    'incidents.list': (_input, { console }) => [...console.listIncidents()],
    'incidents.get': ({ incident }, { console }) => console.getIncident(incident),
    'incidents.importFile': async (_input, caller) => {
      const file = await dialogs.chooseAlarmFile();
      if (file === null) return { cancelled: true };
      const { console } = await caller.again();
      const { bytes, name } = await readAlarmFile(file);
      return { cancelled: false, value: await console.importAlarm(bytes, name) };
    },
    'incidents.importText': ({ name, text }, { console }) => console.importAlarm(Buffer.from(text, 'utf8'), name),
    'sandbox.raiseAlarm': ({ environment }, { console }) => console.raiseSandboxAlarm(environment),
    'investigations.start': ({ incident }, { console }) => console.startInvestigation(incident),
    'investigations.cancel': ({ investigation }, { console }) => console.cancelInvestigation(investigation),
    'investigations.chart': ({ investigation, metric }, { console }) => console.chart(investigation, metric),
    'evidence.rows': ({ digest, pointer, from, to }, { console }) => console.evidenceRows(digest, pointer, from, to),
    'trail.page': (query, { console }) => console.trailPage(query),
    'trail.count': (query, { console }) => console.trailCount(query),
    'trail.reindex': async (_input, { console }) => {
      await console.rebuildSearch();
      return {};
    },
    'trail.record': ({ seq }, { console }) => console.trailRecord(seq),
    'trail.export': async (asked, caller) => {
      const kind = EXPORT_FILES[asked.format];
      const file = await dialogs.chooseExportFile(`${caller.workspace.tenant}-${today()}${kind.ending}`, kind);
      if (file === null) return { cancelled: true };
      const { console } = await caller.again();
      return unlessCancelled(console.exportTrail(file, asked));
    },
    'trail.cancelExport': (_input, { console }) => {
      console.cancelExport();
      return {};
    },
    'chain.status': (_input, { console }) => console.chainStatus(),
    'verification.coverage': (_input, { console }) => console.coverage(),
    'verification.standing': (_input, { console }) => console.history.standing(),
    'verification.selfTest': (_input, { console }) => console.history.selfTest(),
    'verification.folders': (_input, { console }) => [...console.history.folders()],
    'verification.addFolder': async (_input, caller) => {
      const folder = await dialogs.chooseWitnessFolder();
      if (folder === null) return { cancelled: true };
      const { console } = await caller.again();
      return { cancelled: false, value: [...(await console.history.addFolder(folder))] };
    },
    'verification.removeFolder': async ({ path }, { console }) => [...(await console.history.removeFolder(path))],
    'verification.keys': (_input, { console }) => [...console.signingKeys.list()],
    'chain.verify': (_input, { console }) => console.verifyStore(),
    'chain.verifyFile': async () => {
      const file = await dialogs.chooseChainFile();
      return file === null ? { cancelled: true } : asResult(verifier.verify(file));
    },
    'chain.cancelVerify': () => {
      verifier.cancel();
      return {};
    },
  };
}

/** A verification a person stopped is an answer, not a failure. */
async function asResult(verdict: Promise<Verdict>): Promise<VerifyResult> {
  try {
    return { cancelled: false, verdict: await verdict };
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'cancelled') return { cancelled: true };
    throw error;
  }
}

/** An export a person stopped is an answer, not a failure. */
async function unlessCancelled(exported: Promise<ExportResult>): Promise<ChannelOutput<'trail.export'>> {
  try {
    return { cancelled: false, value: await exported };
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'cancelled') return { cancelled: true };
    throw error;
  }
}
