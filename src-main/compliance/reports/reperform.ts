import { openChainFile } from '#main/audit/reading/chain-file-reader.ts';
import { verifyAndDigest } from '#main/audit/verify-file.ts';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { Reperformed, SignedReport } from '#shared/model/report.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { clip } from './blocks/cells.ts';
import { buildReport, digestOf } from './build-report.ts';
import { disclosuresIn } from './chain-disclosures.ts';
import { type ChainFacts, factsOf } from './chain-facts.ts';
import { compareReports } from './compare-reports.ts';
import { fillDisclosures, sealedIn } from './disclosures.ts';
import { judgePage } from './judge-page.ts';
import { checkMade } from './made-check.ts';
import { readReportSafely } from './open-report.ts';
import { planReport } from './plan-report.ts';
import { type Again, type Chain, checksOf, otherChain, sayVerdict } from './reperform-checks.ts';
import { readReportFile } from './report-file.ts';

export interface ReperformFiles {
  /** A report as .html or .json. */
  readonly report: string;
  /** The whole chain, exported, with at least the records the report was made over. */
  readonly chain: string;
}

export interface ReperformOptions {
  readonly signal?: AbortSignal | undefined;
  /** Records done and in all: each is looked at twice. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** This program's: a page drawn by another build may be drawn otherwise. Absent: taken for the same. */
  readonly build?: { readonly name: string; readonly version: string } | undefined;
  /** How the chain is counted; on a thread of its own unless told otherwise. */
  readonly evaluate?: typeof evaluate | undefined;
}

type Check = Reperformed['checks'][number];
type Difference = Reperformed['differences'][number];

const MOST_DIFFERENCES = 1000;

/**
 * Computes a report again from an exported chain, and says of everything in it whether it comes out the same. What is
 * wrong with either file is in the answer, also what keeps it from being computed; neither is believed.
 * @throws CausewayError `bad-input` when the report is none, with what to do; `cancelled`
 */
export async function reperform(files: ReperformFiles, options: ReperformOptions = {}): Promise<Reperformed> {
  const report = readReportFile(await readReportSafely(files.report, { signal: options.signal }));
  const { signed } = report;
  const chain = await openChain(files.chain, options.signal);
  // what the report says of its length is not believed: progress ends where the file does
  const { last } = signed.document.population.range;
  const length = typeof chain === 'string' ? 1 : Math.max(1, Math.min(last, chain.last));
  const tell = (part: 0 | 1) => (done: number, total: number) =>
    options.onProgress?.(
      part * length + Math.min(length, Math.round((done / Math.max(1, total)) * length)),
      2 * length,
    );
  const { verdict } = await verifyAndDigest(files.chain, { signal: options.signal, onProgress: tell(0) });
  const again = await computeAgain(signed, files.chain, chain, { ...options, onProgress: tell(1) });
  const facts = await readFacts(signed, files.chain, chain, options.signal);
  const page = judgePage(report, options.build);
  const made = checkMade(signed, facts);
  const checks = [...checksOf(report, page, chain, verdict, again, facts), made.check];
  const found = [
    ...(otherChain(signed, chain) === null ? problemsIn(verdict) : []),
    ...(page?.differences ?? []),
    ...made.differences,
    ...(again.comparison?.differences ?? []),
  ];
  const compared = again.comparison?.differences.length ?? 0;
  return {
    verdict: judge(checks),
    title: signed.document.title,
    report: { file: clip(files.report.toWellFormed(), 4096), digest: digestOf(signed.document) },
    chain: {
      file: clip(files.chain.toWellFormed(), 4096),
      verdict: verdict.verdict,
      detail: sayVerdict(verdict),
      records: verdict.records,
    },
    checks,
    figures: again.comparison?.figures ?? 0,
    notGiven: again.comparison?.notGiven ?? 0,
    differences: found.slice(0, MOST_DIFFERENCES),
    differenceCount: found.length - compared + (again.comparison?.differenceCount ?? 0),
  };
}

