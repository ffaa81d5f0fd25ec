import { ACTION_DESCRIPTIONS, categoryOf } from '#shared/model/audit-actions.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { isSyntheticChain, SYNTHETIC_MARK } from '#shared/model/synthetic.ts';
import { canonicalText } from '../canonical.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { RecordRow } from '../sqlite-rows.ts';
import { storedDisclosures, toStoredRecord, unlessRecordDamaged } from '../stored-record.ts';
import { cefLine, isCut } from './cef.ts';
import { csvRow } from './csv.ts';
import { type ExportParts, type WrittenLines, writeRecords } from './export-parts.ts';
import { type ExportOptions, isDisclosed } from './export-request.ts';
import type { LineWriter } from './line-writer.ts';
import { type ExportedRecord, type OcsfContext, ocsfLine } from './ocsf.ts';
import type { OcsfLink } from './ocsf-attestation.ts';
import type { SeqSet } from './seq-set.ts';

/**
 * The lines of a file for another program. Every record comes with its seq, hash, key and signature, so that what that
 * program shows can be found in the chain again; such a file proves nothing by itself.
 */
export async function writeOtherLines(
  parts: ExportParts,
  writer: LineWriter,
  checkpoint: Checkpoint,
  selected: SeqSet,
  format: 'ocsf' | 'cef' | 'csv',
  options: ExportOptions,
): Promise<WrittenLines> {
  const synthetic = isMadeUp(parts);
  const name = Buffer.from(parts.random.bytes(16)).toString('hex');
  const write = lineMaker({ format, checkpoint, generator: options.generator, name, synthetic });
  let disclosures = 0;
  if (format === 'csv') writer.add(csvRow(csvColumns(synthetic).map(([column]) => column)));
  const records = await writeRecords(parts, selected, selected.count, writer, options, (row) => {
    const exported = readExported(parts, row, options);
    disclosures += exported.disclosed.size;
    writer.add(write(exported));
  });
  await writer.flush();
  return { records, disclosures };
}

function readExported(parts: ExportParts, row: RecordRow, options: ExportOptions): ExportedRecord {
  const stored = toStoredRecord(row);
  if (stored === null) throw new Error('a row is a record');
  const values =
    options.disclose === false
      ? []
      : storedDisclosures(parts, row.seq, row.seq).filter(({ path }) => isDisclosed(options, row.seq, path));
  return {
    record: stored.record,
    hash: stored.hash,
    sig: row.sig.toString('base64'),
    text: row.bytes.toString('utf8'),
    disclosed: new Map(values.map(({ path, disclosed }) => [path, disclosed[1]])),
  };
}

/** Whether the chain says so in its first record, which need not be among those selected. One that is damaged says nothing. */
function isMadeUp({ rows }: ExportParts): boolean {
  return isSyntheticChain(unlessRecordDamaged(() => toStoredRecord(rows.bySeq(1)))?.record.data);
}

interface LineParts extends Pick<ExportOptions, 'generator'> {
  readonly format: 'ocsf' | 'cef' | 'csv';
  readonly checkpoint: Checkpoint;
  /** Of the file, and of no other. */
  readonly name: string;
  /** Everything in the chain is made up, and every line says so. */
  readonly synthetic: boolean;
}

function lineMaker({
  format,
  checkpoint,
  generator,
  name,
  synthetic,
}: LineParts): (exported: ExportedRecord) => string {
  switch (format) {
    case 'csv': {
      const columns = csvColumns(synthetic);
      return (exported) => csvRow(columns.map(([, cell]) => cell(exported)));
    }
    case 'cef':
      return (exported) => cefRecord(exported, generator.version, synthetic);
    case 'ocsf': {
      const fileChain = `${checkpoint.chain}:${name}`;
      const context: OcsfContext = { product: generator, checkpoint, fileChain, synthetic };
      let before: OcsfLink | null = null;
      return (exported) => {
        const { line, link }: { line: string; link: OcsfLink } = ocsfLine(exported, context, before);
        before = link;
        return `${line}\n`;
      };
    }
  }
}

type Cell = (exported: ExportedRecord) => string | number | null;

