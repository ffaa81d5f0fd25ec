import { readFile, stat } from 'node:fs/promises';
import { openChainFile } from '#main/audit/reading/chain-file-reader.ts';
import { verifyAndDigest } from '#main/audit/verify-file.ts';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { Reperformed, SignedReport } from '#shared/model/report.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { clip } from './blocks/cells.ts';
import { buildReport, digestOf } from './build-report.ts';
import { disclosuresIn } from './chain-disclosures.ts';
import { compareReports } from './compare-reports.ts';
import { fillDisclosures, sealedIn } from './disclosures.ts';
import { judgePage, type PageJudgement } from './judge-page.ts';
import { planReport } from './plan-report.ts';
import { type Again, type Chain, checksOf, sayVerdict } from './reperform-checks.ts';
import { MAX_REPORT, readReportFile } from './report-file.ts';

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
 * wrong with either file is in the answer; neither is believed.
 * @throws CausewayError `bad-input` when the report is none, with what to do; `cancelled`
 */
export async function reperform(files: ReperformFiles, options: ReperformOptions = {}): Promise<Reperformed> {
  const report = readReportFile(await readBytes(files.report));
  const { signed } = report;
  const chain = await openChain(files.chain);
  const { last } = signed.document.population.range;
  const tell = (part: 0 | 1) => (done: number, total: number) =>
    options.onProgress?.(part * last + Math.min(last, Math.round((done / Math.max(1, total)) * last)), 2 * last);
  const { verdict } = await verifyAndDigest(files.chain, { signal: options.signal, onProgress: tell(0) });
  const again = await computeAgain(signed, files.chain, { ...options, onProgress: tell(1) });
  const page = judgePage(report, options.build);
  const checks = checksOf(report, page, chain, verdict, again);
  const found = [...problemsIn(verdict), ...(page?.differences ?? []), ...(again.comparison?.differences ?? [])];
  const compared = again.comparison?.differences.length ?? 0;
  return {
    verdict: judge(checks, page),
    title: signed.document.title,
    report: { file: clip(files.report, 4096), digest: digestOf(signed.document) },
    chain: {
      file: clip(files.chain, 4096),
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

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MAX_REPORT) throw new CausewayError('too-large', 'This file is too large for a report.');
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof CausewayError) throw cause;
    const text = `The report cannot be read: ${describeError(cause)}. Choose a .html or .json file saved by Causeway.`;
    throw new CausewayError('bad-input', text, { reason: 'unreadable', cause });
  }
}

/** What a chain file says of itself, or why it is none. */
async function openChain(path: string): Promise<Chain | string> {
  try {
    const { chain, tenant, last, keys, close } = await openChainFile(path);
    await close();
    return { chain, tenant, last, keys };
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'bad-input') return error.message;
    throw error;
  }
}

async function computeAgain(
  { document }: SignedReport,
  chain: string,
  { signal, onProgress, evaluate: evaluateChain = evaluate }: ReperformOptions,
): Promise<Again> {
  const { query, population, made } = document;
  try {
    const plan = planReport(query.request, { last: population.range.last });
    const request = { ...plan, checkpoint: population.checkpoint };
    const evaluation = await evaluateChain({ kind: 'file', path: chain }, request, { signal, onProgress });
    const built = buildReport(query.request, evaluation, made);
    const lookup = await disclosuresIn(chain, query.request.disclose ? sealedIn(built) : [], signal);
    return { evaluation, comparison: compareReports(document, fillDisclosures(built, lookup)), why: null };
  } catch (error) {
    const told = error instanceof CausewayError && (error.code === 'bad-input' || error.code === 'audit-broken');
    if (!told) throw error;
    return { evaluation: null, comparison: null, why: error.message };
  }
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

/** What fails, fails whatever else could not be told. A page of another build whose texts are the same spoils nothing. */
function judge(checks: readonly Check[], page: PageJudgement | null): Reperformed['verdict'] {
  if (checks.some(({ state }) => state === 'fails')) return 'differs';
  const open = checks.filter(({ state, id }) => state === 'open' && !(id === 'page' && page?.differences.length === 0));
  return open.length === 0 ? 'agrees' : 'cannot-tell';
}
