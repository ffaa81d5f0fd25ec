import type { ReportDesk } from '#main/console/compliance/compliance-desk.ts';
import { type Io, plain } from './io.ts';

/** Tells, besides what a command says of the file it wrote, that the records it was made from do not hold. */
export function tellUnsound({ unsound }: Pick<ReportDesk, 'unsound'>, io: Io): void {
  const found = unsound();
  if (found === null) return;
  const [first] = found.problems;
  const where =
    first === undefined ? '' : ` The first: ${first.seq === null ? '' : `record ${first.seq}: `}${plain(first.text)}`;
  io.stderr(
    `! The history does not verify: ${found.count === 1 ? '1 problem' : `${found.count} problems`}.${where}\n` +
      '! What was made says so, and no status in it is better than partial. See causeway status.\n',
  );
}
