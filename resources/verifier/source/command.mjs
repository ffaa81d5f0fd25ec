#!/usr/bin/env node
// The command line.
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeText } from './bytes.mjs';
import { MAX_NOTE } from './limits.mjs';
import { describe, nodePlatform, verifyFile } from './node.mjs';
import { SYNTHETIC } from './not-proven.mjs';
import { readNote } from './notes.mjs';
import { printable } from './problems.mjs';
import { readVkey } from './witnesses.mjs';

const USAGE = `usage: node causeway-verify.mjs FILE [--since CHECKPOINT_FILE] [--key KEY_ID] [--witness VKEY]…
                                    [--skip-signatures] [--json]

  --since     an earlier checkpoint of this chain: the file must be an extension of it
  --key       the id of the key the chain must begin with, as you got it another way
  --witness   the key of a witness that must have cosigned the checkpoint; may be given more than once
  --skip-signatures   do not verify the signature of each record: faster, and said to be not proven
  --json      the verdict as one JSON object

Exit status: 0 valid, 1 invalid, 2 unreadable or wrong usage.
`;

/** What was asked for, or why it cannot be done. */
function readRequest(args) {
  let parsed;
  try {
    const text = { type: 'string', multiple: true };
    const options = {
      since: text,
      key: text,
      witness: text,
      'skip-signatures': { type: 'boolean' },
      json: { type: 'boolean' },
    };
    parsed = parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    return describe(error);
  }
  const { values, positionals } = parsed;
  const { since: sinceFiles = [], key: keys = [], witness: witnesses = [], json = false } = values;
  if (positionals.length !== 1) return 'one file is to be named';
  if (sinceFiles.length > 1 || keys.length > 1) return '--since and --key can be given once';
  const [sinceFile] = sinceFiles;
  const [key] = keys;
  if (key !== undefined && !/^[0-9a-f]{16}$/.test(key)) return 'a key id is 16 hexadecimal digits';
  for (const vkey of witnesses) {
    const witness = readVkey(nodePlatform, vkey);
    if (typeof witness === 'string') return `the witness key "${printable(vkey)}" cannot be used: ${witness}`;
  }
  let since;
  if (sinceFile !== undefined) {
    try {
      since = readSmallFile(sinceFile);
    } catch (error) {
      return `the checkpoint file cannot be read: ${describe(error)}`;
    }
    const note = readNote(since);
    if (typeof note === 'string') return `the checkpoint file is no checkpoint: ${note}`;
  }
  return { file: positionals[0], since, key, witnesses, signatures: !values['skip-signatures'], json };
}

/** A regular file of 64 KiB at most: what is no checkpoint is not read to its end. */
function readSmallFile(path) {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(file).isFile()) throw new Error('it is not a file');
    const bytes = Buffer.alloc(MAX_NOTE + 1);
    let length = 0;
    for (let got = 1; got > 0 && length < bytes.length; length += got) {
      got = readSync(file, bytes, length, bytes.length - length, length);
    }
    if (length > MAX_NOTE) throw new Error('it is too long for a checkpoint');
    return decodeText(bytes.subarray(0, length));
  } finally {
    closeSync(file);
  }
}

const HEADLINES = {
  valid: 'VALID: no problem was found',
  invalid: 'INVALID: this file is not what was written',
  unreadable: 'UNREADABLE: this is not a whole chain file',
};
const COLORS = { valid: 32, invalid: 31, unreadable: 33 };

/** The verdict for people. What comes from the file is cleaned of what could steer a terminal. */
function verdictText(verdict, color) {
  const paint = (code, text) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
  const { chain, tenant, selection, first, last, sealed, problems, problemCount, witnesses } = verdict;
  const range = first === null ? '' : ` (${selection}, ${number(first)} to ${number(last)})`;
  const rows = [
    ['file', printable(verdict.file)],
    ['chain', chain ?? 'unknown'],
    ['tenant', tenant ?? 'unknown'],
    ['records', number(verdict.records) + range],
    ['head', verdict.head ?? 'unknown'],
    ['root', verdict.root ?? 'unknown'],
    ...verdict.keys.map((key) => [
      'key',
      `${key.id} ${key.alg}, in force from ${number(key.fromSeq)}, ${number(key.records)} records`,
    ]),
    ...witnesses.map(({ name, keyId, time, state }) => [
      'witness',
      `${printable(name)} ${keyId}, ${time ?? 'no time'}, ${state === 'verified' ? 'verified' : 'its key is not known here'}`,
    ]),
    [
      'sealed',
      Object.entries(sealed)
        .map(([state, count]) => `${number(count)} ${state}`)
        .join(', '),
    ],
    ['time', `${number(verdict.elapsedMs)} ms`],
  ];
  const lines = [paint(`1;${COLORS[verdict.verdict]}`, HEADLINES[verdict.verdict])];
  if (verdict.synthetic) lines.push(paint('1;33', SYNTHETIC));
  lines.push('');
  for (const [name, value] of rows) lines.push(`  ${paint(2, name.padEnd(9))}${value}`);
  if (problemCount > 0) {
    const cut = problemCount > problems.length ? `, the first ${number(problems.length)} of them` : '';
    lines.push('', `${number(problemCount)} problem${problemCount === 1 ? '' : 's'}${cut}`, '');
    for (const { line, seq, code, message } of problems) {
      const place = line === 0 ? 'file' : `line ${line}`;
      lines.push(`  ${place}${seq === undefined ? '' : `, seq ${seq}`}  ${paint(1, code)}: ${printable(message)}`);
    }
  }
  lines.push('', 'What this file cannot prove', '', ...verdict.notProven.map((text) => `  - ${text}`));
  return `${lines.join('\n')}\n`;
}

async function main(args) {
  const request = readRequest(args);
  if (typeof request === 'string') {
    process.stderr.write(`${request}\n\n${USAGE}`);
    return 2;
  }
  const verdict = await verifyFile(request.file, request);
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(request.json ? `${JSON.stringify(verdict)}\n` : verdictText(verdict, color));
  return { valid: 0, invalid: 1, unreadable: 2 }[verdict.verdict];
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.stdout.on('error', () => undefined); // a reader that stops reading does not change the status
  main(process.argv.slice(2)).then(
    (status) => {
      process.exitCode = status;
    },
    (error) => {
      process.stderr.write(`causeway-verify cannot go on: ${describe(error)}\n`);
      process.exitCode = 2;
    },
  );
}
