import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest, type SignedManifest } from '#main/compliance/bundle/manifest.ts';
import { readVerifier } from '#main/compliance/bundle/verifier-files.ts';
import { type NewBundleFile, writeBundle } from '#main/compliance/bundle/write-bundle.ts';
import { reportFile, reportJson } from '#main/compliance/reports/report-file.ts';
import { signReport } from '#main/compliance/reports/sign-report.ts';
import { systemRandom } from '#main/platform/random.ts';
import type { SignedReport } from '#shared/model/report.ts';
import { noteInput, openTestStore, roleInput, TEST_GENERATOR, type TestStore, temporaryFolder } from './audit-store.ts';
import { PROJECT_ROOT } from './project-root.ts';
import { sampleTypeTwo } from './sample-report.ts';

export interface SampleBundle {
  readonly test: TestStore;
  /** Where bundles are made. */
  readonly parent: string;
  readonly report: SignedReport;
  readonly recorded: { manifest: string; reports: readonly string[] }[];
  make(more?: Partial<Parameters<typeof writeBundle>[0]>): ReturnType<typeof writeBundle>;
}

/** A small chain, a report about it as page and as data, and a way to make bundles of them. */
export async function openSampleBundle(): Promise<SampleBundle> {
  const test = await openTestStore();
  const { store } = test;
  for (let index = 0; index < 20; index++) {
    await store.append(noteInput(`inc-${index}`, `text ${index}`, `user-${index % 3}`));
    await store.append(roleInput(`u${index}`));
  }
  const parent = join(temporaryFolder(), 'out');
  mkdirSync(parent);
  const system = { product: 'Causeway', tenant: store.tenant, chain: store.chain };
  const report = await signReport(store, sampleTypeTwo({ system }));
  const recorded: SampleBundle['recorded'] = [];
  const files: NewBundleFile[] = [
    {
      file: 'soc2-type2.html',
      kind: 'report',
      what: 'SOC 2 Type II, to be read',
      bytes: Buffer.from(reportFile(report), 'utf8'),
      document: report.digest,
    },
    {
      file: 'soc2-type2.json',
      kind: 'report',
      what: 'The same as data',
      bytes: Buffer.from(reportJson(report), 'utf8'),
      document: report.digest,
    },
    { file: 'findings.ocsf.jsonl', kind: 'machine', what: 'OCSF findings', bytes: Buffer.from('{}\n', 'utf8') },
  ];
  const verifier = await readVerifier(join(PROJECT_ROOT, 'resources'));
  return {
    test,
    parent,
    report,
    recorded,
    make: (more = {}) =>
      writeBundle({
        parent,
        about: {
          chain: store.chain,
          tenant: store.tenant,
          madeAt: '2026-03-01T12:00:00.000Z',
          made: { by: 'u-00000000000a', device: 'd-1' },
          build: { name: 'Causeway', version: '1.0.0' },
          disclosed: 'none',
        },
        files,
        verifier,
        writeChain: (path) => store.exportChain(path, { disclose: false, generator: TEST_GENERATOR }),
        signer: store,
        record: async (made) => {
          recorded.push({ ...made });
        },
        random: systemRandom,
        ...more,
      }),
  };
}

export function manifestIn(folder: string): SignedManifest {
  return readManifest(readFileSync(join(folder, 'manifest.json')));
}

/** Writes any text as the manifest of a folder. */
export function putManifest(folder: string, value: unknown): void {
  writeFileSync(join(folder, 'manifest.json'), typeof value === 'string' ? value : `${JSON.stringify(value)}\n`);
}

export const anyDigest = (): string => randomBytes(32).toString('hex');