/** What a chain file says of itself, or why it is none. */
async function openChain(path: string, signal: AbortSignal | undefined): Promise<Chain | string> {
  try {
    const { chain, tenant, last, keys, close } = await openChainFile(path);
    await close();
    return { chain, tenant, last, keys };
  } catch (error) {
    return whyOf(error, signal);
  }
}

/** null where the chain is another one, or none. */
async function readFacts(
  { document }: SignedReport,
  path: string,
  chain: Chain | string,
  signal: AbortSignal | undefined,
): Promise<ChainFacts | null> {
  if (typeof chain === 'string' || otherChain({ document }, chain) !== null) return null;
  const { kind, window, population } = document;
  const moment = kind === 'soc2-type1' ? window.to : null;
  try {
    return await factsOf(path, { last: population.range.last, moment, digest: digestOf(document) }, signal);
  } catch (error) {
    whyOf(error, signal);
    return null; // a file that cannot be read is told by the checks of the chain
  }
}

async function computeAgain(
  { document }: SignedReport,
  path: string,
  chain: Chain | string,
  { signal, onProgress, evaluate: evaluateChain = evaluate }: ReperformOptions,
): Promise<Again> {
  const { query, population, made } = document;
  const none = { evaluation: null, comparison: null, refused: false };
  let asking = true; // whether such a report is made at all, and not whether the file can be read
  if (typeof chain === 'string') return { ...none, why: chain };
  const other = otherChain({ document }, chain);
  if (other !== null) return { ...none, why: other };
  try {
    // a shorter file can still contradict the checkpoint; nothing else of it can be compared
    const last = Math.min(population.range.last, chain.last);
    const plan = planReport(query.request, { last, anyZone: true });
    const { checkpoint } = population;
    const request = { ...plan, checkpoint: checkpoint !== null && checkpoint.size > last ? null : checkpoint };
    asking = false;
    const evaluation = await evaluateChain({ kind: 'file', path }, request, { signal, onProgress });
    if (last < population.range.last) return { ...none, evaluation, why: 'The file has too few records.' };
    asking = true;
    const built = buildReport(query.request, evaluation, made);
    asking = false;
    const lookup = await disclosuresIn(path, query.request.disclose ? sealedIn(built) : [], signal);
    const comparison = compareReports(document, fillDisclosures(built, lookup));
    return { ...none, evaluation, comparison, why: null };
  } catch (error) {
    const refused = asking && error instanceof CausewayError && error.code === 'bad-input';
    return { ...none, why: whyOf(error, signal), refused };
  }
}

/**
 * Why something could not be found out, as a sentence. Both files are somebody else’s: whatever they bring about is an
 * answer, and must not keep the other checks from being told.
 * @throws CausewayError `cancelled`
 */
function whyOf(error: unknown, signal: AbortSignal | undefined): string {
  if (error instanceof CausewayError && error.code === 'cancelled') throw error;
  if (signal?.aborted) throw new CausewayError('cancelled', 'The report is not computed any more.');
  return error instanceof CausewayError ? error.message : `This could not be found out: ${describeError(error)}.`;
}

/** What verification found wrong with single records, as differences: each is named. */
function problemsIn({ problems }: Verdict): readonly Difference[] {
  return problems
    .filter(({ code }) => code !== 'time')
    .slice(0, 100)
    .map(({ seq, line, message }) => ({
      where: seq === undefined ? `Chain file, line ${line}` : `Chain file, record ${seq}`,
      report: 'as it was written and signed',
      recomputed: clip(message),
      seq: seq ?? null,
    }));
}

/**
 * What fails, fails whatever else could not be told. Who made it is no figure: where no record says so, the figures are
 * judged by themselves, and the check stays open.
 */
function judge(checks: readonly Check[]): Reperformed['verdict'] {
  if (checks.some(({ state }) => state === 'fails')) return 'differs';
  return checks.some(({ state, id }) => state === 'open' && id !== 'made') ? 'cannot-tell' : 'agrees';
}
