import path from 'node:path';
import { parseArgs } from 'node:util';
import { createAuditorDesk } from '#main/console/compliance/auditor-desk.ts';
import type { AuditorDesk } from '#main/console/compliance/compliance-desk.ts';
import { KEYCHAIN_SERVICE } from '#main/console/local-station.ts';
import { openKeychain } from '#main/credentials/keychain.ts';
import { createMemorySecrets } from '#main/credentials/memory-secrets.ts';
import { deviceIdentity } from '#main/platform/local-identity.ts';
import { CausewayError } from '#shared/errors.ts';
import { AuditorNote } from '#shared/ipc/compliance-views.ts';
import type { ReportRequest } from '#shared/model/report.ts';
import type { Io } from '../io.ts';
import { percentLine } from '../percent-line.ts';
import { presentBundle } from '../present-evidence.ts';
import { answerReperformed } from '../reperformed.ts';
import { REPORT_OPTIONS, REPORT_USAGE, readReportRequest } from '../report-options.ts';
import { tellUnsound } from '../unsound.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';
import { defaultDataFolder, VERSION } from '../workspace.ts';

const DISCLOSE = ['none', 'reports', 'all'] as const;

const VERBS: Readonly<Record<string, Verb>> = {
  make: {
    access: 'bundle make',
    usage: `--in FOLDER --report KIND [--report KIND]... [--open none|reports|all] [--machine] ${REPORT_USAGE}`,
    options: {
      in: { type: 'string' },
      report: { type: 'string', multiple: true },
      open: { type: 'string' },
      machine: { type: 'boolean' },
      ...REPORT_OPTIONS,
    },
    prepare: (typed) => {
      const kinds = typed.texts('report');
      const parent = typed.text('in');
      const disclose = DISCLOSE.find((word) => word === (typed.text('open') ?? 'none'));
      if (exactly(typed.words, 0) === null || parent === undefined || kinds.length === 0 || disclose === undefined)
        return null;
      const now = Date.now();
      const requests: ReportRequest[] = [];
      for (const kind of kinds) {
        const request = readReportRequest(kind, typed, { now });
        if (typeof request === 'string') return request;
        requests.push(request);
      }
      const asked = { reports: requests, disclose, machine: typed.flag('machine') };
      return (call) => make(call, asked, path.resolve(parent));
    },
  },
};

const USAGE = `       causeway bundle verify FOLDER [--json]
       causeway bundle reperform FOLDER REPORT [--json]
         REPORT as bundle verify lists it, such as reports/1-soc2-type2.html
       causeway bundle note FOLDER --auditor NAME --out FILE.causeway-notes
         --note 'accepted|flagged|question REPORT_DIGEST report|exception|sample|control ID TEXT' [--note …]
         these need no workspace and no account; notes are signed with a key of this device
`;

/** `causeway bundle`: everything an auditor needs in one folder, and what an auditor does with it. */
export async function runBundle(args: readonly string[], io: Io): Promise<number> {
  const [verb, ...rest] = args;
  switch (verb) {
    case 'verify':
      return verify(rest, io);
    case 'reperform':
      return reperform(rest, io);
    case 'note':
      return note(rest, io);
    case 'make':
      return runVerbs('bundle', VERBS, args, io);
    default: {
      const status = await runVerbs('bundle', VERBS, args, io);
      io.stderr(USAGE);
      return status;
    }
  }
}

async function make(
  call: Call,
  asked: Parameters<Call['console']['compliance']['reports']['bundle']>[0],
  parent: string,
) {
  const { console, io, say } = call;
  await console.compliance.counted();
  const made = await percentLine(io, 'records', (onProgress) =>
    console.compliance.reports.bundle(asked, parent, { onProgress }),
  );
  say(
    made,
    `${made.folder}\n${made.files} files; manifest ${made.manifest}, signed and on record\nThe auditor checks it with: causeway bundle verify FOLDER, or as its README.txt says\n`,
  );
  tellUnsound(console.compliance.reports, io);
  return 0;
}

/** Without an account and without a keychain. */
function deskWithoutKeys(): AuditorDesk {
  return createAuditorDesk({ secrets: createMemorySecrets(), device: { id: 'none', name: 'none' }, version: VERSION });
}

async function verify(args: readonly string[], io: Io): Promise<number> {
  const read = readFolder(args, 1);
  if (read === null) return wrong(io);
  const view = await percentLine(io, 'bytes', (onProgress) =>
    deskWithoutKeys().openBundle(read.folder, { onProgress }),
  );
  io.stdout(read.json ? `${JSON.stringify(view)}\n` : presentBundle(view));
  return view.verdict === 'complete' && view.chainVerdict.verdict === 'valid' ? 0 : 1;
}

async function reperform(args: readonly string[], io: Io): Promise<number> {
  const read = readFolder(args, 2);
  if (read === null) return wrong(io);
  const desk = deskWithoutKeys();
  return answerReperformed(io, 'bundle', read.json, async () => {
    await desk.openBundle(read.folder);
    return percentLine(io, 'records', (onProgress) => desk.reperformInBundle(read.more[0] ?? '', { onProgress }));
  });
}

async function note(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      auditor: { type: 'string' },
      out: { type: 'string' },
      note: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
    },
  });
  const [folder] = positionals;
  const notes = (values.note ?? []).map(readNote);
  const auditor = values.auditor?.trim() ?? '';
  if (
    positionals.length !== 1 ||
    folder === undefined ||
    auditor === '' ||
    values.out === undefined ||
    notes.length === 0
  ) {
    return wrong(io);
  }
  const given = notes.filter((one) => one !== null);
  if (given.length < notes.length) {
    throw new CausewayError(
      'bad-input',
      'A note is: verdict, digest of the report, what it is about, its id, and a text.',
    );
  }
  const desk = createAuditorDesk({
    secrets: await openKeychain(KEYCHAIN_SERVICE),
    device: deviceIdentity(defaultDataFolder()),
    version: VERSION,
  });
  const { manifest } = await desk.openBundle(path.resolve(folder));
  const made = await desk.saveNotes(path.resolve(values.out), { auditor, notes: given });
  io.stdout(
    values.json
      ? `${JSON.stringify(made)}\n`
      : `${made.file}\n${given.length === 1 ? '1 note' : `${given.length} notes`} on the bundle with the manifest ${manifest},\nsigned with the key ${made.key}: tell it another way to those who get the file\n`,
  );
  return 0;
}

/** `flagged 3f…a1 exception AC-03:late:812 The text`. */
function readNote(text: string): AuditorNote | null {
  const [verdict, report, what, id, ...words] = text.trim().split(/\s+/);
  return AuditorNote.safeParse({ about: { report, what, id }, verdict, text: words.join(' ') }).data ?? null;
}

function readFolder(args: readonly string[], words: 1 | 2) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  const [folder, ...more] = positionals;
  return folder === undefined || positionals.length !== words
    ? null
    : { folder: path.resolve(folder), more, json: values.json };
}

function wrong(io: Io): number {
  io.stderr(`usage:\n${USAGE}`);
  return 2;
}
