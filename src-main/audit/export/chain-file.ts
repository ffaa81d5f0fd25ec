import { introducedKeys } from '../chain-keys.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { type ExportHeader, writeEnd, writeHeader } from '../export-lines.ts';
import { recordLinePrefix } from '../record-line.ts';
import { recordableTime } from '../recordable-time.ts';
import { loadFrontier } from '../stored-tree.ts';
import { type ExportParts, type WrittenLines, writeDisclosures, writeRecords } from './export-parts.ts';
import type { ExportOptions } from './export-request.ts';
import type { LineWriter } from './line-writer.ts';
import { subtreesAfter } from './proof-tree.ts';
import type { SeqRange } from './select-records.ts';
import { seqsBetween } from './seq-set.ts';

/** The lines of a chain file: all records up to the checkpoint's size, or a range of them with what is beside it. */
export async function writeChainLines(
  parts: ExportParts,
  writer: LineWriter,
  checkpoint: Checkpoint,
  range: SeqRange | null,
  options: ExportOptions,
): Promise<WrittenLines> {
  const { rows, clock } = parts;
  const { first, last } = range ?? { first: 1, last: checkpoint.size };
  const header: ExportHeader = {
    causeway: 'chain/1',
    chain: parts.chain,
    tenant: parts.tenant,
    first,
    last,
    selection: range === null ? 'complete' : 'range',
    keys: [...introducedKeys(rows, last)],
    exportedAt: recordableTime(clock),
    generator: options.generator,
  };
  if (range !== null) {
    const base64 = (nodes: readonly Buffer[]) => nodes.map((node) => node.toString('base64'));
    const left = base64(loadFrontier(rows, first - 1).nodes);
    header.range = { size: checkpoint.size, left, right: base64(subtreesAfter(rows, last, checkpoint.size)) };
  }
  writer.add(writeHeader(header), '\n');
  const total = last - first + 1;
  const records = await writeRecords(parts, seqsBetween(first, last), total, writer, options, (row) =>
    writer.add(recordLinePrefix(row.hash.toString('hex'), row.sig), row.bytes, '}\n'),
  );
  const disclosures = await writeDisclosures(parts, seqsBetween(first, last), writer, options);
  await finishLines(writer, records, checkpoint);
  return { records, disclosures };
}

/** The end line, over everything before it. */
export async function finishLines(writer: LineWriter, records: number, checkpoint: Checkpoint): Promise<void> {
  await writer.flush();
  writer.add(writeEnd({ records, digest: writer.digest(), checkpoint: checkpoint.note }), '\n');
  await writer.flush();
}
