import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyDocument } from '#main/audit/signed-document.ts';
import { verifyAndDigest } from '#main/audit/verify-file.ts';
import { readSmallFile } from '#main/platform/atomic-file.ts';
import { CausewayError } from '#shared/errors.ts';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { collectHeader, type HeaderCollector } from './chain-header.ts';
import { type FileReading, listFolder, lookAtFile } from './found-files.ts';
import {
  BUNDLE_FORMAT,
  type BundleEntry,
  MANIFEST_FILE,
  MOST_FILES,
  MOST_MANIFEST_BYTES,
  manifestDigest,
  readManifest,
  type SignedManifest,
} from './manifest.ts';
import { type ReportsLimits, readReports } from './read-reports.ts';

const MOST_PROBLEMS = 1000;
const MOST_CHAIN_PROBLEMS = 100;
/** Stands for a digest that was not computed. */
const NOT_COMPUTED = '0'.repeat(64);

export interface ReadBundleOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes read, and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** What is taken of its reports; as docs/auditor-bundle.md says unless told otherwise. */
  readonly limits?: ReportsLimits | undefined;
}

/** A bundle as it was found, and where its parts are. */
export interface OpenedBundle {
  readonly view: BundleView;
  /** Path of the chain file; null where it is not as the manifest says. */
  readonly chain: string | null;
  /** Path of a report by its name in the manifest; null where it is none, or not as the manifest says. */
  pathOf(file: string): string | null;
  /**
   * Whether a file named by the manifest still is what it was: time has passed since it was read.
   * @throws CausewayError `cancelled`
   */
  stillHolds(file: string, signal?: AbortSignal): Promise<boolean>;
  /** Name of the chain file in the manifest. */
  readonly chainFile: string;
}

/**
 * Looks at a folder somebody gave us: each file against the manifest, the manifest's signature against the keys of the
 * chain, the chain by itself. Everything in the folder may be hostile: nothing outside of it is read, and no name out of
 * it is followed that is not plain.
 * @throws CausewayError `bad-input` when it is no bundle, `cancelled`
 */
export async function readBundle(folder: string, options: ReadBundleOptions = {}): Promise<OpenedBundle> {
  try {
    return await look(await realFolder(folder), options);
  } catch (error) {
    if (options.signal?.aborted) throw new CausewayError('cancelled', 'Opening the bundle was cancelled.');
    throw error;
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await lstat(root)).isDirectory()) return root;
  } catch (cause) {
    throw new CausewayError('bad-input', 'This folder cannot be opened.', { reason: 'folder', cause });
  }
  throw new CausewayError('bad-input', 'This is no folder. Choose the folder of the bundle.', { reason: 'folder' });
}

