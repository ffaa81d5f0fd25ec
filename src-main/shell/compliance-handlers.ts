import type { AuditorDesk, PrintPage } from '#main/console/compliance/compliance-desk.ts';
import type { ExampleYear } from '#main/console/station.ts';
import { nowAndThen } from '#main/platform/now-and-then.ts';
import { CausewayError } from '#shared/errors.ts';
import type { COMPLIANCE_CHANNELS, MachineFormat } from '#shared/ipc/compliance-channels.ts';
import type { ConsoleEvent } from '#shared/ipc/contract.ts';
import type { AccessDesk, Caller } from './access-desk.ts';
import type { ExportFileKind, FileDialogs } from './file-dialogs.ts';
import type { Handlers } from './ipc-handlers.ts';

type ComplianceHandlers = Pick<Handlers, keyof typeof COMPLIANCE_CHANNELS>;

const REPORT_FILES: Readonly<Record<'html' | 'pdf' | 'json', ExportFileKind>> = {
  html: { ending: '.report.html', title: 'Save the report', name: 'Report pages' },
  pdf: { ending: '.report.pdf', title: 'Save the report as PDF', name: 'PDF documents' },
  json: { ending: '.report.json', title: 'Save the report as data', name: 'Report data' },
};
const JSON_FILE = { title: 'Save the machine-readable file', name: 'JSON' } as const;
const MACHINE_FILES: Readonly<Record<MachineFormat, ExportFileKind>> = {
  'oscal-assessment-results': { ending: '.oscal-assessment-results.json', ...JSON_FILE },
  'oscal-assessment-plan': { ending: '.oscal-assessment-plan.json', ...JSON_FILE },
  'oscal-component-definition': { ending: '.oscal-component-definition.json', ...JSON_FILE },
  'oscal-poam': { ending: '.oscal-poam.json', ...JSON_FILE },
  'ocsf-findings': { ending: '.ocsf-findings.jsonl', title: JSON_FILE.title, name: 'JSON lines' },
};

export interface ComplianceHandlerParts {
  readonly desk: Pick<AccessDesk, 'loadExample'>;
  readonly dialogs: FileDialogs;
  readonly auditor: AuditorDesk;
  readonly print: PrintPage;
  readonly tell: (event: ConsoleEvent) => void;
  readonly today: () => string;
}