const link = (name: keyof NonNullable<AuditRecord['links']>): Cell => {
  return ({ record }) => record.links?.[name] ?? null;
};

export const CSV_COLUMNS: readonly (readonly [name: string, cell: Cell])[] = [
  ['seq', ({ record }) => record.seq],
  ['time', ({ record }) => record.time],
  ['category', ({ record }) => categoryOf(record.action)],
  ['action', ({ record }) => record.action],
  ['outcome', ({ record }) => record.outcome],
  ['actor_type', ({ record }) => record.actor.type],
  ['actor_id', ({ record }) => record.actor.id],
  ['actor_name', nameOf],
  ['on_behalf_of_type', ({ record }) => record.onBehalfOf?.type ?? null],
  ['on_behalf_of_id', ({ record }) => record.onBehalfOf?.id ?? null],
  ['target_type', ({ record }) => record.target.type],
  ['target_id', ({ record }) => record.target.id],
  ['incident', link('incident')],
  ['investigation', link('investigation')],
  ['remediation', link('remediation')],
  ['lease', link('lease')],
  ['approval', link('approval')],
  ['request', link('request')],
  ['traceparent', link('traceparent')],
  ['device_id', ({ record }) => record.device?.id ?? null],
  ['data', ({ record }) => canonicalText(record.data)],
  ['disclosed', disclosedText],
  ['tenant', ({ record }) => record.tenant],
  ['chain', ({ record }) => record.chain],
  ['hash', ({ hash }) => hash],
  ['prev', ({ record }) => record.prev],
  ['key', ({ record }) => record.key],
  ['signature', ({ sig }) => sig],
];

/** One more of a chain that is made up. */
function csvColumns(synthetic: boolean): typeof CSV_COLUMNS {
  return synthetic ? [...CSV_COLUMNS, ['synthetic', () => SYNTHETIC_MARK]] : CSV_COLUMNS;
}

/** Null where it is sealed and stays so. */
function nameOf({ record, disclosed }: ExportedRecord): string | null {
  const name = typeof record.actor.name === 'string' ? record.actor.name : disclosed.get('/actor/name');
  return typeof name === 'string' ? name : null;
}

function disclosedText({ disclosed }: ExportedRecord): string | null {
  return disclosed.size === 0 ? null : canonicalText(Object.fromEntries(disclosed), { integersOnly: false });
}

const CEF_SEVERITY: Readonly<Record<AuditRecord['outcome'], number>> = { success: 3, failure: 5, denied: 7 };

function cefRecord(exported: ExportedRecord, version: string, synthetic: boolean): string {
  const { record, hash, sig } = exported;
  const data = canonicalText(record.data);
  return cefLine({
    vendor: 'Causeway',
    product: 'Causeway',
    version,
    signature: record.action,
    name: ACTION_DESCRIPTIONS[record.action],
    severity: CEF_SEVERITY[record.outcome],
    extension: [
      ['rt', Date.parse(record.time)],
      ['externalId', record.seq],
      ['cat', categoryOf(record.action)],
      ['act', record.action],
      ['outcome', record.outcome],
      ['suid', record.actor.id],
      ['suser', nameOf(exported)],
      ['spriv', record.actor.type],
      ['deviceExternalId', record.device?.id ?? null],
      ['fileHash', hash],
      ['cs1Label', 'signature'],
      ['cs1', sig],
      ['cs2Label', 'chain and key'],
      ['cs2', `${record.chain} ${record.key}`],
      ['cs3Label', 'previous hash'],
      ['cs3', record.prev],
      ['cs4Label', 'target'],
      ['cs4', `${record.target.type} ${record.target.id}`],
      ['cs5Label', record.links === undefined ? null : 'links'],
      ['cs5', record.links === undefined ? null : canonicalText(record.links)],
      ['cs6Label', isCut(data) ? 'data, cut to 4000 characters' : 'data'],
      ['cs6', data],
      ['flexString1Label', synthetic ? 'synthetic' : null],
      ['flexString1', synthetic ? SYNTHETIC_MARK : null],
      ['msg', disclosedText(exported)],
    ],
  });
}
