import { requirePlace } from '#main/compliance/bundle/new-folder.ts';
import { readVerifier } from '#main/compliance/bundle/verifier-files.ts';
import { type MadeBundle, type NewBundleFile, writeBundle } from '#main/compliance/bundle/write-bundle.ts';
import { machineFiles } from '#main/compliance/machine/machine-files.ts';
import { unsoundOf } from '#main/compliance/register/unsound.ts';
import { sealedIn } from '#main/compliance/reports/disclosures.ts';
import { actorOf, deviceOf, type Principal } from '#main/identity/principal.ts';
import { systemRandom } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import { FrameworkId } from '#shared/model/control.ts';
import type { ReportRequest, SignedReport } from '#shared/model/report.ts';
import type { Parts } from '../parts.ts';
import { PRODUCT } from '../product.ts';
import type { BundleAsked, BundleOptions, ReportFormat } from './compliance-desk.ts';
import type { ComplianceRoom } from './compliance-room.ts';
import { type Computing, computeMachineInput, computeReport, madeBy, recordOf } from './compute-report.ts';
import { namedBy } from './named-by.ts';
import { type Draw, recordDraws } from './record-draw.ts';
import { bytesOf } from './report-bytes.ts';
import { recordReport } from './save-on-record.ts';

export interface BundleMaker {
  readonly parts: Parts;
  readonly room: ComplianceRoom;
  readonly by: Principal;
}

interface Computed {
  readonly request: ReportRequest;
  readonly signed: SignedReport;
}

/** Computes the reports, exports the chain with them in it, and writes everything into a new folder below `parent`. */
export async function makeBundle(
  { parts, room, by }: BundleMaker,
  { reports, disclose, machine }: BundleAsked,
  parent: string,
  { print, confirm, ...watched }: BundleOptions,
): Promise<MadeBundle> {
  const { config, rooms, audit } = parts;
  const { store } = rooms;
  if (config.resources === undefined) {
    throw new CausewayError('internal', 'The verifier is missing from this installation. Install Causeway again.');
  }
  const verifier = await readVerifier(config.resources);
  const random = config.random ?? systemRandom;
  await requirePlace(parent, random); // before a sample is drawn: a draw stays on record
  /** One head for all of it: what puts the draw of one report on record is not to give the next another sample. */
  const { seq: last } = store.head();
  const computed: Computed[] = [];
  for (const request of reports) {
    computed.push({ request, signed: await computeReport(parts, by, request, { ...watched, last }) });
  }
  await recordDraws(audit, by, drawsOf(computed)); // before a file with a sample is written
  const files: NewBundleFile[] = [];
  /** Put on record when everything is written, and before the folder has its name. */
  const records: (() => Promise<unknown>)[] = [];
  for (const [index, { signed }] of computed.entries()) {
    const formats: readonly ReportFormat[] = print === undefined ? ['html', 'json'] : ['html', 'json', 'pdf'];
    for (const format of formats) {
      const bytes = await bytesOf(signed, format, print);
      const { title, kind } = signed.document;
      files.push({
        file: `${index + 1}-${kind}.${format}`,
        kind: 'report',
        what: `${title} (${format})`,
        bytes,
        document: signed.digest,
      });
      records.push(() => recordReport({ audit, by }, bytes, recordOf(signed, format)));
    }
  }
  if (machine) files.push(...(await machineOf(parts, by, computed, { ...watched, last })));
  const { at, by: maker, device, build } = madeBy(parts, by);
  return writeBundle({
    parent,
    about: {
      chain: store.chain,
      tenant: store.tenant,
      madeAt: at,
      made: { by: maker, device },
      build,
      disclosed: disclose,
    },
    files,
    unsound: computed.some(({ signed: { document } }) => unsoundOf(document.integrity, document.made.history) !== null),
    verifier,
    writeChain: (path) =>
      store.export(
        path,
        { format: 'chain' },
        {
          disclose: disclose === 'reports' ? shownIn(computed) : disclose === 'all',
          generator: { name: PRODUCT, version: config.version },
          by: { actor: actorOf(by), device: deviceOf(by) },
          signal: watched.signal,
        },
      ),
    signer: store,
    record: async (made) => {
      await confirm?.();
      for (const record of records) await record();
      await room.register.recordBundle(namedBy(by), made);
    },
    random,
    signal: watched.signal,
  });
}

function drawsOf(computed: readonly Computed[]): readonly Draw[] {
  return computed.flatMap(({ request, signed: { document } }) =>
    document.sample === null ? [] : [{ request, seed: document.sample.seed, range: document.population.range }],
  );
}

/** Which sealed values the reports give in clear: those and no others are opened in the chain file. */
function shownIn(computed: readonly Computed[]): (seq: number, path: string) => boolean {
  const shown = new Set(
    computed.flatMap(({ signed }) =>
      sealedIn(signed.document).flatMap(({ seq, path, text }) => (text === null ? [] : [`${seq} ${path}`])),
    ),
  );
  return (seq, path) => shown.has(`${seq} ${path}`);
}

/** For other programs, once for each framework the reports speak of. */
async function machineOf(
  parts: Parts,
  by: Principal,
  computed: readonly Computed[],
  computing: Computing,
): Promise<readonly NewBundleFile[]> {
  const files: NewBundleFile[] = [];
  for (const framework of FrameworkId.options) {
    const about = computed.find(({ signed }) => signed.document.frameworks.some(({ id }) => id === framework));
    if (about === undefined) continue;
    const input = await computeMachineInput(parts, by, { framework, window: about.request.window }, computing);
    for (const { name, what, bytes } of machineFiles(input)) {
      files.push({ file: `${framework}-${name}`, kind: 'machine', what: `${what}: ${framework}`, bytes });
    }
  }
  return files;
}
