import { introducedKeys } from '../chain-keys.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { recordableTime } from '../recordable-time.ts';
import { finishLines } from './chain-file.ts';
import { type ExportParts, type WrittenLines, writeDisclosures, writeRecords } from './export-parts.ts';
import type { ExportOptions, RecordFilter } from './export-request.ts';
import { extractRecordPrefix, writeExtractHeader } from './extract-lines.ts';
import type { LineWriter } from './line-writer.ts';
import { ProofTree } from './proof-tree.ts';
import { nothing } from './select-records.ts';
import type { SeqSet } from './seq-set.ts';

/** The lines of an extract: the records selected, each with its proof of inclusion in the checkpoint's tree. */
export async function writeExtractLines(
  parts: ExportParts,
  writer: LineWriter,
  checkpoint: Checkpoint,
  selected: SeqSet,
  query: RecordFilter,
  options: ExportOptions,
): Promise<WrittenLines> {
  const { first, last, count } = selected;
  if (first === null || last === null) throw nothing();
  const header = writeExtractHeader({
    causeway: 'extract/1',
    chain: parts.chain,
    tenant: parts.tenant,
    first,
    last,
    selection: 'extract',
    size: checkpoint.size,
    root: checkpoint.root,
    filter: filterMembers(query),
    keys: [...introducedKeys(parts.rows, checkpoint.size)],
    exportedAt: recordableTime(parts.clock),
    generator: options.generator,
  });
  writer.add(header, '\n');
  const tree = new ProofTree(parts.rows, checkpoint.size);
  const records = await writeRecords(parts, selected, count, writer, options, (row) =>
    writer.add(extractRecordPrefix(row.hash.toString('hex'), row.sig, tree.prove(row.seq)), row.bytes, '}\n'),
  );
  const disclosures = await writeDisclosures(parts, selected, writer, options);
  await finishLines(writer, records, checkpoint);
  return { records, disclosures };
}

/** The members in force; what a person left empty is no condition. */
function filterMembers(query: RecordFilter): Record<string, string | number> {
  const members = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(members.map(([name, value]) => [name, String(value)]));
}