async function look(root: string, { signal, onProgress, limits }: ReadBundleOptions): Promise<OpenedBundle> {
  const signed = await manifestIn(root);
  const { manifest } = signed;
  const problems: BundleView['problems'] = [];
  const problem = (file: string, text: string): void => {
    if (problems.length < MOST_PROBLEMS) problems.push({ file: file.slice(0, 1024), text: text.slice(0, 2000) });
  };
  const chainEntry = manifest.files.find(({ kind }) => kind === 'chain');
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) + (chainEntry?.bytes ?? 0);
  let done = 0;
  const onBytes = (bytes: number): void => {
    done += bytes;
    onProgress?.(Math.min(done, total), total);
  };
  const reading: FileReading = { root, signal, onBytes };
  const files: BundleView['files'] = [];
  const header = collectHeader();
  for (const entry of manifest.files) {
    const pieces = entry.kind === 'chain' ? { onPiece: header.take } : {};
    files.push(await compare(entry, { ...reading, ...pieces }, problem));
  }
  files.push(...(await unexpected(manifest.files, reading, problem, MOST_FILES - files.length)));
  const holding = new Set(files.filter(({ state }) => state === 'holds').map(({ file }) => file));
  const pathOf = (file: string): string => join(root, ...file.split('/'));

  const chain = await verifyChain(chainEntry, { pathOf, signal, problem, onBytes, header, holds: holding });
  // what nobody stands for is not read: a report is large, and hostile where its maker is
  const keys = checkSignature(signed, chain, problem) ? chain.keys : null;
  const entries = manifest.files.filter(({ file, kind }) => kind === 'report' && holding.has(file));
  const terms = { pathOf, chain: manifest.chain, problem, signal, limits };
  const reports = keys === null ? [] : await readReports(entries, { ...terms, keys });
  const { key, alg } = signed.signature;
  const view: BundleView = {
    folder: root.slice(0, 4096),
    manifest: manifestDigest(manifest),
    tenant: manifest.tenant,
    chain: manifest.chain,
    madeAt: manifest.madeAt,
    key: { id: key, alg, holds: keys !== null },
    verdict:
      problems.length > 0 || keys === null
        ? 'damaged'
        : chain.verdict.verdict === 'valid'
          ? 'complete'
          : 'broken-chain',
    problems,
    files,
    reports,
    chainVerdict: {
      verdict: chain.verdict.verdict,
      problems: chain.verdict.problems.slice(0, MOST_CHAIN_PROBLEMS),
      ...(chain.verdict.synthetic ? { synthetic: true } : {}),
    },
  };
  const chainFile = chainEntry !== undefined && holding.has(chainEntry.file) ? pathOf(chainEntry.file) : null;
  return {
    view,
    chain: chainFile,
    pathOf: (file) => (reports.some((one) => one.file === file) ? pathOf(file) : null),
    stillHolds: (file, again) => stillHolds(root, manifest.files, file, again),
    chainFile: chainEntry?.file ?? '',
  };
}

async function stillHolds(
  root: string,
  entries: readonly BundleEntry[],
  file: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const entry = entries.find((one) => one.file === file);
  if (entry === undefined) return false;
  const found = await lookAtFile(file, entry.bytes, { root, signal });
  return found.kind === 'file' && found.digest === entry.digest;
}

async function manifestIn(root: string): Promise<SignedManifest> {
  const path = join(root, MANIFEST_FILE);
  let bytes: Uint8Array;
  try {
    if (!(await lstat(path)).isFile()) throw new Error('it is a link, or no file');
    bytes = await readSmallFile(path, MOST_MANIFEST_BYTES);
  } catch (cause) {
    const text = `There is no ${MANIFEST_FILE} in this folder that can be read, so it is no bundle. Choose the folder that has README.txt in it.`;
    throw new CausewayError('bad-input', text, { reason: 'manifest', cause });
  }
  return readManifest(bytes);
}

type Tell = (file: string, text: string) => void;

async function compare(entry: BundleEntry, reading: FileReading, problem: Tell): Promise<BundleView['files'][number]> {
  const { file, bytes, digest, what } = entry;
  const found = await lookAtFile(file, bytes, reading);
  const row = (state: BundleView['files'][number]['state']) => ({ file, bytes, digest, what, state });
  switch (found.kind) {
    case 'file':
      if (found.digest === digest) return row('holds');
      problem(file, 'It was changed: its SHA-256 is not the one the manifest names.');
      return row('changed');
    case 'other-size':
      problem(file, `It was changed: it has ${found.bytes} bytes, and the manifest says ${bytes}.`);
      return row('changed');
    case 'missing':
      problem(file, 'It is missing.');
      return row('missing');
    case 'refused':
      problem(file, `It is not read: ${found.why}.`);
      return row('changed');
  }
}

/** What lies there and the manifest does not name: nobody signed it. */
async function unexpected(
  entries: readonly BundleEntry[],
  reading: FileReading,
  problem: Tell,
  most: number,
): Promise<BundleView['files']> {
  const named = new Set([MANIFEST_FILE, ...entries.map(({ file }) => file)]);
  const { files, whole } = await listFolder(reading.root, reading.signal);
  if (!whole) problem('.', 'There is more in this folder than a bundle holds; not all of it was looked at.');
  const rows: BundleView['files'] = [];
  for (const file of files) {
    if (named.has(file)) continue;
    const shown = toShown(file);
    problem(shown, 'It is not named by the manifest: whoever made the bundle did not sign it.');
    if (rows.length >= most) continue;
    const found = await lookAtFile(file, null, { root: reading.root, signal: reading.signal });
    const bytes = 'bytes' in found ? found.bytes : 0;
    const digest = found.kind === 'file' ? found.digest : NOT_COMPUTED;
    rows.push({ file: shown, bytes, digest, what: 'Not part of the bundle.', state: 'unexpected' });
  }
  return rows;
}

