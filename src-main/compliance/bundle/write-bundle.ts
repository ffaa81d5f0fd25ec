import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hashRecord } from '#main/audit/hash.ts';
import type { DocumentFormat, DocumentSignature } from '#main/audit/signed-document.ts';
import type { Random } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import { isSyntheticFile } from './chain-origin.ts';
import {
  BUNDLE_FORMAT,
  type BundleEntry,
  type BundleFileKind,
  BundlePath,
  MANIFEST_FILE,
  Manifest,
  manifestDigest,
  writeManifest,
} from './manifest.ts';
import { makeFolder, type NewFolder } from './new-folder.ts';
import {
  CHAIN_FILE,
  README_FILE,
  SUMS_FILE,
  VERIFIER_PAGE,
  VERIFIER_SCRIPT,
  writeReadme,
  writeSums,
} from './readme.ts';

/** A file that is ready: a report in one of its forms, or one for other programs. */
export interface NewBundleFile {
  /** Below `reports/` or `machine/`. */
  readonly file: string;
  readonly kind: Extract<BundleFileKind, 'report' | 'machine'>;
  /** One line, for people. */
  readonly what: string;
  readonly bytes: Uint8Array;
  /** Of a report: the digest of its document, the same in each of its forms. */
  readonly document?: string | undefined;
}

export interface MadeBundle {
  readonly folder: string;
  /** Digest of the manifest. */
  readonly manifest: string;
  /** With the manifest. */
  readonly files: number;
}

export interface BundleOptions {
  /** The folder it is made in. */
  readonly parent: string;
  readonly about: Pick<Manifest, 'chain' | 'tenant' | 'madeAt' | 'made' | 'build' | 'disclosed'>;
  readonly files: readonly NewBundleFile[];
  /** Whether the reports say that the chain does not hold. */
  readonly unsound?: boolean | undefined;
  /** The stand-alone verifier, as the product brings it. */
  readonly verifier: { readonly script: Uint8Array; readonly page: Uint8Array };
  /** Exports the chain to this path; with the digest of the file. */
  readonly writeChain: (path: string) => Promise<{ readonly digest: string }>;
  readonly signer: { signDocument(format: DocumentFormat, digest: string): Promise<DocumentSignature> };
  /** Puts on record that it was made, before it appears under its name: digest of the manifest, and of the reports' documents. */
  readonly record: (made: { readonly manifest: string; readonly reports: readonly string[] }) => Promise<unknown>;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes everything an auditor needs into a new folder (docs/auditor-bundle.md). It appears under its name when all of it
 * is there, signed and on record; on any failure nothing is left.
 * @throws CausewayError `bad-input` for names that are none, `cancelled`, `disk-full`, `read-only`, and what the callbacks throw
 */
export async function writeBundle(options: BundleOptions): Promise<MadeBundle> {
  const { parent, about, record, random } = options;
  const name = `causeway-${about.tenant}-${about.madeAt.slice(0, 10)}`;
  let manifest = '';
  let count = 0;
  const folder = await makeFolder(parent, name, random, Date.parse(about.madeAt), async (place) => {
    const files = await writeFiles(place, options);
    const signed = await signManifest(options, files);
    await place.write(MANIFEST_FILE, writeManifest(signed));
    manifest = signed.digest;
    count = files.length + 1;
    requireGoingOn(options);
    await record({ manifest, reports: [...new Set(options.files.flatMap(({ document }) => document ?? []))] });
  });
  return { folder, manifest, files: count };
}

async function writeFiles(place: NewFolder, options: BundleOptions): Promise<readonly BundleEntry[]> {
  const { about, files, verifier, writeChain } = options;
  const entries: BundleEntry[] = [];
  const write = async (file: string, kind: BundleFileKind, what: string, bytes: Uint8Array): Promise<void> => {
    requireGoingOn(options);
    if (!BundlePath.safeParse(file).success) {
      throw new CausewayError('bad-input', `${file.slice(0, 100)} is no name for a file of a bundle.`);
    }
    await place.write(file, bytes);
    entries.push({ file, kind, bytes: bytes.length, digest: hashRecord(bytes), what });
  };
  for (const { file, kind, what, bytes } of files) await write(`${FOLDERS[kind]}/${file}`, kind, what, bytes);
  requireGoingOn(options);
  const path = join(place.path, CHAIN_FILE);
  const { digest } = await writeChain(path);
  const { size } = await stat(path);
  entries.push({
    file: CHAIN_FILE,
    kind: 'chain',
    bytes: size,
    digest,
    what: 'The audit chain, whole, with its checkpoint.',
  });
  await write(VERIFIER_SCRIPT, 'verifier', 'Verifies the chain: node causeway-verify.mjs FILE.', verifier.script);
  await write(VERIFIER_PAGE, 'verifier', 'The same in a browser, without a network.', verifier.page);
  await write(
    README_FILE,
    'readme',
    'What is here, and how to check it.',
    Buffer.from(
      writeReadme({ about, files: entries, synthetic: await isSyntheticFile(path), unsound: options.unsound === true }),
      'utf8',
    ),
  );
  await write(
    SUMS_FILE,
    'sums',
    'SHA-256 of each file, as sha256sum reads it.',
    Buffer.from(writeSums(entries), 'utf8'),
  );
  return entries;
}

const FOLDERS = { report: 'reports', machine: 'machine' } as const;

async function signManifest({ about, signer }: BundleOptions, files: readonly BundleEntry[]) {
  const manifest = Manifest.parse({ causeway: 'bundle/1', ...about, files });
  const digest = manifestDigest(manifest);
  const { key, alg, value } = await signer.signDocument(BUNDLE_FORMAT, digest);
  return { manifest, digest, signature: { key, alg, value } };
}

function requireGoingOn({ signal }: BundleOptions): void {
  if (signal?.aborted) throw new CausewayError('cancelled', 'The bundle was cancelled. Nothing was left of it.');
}
