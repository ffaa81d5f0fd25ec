import type { z } from 'zod';
import type { Console } from '#main/console.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Channel, ChannelOutput, CONTRACT } from '#shared/ipc/contract.ts';
import type { ExportResult, TrailExport, VerifyResult } from '#shared/ipc/views.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { readAlarmFile } from './alarm-file.ts';
import type { ExportFileKind, FileDialogs } from './file-dialogs.ts';
import { createWitnessHandlers } from './witness-handlers.ts';

type Parsed<C extends Channel> = z.output<(typeof CONTRACT)[C]['input']>;

/** One function a channel. The compiler refuses a channel without one, and an answer of another shape. */
export type Handlers = {
  readonly [C in Channel]: (input: Parsed<C>) => ChannelOutput<C> | Promise<ChannelOutput<C>>;
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

/** `today` is the date in an export's proposed name, `YYYY-MM-DD` in UTC. */
export function createHandlers(console: Console, dialogs: FileDialogs, today: () => string): Handlers {
  return {
    'app.info': () => console.info(),
    'incidents.list': () => [...console.listIncidents()],
    'incidents.get': ({ incident }) => console.getIncident(incident),
    'incidents.importFile': async () => {
      const file = await dialogs.chooseAlarmFile();
      if (file === null) return { cancelled: true };
      const { bytes, name } = await readAlarmFile(file);
      return { cancelled: false, value: await console.importAlarm(bytes, name) };
    },
    'incidents.importText': ({ name, text }) => console.importAlarm(Buffer.from(text, 'utf8'), name),
    'sandbox.raiseAlarm': ({ environment }) => console.raiseSandboxAlarm(environment),
    'investigations.start': ({ incident }) => console.startInvestigation(incident),
    'investigations.cancel': ({ investigation }) => console.cancelInvestigation(investigation),
    'investigations.chart': ({ investigation, metric }) => console.chart(investigation, metric),
    'evidence.rows': ({ digest, pointer, from, to }) => console.evidenceRows(digest, pointer, from, to),
    'approvals.pending': () => [...console.pendingApprovals()],
    'approvals.decide': (decision) => console.decide({ ...decision, channel: 'dialog' }),
    'trail.page': (query) => console.trailPage(query),
    'trail.count': (query) => console.trailCount(query),
    'trail.reindex': async () => {
      await console.rebuildSearch();
      return {};
    },
    'trail.record': ({ seq }) => console.trailRecord(seq),
    'trail.export': async (asked) => {
      const kind = EXPORT_FILES[asked.format];
      const file = await dialogs.chooseExportFile(`${console.info().tenant}-${today()}${kind.ending}`, kind);
      return file === null ? { cancelled: true } : await unlessCancelled(console.exportTrail(file, asked));
    },
    'trail.cancelExport': () => {
      console.cancelExport();
      return {};
    },
    'chain.status': () => console.chainStatus(),
    'verification.coverage': () => console.coverage(),
    'verification.standing': () => console.history.standing(),
    'verification.acknowledge': ({ justification, breaks }) => console.history.acknowledge(justification, breaks),
    'verification.selfTest': () => console.history.selfTest(),
    'verification.folders': () => [...console.history.folders()],
    'verification.addFolder': async () => {
      const folder = await dialogs.chooseWitnessFolder();
      if (folder === null) return { cancelled: true };
      return { cancelled: false, value: [...(await console.history.addFolder(folder))] };
    },
    'verification.removeFolder': async ({ path }) => [...(await console.history.removeFolder(path))],
    'verification.keys': () => [...console.signingKeys.list()],
    'verification.rotateKey': async ({ justification }) => {
      await console.signingKeys.rotate({ kind: 'keychain' }, justification);
      return [...console.signingKeys.list()];
    },
    'chain.verify': () => console.verifyStore(),
    'chain.verifyFile': async () => {
      const file = await dialogs.chooseChainFile();
      return file === null ? { cancelled: true } : asResult(console.verifyFile(file));
    },
    ...createWitnessHandlers(console, dialogs, today),
    'chain.cancelVerify': () => {
      console.cancelVerify();
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