/** A name somebody chose, as it can be shown: without what is not seen, or turns the text around. */
function toShown(file: string): string {
  return file
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd')
    .toWellFormed()
    .slice(0, 1024);
}

interface FoundChain {
  readonly verdict: Pick<Verdict, 'verdict' | 'problems' | 'synthetic'>;
  readonly chain: string | null;
  readonly tenant: string | null;
  /** null where what the file says of keys does not verify: it then counts for nothing. */
  readonly keys: readonly KeyDescription[] | null;
}

async function verifyChain(
  entry: BundleEntry | undefined,
  given: {
    readonly pathOf: (file: string) => string;
    readonly holds: ReadonlySet<string>;
    readonly signal: AbortSignal | undefined;
    readonly problem: Tell;
    readonly onBytes: (bytes: number) => void;
    /** Of the bytes that have the digest of the manifest. */
    readonly header: HeaderCollector;
  },
): Promise<FoundChain> {
  const unread = (message: string): FoundChain => {
    const problems = [{ line: 0, code: 'unreadable' as const, message }];
    return { verdict: { verdict: 'unreadable', problems }, chain: null, tenant: null, keys: null };
  };
  if (entry === undefined || !given.holds.has(entry.file)) {
    return unread('The chain file is not the one the manifest names, so it was not read.');
  }
  const path = given.pathOf(entry.file);
  let before = 0;
  const { verdict, digest } = await verifyAndDigest(path, {
    signal: given.signal,
    onProgress: (done) => {
      given.onBytes(done - before);
      before = done;
    },
  });
  // the very bytes that were verified, should somebody have changed the file since it was looked at
  if (digest !== entry.digest) return unread('The chain file was changed while it was read.');
  const header = given.header.read();
  const { chain, tenant } = verdict;
  if (typeof header === 'string' || !areKeysTold(verdict)) return { verdict, chain, tenant, keys: null };
  if (header.selection !== 'complete')
    given.problem(entry.file, 'The chain file is a part of the chain, not all of it.');
  return { verdict, chain, tenant, keys: header.keys };
}

/**
 * Whether the keys are those the chain introduced. That holds, too, where other records do not: a chain that was broken when
 * the bundle was made of it is no sign that somebody changed the bundle since.
 */
function areKeysTold({ verdict, problems, problemCount }: Verdict): boolean {
  if (verdict === 'valid') return true;
  // of problems that are not listed nobody can say that they are about no key
  return verdict === 'invalid' && problemCount === problems.length && problems.every(({ code }) => code !== 'key');
}

/**
 * By the key that signs the chain at its end: one that was given up may be in anybody's hands.
 * @returns whether it holds by that key
 */
function checkSignature({ manifest, digest, signature }: SignedManifest, found: FoundChain, problem: Tell): boolean {
  const tell = (text: string) => problem(MANIFEST_FILE, text);
  if (digest !== manifestDigest(manifest)) tell('It was changed: its digest is not that of what it says.');
  if (found.keys === null) {
    tell('Who signed it cannot be said: the keys in the chain file do not verify. Its reports were not read.');
    return false;
  }
  if (manifest.chain !== found.chain || manifest.tenant !== found.tenant) {
    tell('It speaks of another chain than the one in this folder.');
  }
  switch (verifyDocument(found.keys, BUNDLE_FORMAT, manifestDigest(manifest), signature)) {
    case 'unknown-key':
      tell('It is signed by a key that is none of this chain: somebody else made it. Its reports were not read.');
      return false;
    case 'wrong':
      tell('Its signature does not hold: it was changed, or somebody else made it. Its reports were not read.');
      return false;
    case 'holds':
      if (found.keys.at(-1)?.id === signature.key) return true;
      tell('It is signed by a key that was no longer in force. Its reports were not read.');
      return false;
  }
}