/** The register, reports and reviews, what goes to an auditor, and what an auditor without an account can do. */
export function createComplianceHandlers(parts: ComplianceHandlerParts): ComplianceHandlers {
  const { desk, dialogs, auditor, print, tell, today } = parts;
  let reperforming: AbortController | null = null;

  /** Told to the page now and then. */
  const follow = (type: 'reporting' | 'reperforming' | 'loading') =>
    nowAndThen((done, total) => tell({ type, done, total }));
  /** One at a time for the whole window: what an auditor started can be stopped by whoever sits there. */
  const watch = async <T>(
    work: (watched: { signal: AbortSignal; onProgress: (d: number, t: number) => void }) => Promise<T>,
  ) => {
    if (reperforming !== null) {
      throw new CausewayError('conflict', 'A report is being computed again. Wait for it or cancel it.', {
        reason: 'reperforming',
      });
    }
    reperforming = new AbortController();
    try {
      return await work({ signal: reperforming.signal, onProgress: follow('reperforming') });
    } finally {
      reperforming = null;
    }
  };
  const save = async <T>(
    caller: Caller,
    name: string,
    kind: ExportFileKind,
    write: (now: Caller, file: string) => Promise<T>,
  ) => {
    const file = await dialogs.chooseExportFile(`${name}${kind.ending}`, kind);
    if (file === null) return { cancelled: true } as const;
    return { cancelled: false, value: await write(await caller.again(), file) } as const;
  };

  return {
    'compliance.overview': (_input, { console }) => console.compliance.overview(),
    'compliance.framework': ({ framework }, { console }) => console.compliance.framework(framework),
    'compliance.control': ({ control }, { console }) => console.compliance.control(control),
    'compliance.exceptions': (_input, { console }) => [...console.compliance.exceptions()],
    'compliance.updateControl': ({ control, update }, { console }) => console.compliance.updateControl(control, update),
    'compliance.perform': async ({ control, on, note, attach }, caller) => {
      const files = attach ? await dialogs.chooseAttachments() : [];
      if (files === null) return { cancelled: true };
      const { console } = await caller.again();
      return { cancelled: false, value: await console.compliance.perform(control, { on, note, files }) };
    },
    'compliance.saveAttachment': async ({ digest }, caller) => {
      const kind: ExportFileKind = { ending: '.bin', title: 'Save the attachment', name: 'Attachments' };
      return save(caller, digest.slice(0, 16), kind, (now, file) =>
        now.console.compliance.saveAttachment(digest, file),
      );
    },
    'compliance.checkNow': (_input, { console }) => console.compliance.checkNow(),
    'compliance.readiness': (_input, { console }) => console.compliance.readiness(),
    'compliance.setPlan': (plan, { console }) => console.compliance.setPlan(plan),
    'reviews.list': (_input, { console }) => [...console.compliance.reviews.list()],
    'reviews.open': ({ due }, { console }) => console.compliance.reviews.open(due),
    'reviews.decide': (asked, { console }) => console.compliance.reviews.decide(asked),
    'reviews.close': ({ campaign }, { console }) => console.compliance.reviews.close(campaign),
    'samples.profile': (_input, { console }) => console.compliance.samples.profile(),
    'samples.setProfile': (profile, { console }) => console.compliance.samples.setProfile(profile),
    'samples.draw': async (asked, caller) => {
      const sheet = await caller.console.compliance.samples.draw(asked, { onProgress: follow('reporting') });
      await caller.again();
      return sheet;
    },
    'samples.saveWorksheet': (_input, caller) =>
      save(
        caller,
        `${caller.workspace.tenant}-sample-${today()}`,
        { ending: '.csv', title: 'Save the worksheet', name: 'Comma-separated values' },
        (now, file) => now.console.compliance.samples.saveWorksheet(file),
      ),
    'reports.preflight': (request, { console }) => [...console.compliance.reports.preflight(request)],
    'reports.preview': async (request, caller) => {
      const signed = await caller.console.compliance.reports.preview(request, { onProgress: follow('reporting') });
      await caller.again(); // it may have taken minutes: nothing is shown at a window that was locked meanwhile
      return signed;
    },
    'reports.cancel': (_input, { console }) => {
      console.compliance.reports.cancel();
      console.compliance.samples.cancel();
      return {};
    },
    'reports.save': ({ digest, format }, caller) =>
      save(caller, `${caller.workspace.tenant}-${today()}`, REPORT_FILES[format], (now, file) =>
        now.console.compliance.reports.save(digest, format, file, print),
      ),
    'reports.machine': (asked, caller) =>
      save(caller, `${caller.workspace.tenant}-${today()}`, MACHINE_FILES[asked.format], (now, file) =>
        now.console.compliance.reports.machine(asked, file, { onProgress: follow('reporting') }),
      ),
    'reports.list': (_input, { console }) => [...console.compliance.reports.list()],
    'reports.reperform': async () => {
      const report = await dialogs.chooseReport();
      const chain = report === null ? null : await dialogs.chooseChainFile();
      if (report === null || chain === null) return { cancelled: true };
      return { cancelled: false, value: await watch((watched) => auditor.reperform({ report, chain }, watched)) };
    },
    'reports.cancelReperform': () => {
      reperforming?.abort(new CausewayError('cancelled', 'Computing the report again was cancelled.'));
      return {};
    },
    'bundle.save': async (asked, caller) => {
      const folder = await dialogs.chooseFolder('Where the bundle goes');
      if (folder === null) return { cancelled: true };
      const { console } = await caller.again();
      const options = { onProgress: follow('reporting'), print, confirm: () => caller.again() };
      return { cancelled: false, value: await console.compliance.reports.bundle(asked, folder, options) };
    },
    'bundle.open': async () => {
      const folder = await dialogs.chooseFolder('Open a bundle');
      if (folder === null) return { cancelled: true };
      return { cancelled: false, value: await watch((watched) => auditor.openBundle(folder, watched)) };
    },
    'bundle.reperform': ({ file }) => watch((watched) => auditor.reperformInBundle(file, watched)),
    'bundle.saveNotes': async (given) => {
      const kind: ExportFileKind = { ending: '.causeway-notes', title: 'Save the notes', name: "Auditor's notes" };
      const file = await dialogs.chooseExportFile(`notes-${today()}${kind.ending}`, kind);
      if (file === null) return { cancelled: true };
      return { cancelled: false, value: await auditor.saveNotes(file, given) };
    },
    'notes.list': async (_input, { console }) => [...(await console.compliance.notes.list())],
    'notes.take': createNotesTaking(dialogs),
    ...createExampleLoading(desk, follow('loading')),
  };
}

/** Asked for again while it is made, as by a page that was loaded anew, it is the same one. */
function createExampleLoading(
  desk: ComplianceHandlerParts['desk'],
  onProgress: (done: number, total: number) => void,
): Pick<ComplianceHandlers, 'example.load' | 'example.cancelLoad'> {
  let loading: { readonly stop: AbortController; readonly example: Promise<ExampleYear> } | null = null;
  return {
    'example.load': () => {
      if (loading !== null) return loading.example;
      const stop = new AbortController();
      const example = desk.loadExample({ signal: stop.signal, onProgress }).finally(() => {
        loading = null;
      });
      loading = { stop, example };
      return example;
    },
    'example.cancelLoad': () => {
      loading?.stop.abort();
      return {};
    },
  };
}

/** A new key is trusted in a second call, about the file chosen in the first one: the page never names a path. */
function createNotesTaking(dialogs: FileDialogs): ComplianceHandlers['notes.take'] {
  let offered: { readonly file: string; readonly session: string } | null = null;
  return async ({ trust }, caller) => {
    const again = trust !== undefined && offered?.session === caller.principal.session ? offered.file : null;
    const file = again ?? (await dialogs.chooseNotes());
    if (file === null) return { cancelled: true };
    const { console, principal } = await caller.again();
    const result = await console.compliance.notes.take(file, trust);
    offered = result.needsTrust === null ? null : { file, session: principal.session };
    return { cancelled: false, value: result };
  };
}
