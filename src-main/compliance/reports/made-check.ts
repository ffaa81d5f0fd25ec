import type { Reperformed, SignedReport } from '#shared/model/report.ts';
import { clip } from './blocks/cells.ts';
import type { ChainFacts } from './chain-facts.ts';

type Check = Reperformed['checks'][number];
type Difference = Reperformed['differences'][number];

const NAME = 'Who made it, and when, is as it was recorded';
/** A report is saved in the session it was previewed in. */
const DAY_MS = 24 * 60 * 60 * 1000;
const CLOCK_MS = 5 * 60 * 1000;
const NOT_COMPUTED =
  'Who made a report, when, on which device and with which build does not come out of the records it was made over';

/**
 * Holds `made`, which nothing can compute again, against the record that was written when a file of the report was saved.
 * A chain exported before that does not hold it: then the signature alone vouches for it.
 */
export function checkMade(
  { document, digest }: SignedReport,
  facts: ChainFacts | null,
): { readonly check: Check; readonly differences: readonly Difference[] } {
  const { made, asOf, query, population, exceptions } = document;
  const differences: Difference[] = [];
  const see = (where: string, report: unknown, recomputed: unknown, seq: number | null) => {
    if (report !== recomputed)
      differences.push({ where, report: clip(`${report}`), recomputed: clip(`${recomputed}`), seq });
  };
  if (made.at < asOf.time) {
    differences.push({
      where: 'Made at',
      report: made.at,
      recomputed: `not before ${asOf.time}, the time of the newest record in it`,
      seq: asOf.seq,
    });
  }
  const saved = facts?.saved ?? null;
  if (saved !== null) {
    const { seq, time, data } = saved;
    see('Made by', made.by, saved.by, seq);
    if (saved.device !== null) see('Made on the device', made.device, saved.device, seq);
    const late = Date.parse(time) - Date.parse(made.at);
    if (late < -CLOCK_MS || late > DAY_MS) see('Made at', made.at, `saved at ${time}`, seq);
    see('Digest of the parameters', query.digest, data.parameters ?? query.digest, seq);
    see('Population, last record', population.range.last, data.range?.last ?? population.range.last, seq);
    see('Population, records in scope', population.inScope, data.inScope ?? population.inScope, seq);
    see('How many exceptions', exceptions.length, data.exceptions ?? exceptions.length, seq);
    if (seq <= population.range.last) see('Record of the saving', `after record ${population.range.last}`, seq, seq);
  }
  const is = (state: Check['state'], detail: string) => ({
    check: { id: 'made', name: NAME, state, detail: clip(detail) },
    differences,
  });
  if (differences.length > 0) return is('fails', `${NOT_COMPUTED}, but they contradict what it says of that.`);
  if (saved === null) {
    return is(
      'open',
      `${NOT_COMPUTED}: its signature alone vouches for that. This chain file holds no record of saving it (its content has the digest ${digest.slice(0, 16)}).`,
    );
  }
  return is(
    'holds',
    `${NOT_COMPUTED}. Record ${saved.seq} of ${saved.time} says that ${saved.by} saved it; the build is the report’s own word.`,
  );
}
