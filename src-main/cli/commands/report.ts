import path from 'node:path';
import { parseArgs } from 'node:util';
import { createAuditorDesk } from '#main/console/compliance/auditor-desk.ts';
import type { OnProgress, ReportFormat } from '#main/console/compliance/compliance-desk.ts';
import { createMemorySecrets } from '#main/credentials/memory-secrets.ts';
import { MachineFormat } from '#shared/ipc/compliance-channels.ts';
import { FrameworkId } from '#shared/model/control.ts';
import { REPORT_KINDS, type ReportRequest } from '#shared/model/report.ts';
import { type Io, plain } from '../io.ts';
import { percentLine } from '../percent-line.ts';
import { answerReperformed } from '../reperformed.ts';
import {
  REPORT_OPTIONS,
  REPORT_USAGE,
  readReportRequest,
  readWindow,
  WINDOW_MEANING,
  WINDOW_USAGE,
} from '../report-options.ts';
import { tellUnsound } from '../unsound.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';
import { VERSION } from '../workspace.ts';

const ENDINGS: Readonly<Record<string, ReportFormat>> = { '.html': 'html', '.json': 'json' };
const REPERFORM_USAGE = 'usage: causeway report reperform REPORT --chain FILE [--json]\n';

const VERBS: Readonly<Record<string, Verb>> = {
  list: { access: 'report list', usage: '', prepare: ({ words }) => exactly(words, 0) && list },
  make: {
    access: 'report make',
    usage: `KIND --out FILE.html|FILE.json ${REPORT_USAGE}\n         KIND is one of ${REPORT_KINDS.join(', ')}`,
    options: { out: { type: 'string' }, ...REPORT_OPTIONS },
    prepare: (typed) => {
      const only = exactly(typed.words, 1);
      const out = typed.text('out');
      if (only === null || out === undefined) return null;
      const format = ENDINGS[path.extname(out)];
      if (format === undefined) return 'a report ends in .html or .json; a PDF is made in the window';
      const request = readReportRequest(only[0], typed, { now: Date.now() });
      if (typeof request === 'string') return request;
      return (call) => make(call, request, format, path.resolve(out));
    },
  },
  machine: {
    access: 'report make',
    usage: `FORMAT [--framework NAME] --out FILE ${WINDOW_USAGE}
         FORMAT is one of ${MachineFormat.options.join(', ')}
         FILE ends in .json, or in .jsonl for ocsf-findings, which is one finding to a line
${WINDOW_MEANING}`,
    options: { out: { type: 'string' }, framework: { type: 'string' }, ...REPORT_OPTIONS },
    prepare: (typed) => {
      const format = MachineFormat.safeParse(exactly(typed.words, 1)?.[0]);
      const framework = FrameworkId.safeParse(typed.text('framework') ?? 'soc2');
      const out = typed.text('out');
      if (!format.success || !framework.success || out === undefined) return null;
      const window = readWindow(typed, { now: Date.now() });
      if (typeof window === 'string') return window;
      return async ({ console, say, io }) => {
        const asked = { format: format.data, framework: framework.data, window };
        const saved = await withProgress(io, (onProgress) =>
          console.compliance.reports.machine(asked, path.resolve(out), { onProgress }),
        );
        say(saved, `${saved.file}\nSHA-256 ${saved.digest}, ${saved.bytes} bytes, on record\n`);
        tellUnsound(console.compliance.reports, io);
        return 0;
      };
    },
  },
};

/** `causeway report`: evidence reports, and computing them again from an exported chain. */
export async function runReport(args: readonly string[], io: Io): Promise<number> {
  return args[0] === 'reperform' ? reperform(args.slice(1), io) : runVerbs('report', VERBS, args, io);
}

async function list({ console, say }: Call): Promise<number> {
  await console.compliance.counted();
  const reports = console.compliance.reports.list();
  const lines = reports.map(
    ({ seq, time, kind, framework, from, to, format, digest }) =>
      `${seq}  ${time}  ${kind ?? framework} as ${format}  ${from.slice(0, 10)} to ${to.slice(0, 10)}\n  SHA-256 ${digest}\n`,
  );
  say(reports, lines.length === 0 ? 'No report was made yet.\n' : lines.join(''));
  return 0;
}

async function make(call: Call, request: ReportRequest, format: ReportFormat, file: string): Promise<number> {
  const { console, io, say, interrupts } = call;
  const { reports } = console.compliance;
  await console.compliance.counted(); // what an auditor would send back is told from what is counted
  for (const { level, text, remedy } of reports.preflight(request)) {
    io.stderr(
      `${level === 'sent-back' ? 'An auditor would send this back' : 'An auditor would ask'}: ${text} ${remedy}\n`,
    );
  }
  interrupts.gently(() => reports.cancel());
  try {
    const signed = await withProgress(io, (onProgress) => reports.preview(request, { onProgress }));
    const saved = await reports.save(signed.digest, format, file);
    const { document } = signed;
    const { population, exceptions, warnings } = document;
    const said =
      `${saved.file}\n${plain(document.title)}\n` +
      `records ${population.range.first} to ${population.range.last}, ${population.inScope} in scope, ${exceptions.length} exceptions\n` +
      `${warnings.map((warning) => `! ${plain(warning)}\n`).join('')}` +
      `report  ${signed.digest}\nfile    ${saved.digest}, on record\n`;
    say(
      { ...saved, report: signed.digest, inScope: population.inScope, exceptions: exceptions.length, warnings },
      said,
    );
    tellUnsound(reports, io);
    return 0;
  } finally {
    interrupts.gently(null);
  }
}

/** Needs no workspace and no account. */
async function reperform(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { chain: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [report] = positionals;
  if (positionals.length !== 1 || report === undefined || values.chain === undefined) {
    io.stderr(REPERFORM_USAGE);
    return 2;
  }
  const files = { report: path.resolve(report), chain: path.resolve(values.chain) };
  const desk = createAuditorDesk({
    secrets: createMemorySecrets(),
    device: { id: 'none', name: 'none' },
    version: VERSION,
  });
  return answerReperformed(io, 'report', values.json, () =>
    withProgress(io, (onProgress) => desk.reperform(files, { onProgress })),
  );
}

function withProgress<T>(io: Io, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  return percentLine(io, 'records', work);
}
