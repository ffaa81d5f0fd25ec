import { constants, open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { MAX_NOTE, parseNote } from '#main/audit/checkpoint.ts';
import { printable } from '#main/audit/problems.ts';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { readVkey } from '#main/audit/witness/vkey.ts';
import { describeError } from '#shared/errors.ts';
import { SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { progressLine } from '../progress-line.ts';
import { asksForHelp } from '../usage.ts';

export interface TextIo {
  stdout(text: string): void;
  stderr(text: string): void;
}

const USAGE =
  'usage: causeway verify FILE [--since CHECKPOINT_FILE] [--key KEY_ID] [--witness VKEY] [--skip-signatures] [--json]\n';

interface Request {
  readonly file: string;
  readonly since: string | undefined;
  readonly key: string | undefined;
  readonly witnesses: readonly string[];
  /** Record signatures are left out, and the verdict says so. */
  readonly skipSignatures: boolean;
  readonly json: boolean;
}

/**
 * `causeway verify`: needs no database, no keychain, nothing but the file. Exit status 0 valid, 1 invalid, 2 unreadable
 * or wrong usage.
 */
export async function runVerify(args: readonly string[], io: TextIo): Promise<number> {
  if (asksForHelp(args)) {
    io.stdout(USAGE);
    return 0;
  }
  const request = await readRequest(args);
  if (typeof request === 'string') {
    io.stderr(`${request}\n${USAGE}`);
    return 2;
  }
  const { file, since, key, witnesses, skipSignatures, json } = request;
  const progress = progressLine();
  const onProgress = (done: number, total: number) => progress.show(done, total);
  const verdict = await verifyChainFile(file, {
    since,
    key,
    witnesses,
    signatures: !skipSignatures,
    onProgress,
  }).finally(progress.clear);
  io.stdout(json ? `${JSON.stringify(verdict)}\n` : verdictText(verdict));
  switch (verdict.verdict) {
    case 'valid':
      return 0;
    case 'invalid':
      return 1;
    case 'unreadable':
      return 2;
  }
}

async function readRequest(args: readonly string[]): Promise<Request | string> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return describeError(error);
  }
  const [file, ...more] = parsed.positionals;
  const { since: sinceFiles = [], key: keys = [], witness: witnesses = [], json } = parsed.values;
  const [sinceFile, ...moreFiles] = sinceFiles;
  const [key, ...moreKeys] = keys;
  if (file === undefined || more.length > 0) return 'one file is to be named';
  // the last one would win without a word, and whoever asked for both believe both were looked at
  if (moreFiles.length > 0 || moreKeys.length > 0) return '--since and --key can be given once';
  if (key !== undefined && !/^[0-9a-f]{16}$/.test(key)) return 'a key id is 16 hexadecimal digits';
  for (const vkey of witnesses) {
    const witness = readVkey(vkey);
    if (typeof witness === 'string') return `the witness key "${printable(vkey)}" cannot be used: ${witness}`;
  }
  let since: string | undefined;
  if (sinceFile !== undefined) {
    try {
      since = await readCheckpointFile(sinceFile);
    } catch (error) {
      return `the checkpoint file cannot be read: ${describeError(error)}`;
    }
    const note = parseNote(since);
    if (typeof note === 'string') return `the checkpoint file is no checkpoint: ${note}`;
  }
  const skipSignatures = parsed.values['skip-signatures'] ?? false;
  return { file, since, key, witnesses, skipSignatures, json: json ?? false };
}

/** A regular file of 64 KiB at most: what is no checkpoint is not read to its end. */
async function readCheckpointFile(path: string): Promise<string> {
  // O_NONBLOCK: opening a FIFO must not wait for its writer
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw new Error('it is not a file');
    const bytes = Buffer.alloc(MAX_NOTE + 1);
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await handle.read(bytes, read, bytes.length - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    if (read > MAX_NOTE) throw new Error('it is too long for a checkpoint');
    return decodeText(bytes.subarray(0, read));
  } finally {
    await handle.close();
  }
}

/** UTF-8 as it stands, a byte order mark too: what is no text of that form is no checkpoint. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Error('it is not UTF-8', { cause });
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      since: { type: 'string', multiple: true },
      key: { type: 'string', multiple: true },
      witness: { type: 'string', multiple: true },
      'skip-signatures': { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
}

const WORDS: Readonly<Record<Verdict['verdict'], string>> = {
  valid: 'VALID: no problem was found',
  invalid: 'INVALID: this file is not what was written',
  unreadable: 'UNREADABLE: this is not a whole chain file',
};

/** The verdict for people. Everything that comes from the file is cleaned of what could steer a terminal. */
function verdictText(verdict: Verdict): string {
  const { sealed, problems, problemCount } = verdict;
  const lines = [
    WORDS[verdict.verdict],
    ...(verdict.synthetic ? [SYNTHETIC_CHAIN] : []),
    '',
    `file      ${printable(verdict.file)}`,
    `chain     ${verdict.chain ?? 'unknown'}${verdict.tenant === null ? '' : `, tenant ${verdict.tenant}`}`,
    `records   ${verdict.records}${rangeText(verdict)}`,
    `head      ${verdict.head ?? 'unknown'}`,
    `root      ${verdict.root ?? 'unknown'}`,
    ...verdict.keys.map(
      ({ id, alg, fromSeq, records }) => `key       ${id} ${alg} from ${fromSeq}, ${records} records`,
    ),
    ...verdict.witnesses.map(
      ({ name, keyId, time, state }) =>
        `witness   ${printable(name)} ${keyId} ${time ?? 'no time'}, ${state === 'verified' ? 'verified' : 'its key is not known here'}`,
    ),
    `sealed    ${sealed.disclosed} disclosed, ${sealed.withheld} withheld, ${sealed.erased} erased, ${sealed.mismatched} mismatched`,
    `time      ${verdict.elapsedMs} ms`,
  ];
  if (problemCount > 0) {
    const cut = problemCount > problems.length ? `, the first ${problems.length} of them` : '';
    lines.push('', `${problemCount} problem${problemCount === 1 ? '' : 's'}${cut}:`);
    for (const { line, seq, code, message } of problems) {
      lines.push(`  line ${line}${seq === undefined ? '' : ` seq ${seq}`}  ${code}: ${printable(message)}`);
    }
  }
  lines.push('', 'Not proven by this file:', ...verdict.notProven.map((text) => `  - ${text}`));
  return `${lines.join('\n')}\n`;
}

function rangeText({ first, last, selection }: Verdict): string {
  return first === null || last === null ? '' : ` (${selection}, ${first} to ${last})`;
}
