import { readFile, stat } from 'node:fs/promises';
import { openChainFile } from '#main/audit/reading/chain-file-reader.ts';
import { verifyDocument } from '#main/audit/signed-document.ts';
import { verifyAndDigest } from '#main/audit/verify-file.ts';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import type { Reperformed, SignedReport } from '#shared/model/report.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { RULES } from '../controls/controls.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { clip, count as say } from './blocks/cells.ts';
import { buildReport, digestOf } from './build-report.ts';
import { disclosuresIn } from './chain-disclosures.ts';
import { type Comparison, compareReports } from './compare-reports.ts';
import { fillDisclosures, sealedIn } from './disclosures.ts';
import { judgePage, type PageJudgement } from './judge-page.ts';
import { planReport } from './plan-report.ts';
import { MAX_REPORT, type ReportFile, readReportFile } from './report-file.ts';
import { REPORT_FORMAT } from './sign-report.ts';

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
  const checks = [
    formCheck(report),
    digestCheck(signed),
    signatureCheck(signed, chain),
    ...(page === null ? [] : [page.check]),
    chainCheck(verdict),
    placeCheck(signed, chain, again),
    parameterCheck(signed),
    rulesCheck(signed),
    figureCheck(again, signed),
  ];
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

interface Chain {
  readonly chain: string;
  readonly tenant: string;
  readonly last: number;
  readonly keys: readonly KeyDescription[];
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

interface Again {
  readonly evaluation: Evaluation | null;
  readonly comparison: Comparison | null;
  /** Why it could not be computed. */
  readonly why: string | null;
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

const check = (id: string, name: string, state: Check['state'], detail: string): Check => ({
  id,
  name,
  state,
  detail: clip(detail),
});

function formCheck({ misform, html }: ReportFile): Check {
  const what = html === null ? 'a report as data' : 'a page with its data';
  return misform === null
    ? check('file', 'The report can be read', 'holds', `It is ${what}, in the one form there is for it.`)
    : check('file', 'The report can be read', 'fails', misform);
}

function digestCheck({ document, digest }: SignedReport): Check {
  const name = 'Its digest is that of its content';
  const computed = digestOf(document);
  return computed === digest
    ? check('digest', name, 'holds', `SHA-256 ${computed}.`)
    : check('digest', name, 'fails', `The content was changed: its SHA-256 is ${computed}, and ${digest} is stated.`);
}

function signatureCheck({ document, digest, signature }: SignedReport, chain: Chain | string): Check {
  const name = 'It is signed by a key of this chain';
  if (typeof chain === 'string') return check('signature', name, 'open', `The chain file gives no keys. ${chain}`);
  if (chain.chain !== document.system.chain)
    return check('signature', name, 'open', 'The file is of another chain, so its keys say nothing.');
  switch (verifyDocument(chain.keys, REPORT_FORMAT, digestOf(document), signature)) {
    case 'holds':
      return check('signature', name, 'holds', `Signed by ${signature.key} (${signature.alg}).`);
    case 'unknown-key':
      return check('signature', name, 'fails', `No key of this chain has the id ${signature.key}.`);
    case 'wrong': {
      const stated = verifyDocument(chain.keys, REPORT_FORMAT, digest, signature) === 'holds';
      const why = stated
        ? 'The signature is for the digest stated in the file, which is not that of its content: the content was changed after it was signed.'
        : `The signature of ${signature.key} does not hold.`;
      return check('signature', name, 'fails', why);
    }
  }
}

function chainCheck(verdict: Verdict): Check {
  const name = 'The chain file verifies';
  const state = verdict.verdict === 'valid' ? 'holds' : verdict.verdict === 'invalid' ? 'fails' : 'open';
  return check('chain', name, state, sayVerdict(verdict));
}

function sayVerdict({ verdict, records, problems, problemCount }: Verdict): string {
  const [first] = problems;
  if (verdict === 'valid') return `${say(records, 'record')}, hashes, links, signatures and checkpoint hold.`;
  const where =
    first === undefined ? '' : ` The first: ${first.seq === undefined ? '' : `record ${first.seq}: `}${first.message}.`;
  return clip(`The file is ${verdict}: ${say(problemCount, 'problem')}.${where}`);
}

/** That the report is about these very records. */
function placeCheck({ document }: SignedReport, chain: Chain | string, { evaluation }: Again): Check {
  const name = 'It was made over these records';
  const { system, population } = document;
  const { last } = population.range;
  const add = (state: Check['state'], detail: string) => check('records', name, state, detail);
  if (typeof chain === 'string') return add('open', chain);
  if (chain.chain !== system.chain || chain.tenant !== system.tenant) {
    return add(
      'open',
      `The report is about the chain ${system.chain} of ${system.tenant}, this file is of ${chain.chain} of ${chain.tenant}. Choose the other file.`,
    );
  }
  if (chain.last < last) {
    return add(
      'open',
      `The report was made over records 1 to ${last}, and this file ends at ${chain.last}. Export the chain again.`,
    );
  }
  if (evaluation === null) return add('open', 'The records could not be counted.');
  if (evaluation.head.hash !== population.head) {
    return add(
      'fails',
      `Record ${last} has the hash ${evaluation.head.hash}, and the report says ${population.head}: it was made over other records.`,
    );
  }
  const broken = evaluation.integrity.problems.find(({ seq }) => seq === 0);
  if (broken !== undefined) return add('fails', broken.text);
  const { checkpoint } = population;
  const over =
    checkpoint === null
      ? 'No checkpoint stands in the report.'
      : `The checkpoint over ${checkpoint.size} records holds.`;
  return add('holds', `Record ${last} has the hash the report says. ${over}`);
}

function parameterCheck({ document: { query } }: SignedReport): Check {
  const name = 'Its parameters are those it names';
  const computed = digestOf(query.request);
  return computed === query.digest
    ? check('parameters', name, 'holds', `SHA-256 ${computed}.`)
    : check(
        'parameters',
        name,
        'fails',
        `A parameter was changed: their SHA-256 is ${computed}, and ${query.digest} is stated.`,
      );
}

function isSameRules({ document: { rules } }: SignedReport): boolean {
  return rules.digest === RULES.digest;
}

function rulesCheck(signed: SignedReport): Check {
  const { rules } = signed.document;
  const name = 'It was counted by the rules known here';
  return isSameRules(signed)
    ? check('rules', name, 'holds', `Rules ${rules.version}.`)
    : check(
        'rules',
        name,
        'open',
        `It was counted by the rules ${rules.version} (${rules.digest.slice(0, 16)}), and this version has ${RULES.version} (${RULES.digest.slice(0, 16)}): figures may differ for that alone. Compute it with the version that made it.`,
      );
}

function figureCheck({ comparison, why }: Again, signed: SignedReport): Check {
  const name = 'Every figure comes out the same';
  if (comparison === null) return check('figures', name, 'open', `It could not be computed again. ${why ?? ''}`);
  const { figures, notGiven, differenceCount } = comparison;
  const sealed =
    notGiven === 0
      ? ''
      : ` ${say(notGiven, 'sealed value')} in the report could not be compared: this chain file does not disclose them.`;
  if (differenceCount === 0) return check('figures', name, 'holds', `${say(figures, 'value')} compared.${sealed}`);
  const state = isSameRules(signed) ? 'fails' : 'open';
  return check(
    'figures',
    name,
    state,
    `${say(differenceCount, 'difference')} among ${say(figures, 'value')}.${sealed}`,
  );
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
