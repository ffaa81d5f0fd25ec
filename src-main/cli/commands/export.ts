import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Console } from '#main/console.ts';
import { TrailExport } from '#shared/ipc/views.ts';
import { COMMAND_ACCESS } from '../access.ts';
import type { Interrupts } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { percentLine } from '../percent-line.ts';
import { timeOf } from '../time-option.ts';
import { WORKSPACE_OPTIONS, type WorkspaceOptions, withSeat } from '../workspace.ts';

const ENDINGS: Readonly<Record<TrailExport['format'], string>> = {
  chain: '.chain.jsonl',
  range: '.chain.jsonl',
  extract: '.extract.jsonl',
  ocsf: '.ocsf.jsonl',
  cef: '.cef',
  csv: '.csv',
};

const USAGE = `usage: causeway export --out FILE [--format chain|range|extract|ocsf|cef|csv]
         [--first N] [--last M] [--from TIME] [--to TIME] [--cosigned] [--disclose]
         [--incident ID] [--category NAME] [--action NAME] [--outcome NAME] [--actor ID] [--target ID] [--text WORDS]
         [--data DIR] [--json]
  FILE ends in .chain.jsonl (chain, range), .extract.jsonl, .ocsf.jsonl, .cef or .csv, which says the format where it is not given.
  Personal values stay sealed unless --disclose is given. TIME is RFC 3339, in UTC.
`;

const FILTERS = ['incident', 'category', 'action', 'outcome', 'actor', 'target', 'text'] as const;

/** `causeway export`: the chain, a range, an extract, or a file for another program. Exit status 0 written, 1 not, 2 usage. */
export async function runExport(args: readonly string[], io: Io): Promise<number> {
  const read = readArgs(args);
  if (typeof read === 'string') {
    io.stderr(`${read}\n${USAGE}`);
    return 2;
  }
  const { file, asked, where, json } = read;
  return withSeat({ ...where, access: COMMAND_ACCESS.export }, async ({ console, interrupts }) => {
    const result = await exportWatched(console, interrupts, path.resolve(file), asked, json ? null : io);
    const verifies = asked.format === 'chain' || asked.format === 'range' || asked.format === 'extract';
    const next = verifies ? `Next: causeway verify ${file}\n` : '';
    io.stdout(
      json
        ? `${JSON.stringify(result)}\n`
        : `${result.file}\n${result.records} records, ${result.bytes} bytes, digest ${result.digest}\n${next}`,
    );
    return 0;
  });
}

/** The first Ctrl-C cancels the export and leaves nothing of its file; the workspace is closed as always. */
async function exportWatched(
  console: Console,
  interrupts: Interrupts,
  file: string,
  asked: TrailExport,
  io: Io | null,
): ReturnType<Console['exportTrail']> {
  interrupts.gently(() => console.cancelExport());
  try {
    if (io === null) return await console.exportTrail(file, asked);
    return await percentLine(io, 'records', (onProgress) => console.exportTrail(file, asked, onProgress));
  } finally {
    interrupts.gently(null);
  }
}

interface Request {
  readonly file: string;
  readonly asked: TrailExport;
  readonly where: WorkspaceOptions;
  readonly json: boolean;
}

function readArgs(args: readonly string[]): Request | string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      format: { type: 'string' },
      first: { type: 'string' },
      last: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      incident: { type: 'string' },
      category: { type: 'string' },
      action: { type: 'string' },
      outcome: { type: 'string' },
      actor: { type: 'string' },
      target: { type: 'string' },
      text: { type: 'string' },
      cosigned: { type: 'boolean' },
      disclose: { type: 'boolean', default: false },
      withhold: { type: 'boolean', default: false },
      ...WORKSPACE_OPTIONS,
      json: { type: 'boolean', default: false },
    },
  });
  const files = [...(values.out === undefined ? [] : [values.out]), ...positionals];
  const [file] = files;
  if (file === undefined || files.length > 1) return 'one file is to be named';
  if (values.withhold && values.disclose) return '--withhold and --disclose contradict each other';
  const members = FILTERS.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]] as const]));
  const query = members.length === 0 ? undefined : Object.fromEntries(members);
  const edges = [values.first, values.last, values.from, values.to];
  const ranged = edges.some((edge) => edge !== undefined);
  const format = values.format ?? formatOf(file, ranged, query !== undefined);
  const [from, to] = [timeOf(values.from), timeOf(values.to)];
  if (from === null || to === null) return 'a time is written like 2026-03-01T12:00:00Z, a day like 2026-03-01';
  const asked = TrailExport.safeParse({
    format,
    query,
    first: numberOf(values.first),
    last: numberOf(values.last),
    from,
    to,
    cosigned: values.cosigned,
    disclose: values.disclose,
  });
  if (!asked.success) {
    const [issue] = asked.error.issues;
    return `--${String(issue?.path.at(-1) ?? 'format')} cannot be used like this: ${issue?.message ?? 'unknown'}`;
  }
  const ending = ENDINGS[asked.data.format];
  if (!file.endsWith(ending)) return `a file of format ${asked.data.format} ends in ${ending}`;
  return { file, asked: asked.data, where: { data: values.data, workspace: values.workspace }, json: values.json };
}

/** What the file's name and the selection ask for. */
function formatOf(file: string, ranged: boolean, filtered: boolean): TrailExport['format'] | undefined {
  if (file.endsWith('.chain.jsonl')) return ranged && !filtered ? 'range' : 'chain';
  const found = (['extract', 'ocsf', 'cef', 'csv'] as const).find((format) => file.endsWith(ENDINGS[format]));
  return found;
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
}
