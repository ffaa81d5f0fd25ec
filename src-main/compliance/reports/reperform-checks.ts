import { verifyDocument } from '#main/audit/signed-document.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import type { Reperformed, ReportDocument, SignedReport } from '#shared/model/report.ts';
import type { Problem, Verdict } from '#shared/model/verdict.ts';
import { RULES } from '../controls/controls.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { clip, count as say } from './blocks/cells.ts';
import { digestOf } from './build-report.ts';
import type { ChainFacts } from './chain-facts.ts';
import type { Comparison } from './compare-reports.ts';
import type { PageJudgement } from './judge-page.ts';
import { isZone } from './plan-report.ts';
import type { ReportFile } from './report-file.ts';
import { REPORT_FORMAT } from './sign-report.ts';

type Check = Reperformed['checks'][number];

/** What a chain file says of itself. */
export interface Chain {
  readonly chain: string;
  readonly tenant: string;
  readonly last: number;
  readonly keys: readonly KeyDescription[];
}

/** What came of computing it again. */
export interface Again {
  readonly evaluation: Evaluation | null;
  readonly comparison: Comparison | null;
  /** Why it could not be computed. */
  readonly why: string | null;
  /** Whether that is because no such report is made: the records and the parameters say so, and not a fault. */
  readonly refused: boolean;
}

/**
 * That a chain file is another chain's than the one a report is about: nothing in it speaks for or against the report, and
 * a file that was confused must not look like a forgery. null: it is of that chain, or no chain file.
 */
export function otherChain(
  { document: { system } }: Pick<SignedReport, 'document'>,
  chain: Chain | string,
): string | null {
  if (typeof chain === 'string' || (chain.chain === system.chain && chain.tenant === system.tenant)) return null;
  return `The chain file is of another chain (${chain.chain} of ${chain.tenant}): choose the one exported from ${system.chain} of ${system.tenant}.`;
}

/** Each question asked of a report and a chain file, in order. */
export function checksOf(
  report: ReportFile,
  page: PageJudgement | null,
  chain: Chain | string,
  verdict: Verdict,
  again: Again,
  facts: ChainFacts | null,
): Check[] {
  const { signed } = report;
  return [
    formCheck(report),
    digestCheck(signed),
    signatureCheck(signed, chain),
    ...(page === null ? [] : [page.check]),
    chainCheck(verdict, otherChain(signed, chain)),
    placeCheck(signed, chain, again, facts),
    parameterCheck(signed),
    rulesCheck(signed),
    figureCheck(again, signed),
  ];
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
  if (otherChain({ document }, chain) !== null)
    return check('signature', name, 'open', 'The file is of another chain, so its keys say nothing.');
  switch (verifyDocument(chain.keys, REPORT_FORMAT, digestOf(document), signature)) {
    case 'holds': {
      const { last } = document.population.range;
      const own = chain.keys.find(({ id }) => id === signature.key);
      const next = chain.keys.find(({ fromSeq }) => fromSeq > (own?.fromSeq ?? 0) && fromSeq <= last);
      const by = `Signed by ${signature.key} (${signature.alg})`;
      return next === undefined
        ? check('signature', name, 'holds', `${by}. No other key had taken its place by record ${last}.`)
        : check(
            'signature',
            name,
            'fails',
            `${by}, which had been replaced by ${next.id} from record ${next.fromSeq} on: at record ${last} it was not in force.`,
          );
    }
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

/** What no file that is only cut off has: somebody altered it. */
const ALTERED: ReadonlySet<Problem['code']> = new Set(['hash', 'signature', 'chain', 'key', 'root', 'disclosure']);

function chainCheck(verdict: Verdict, other: string | null): Check {
  const name = 'The chain file verifies';
  // how another chain's file verifies says nothing of this report
  if (other !== null) return check('chain', name, 'open', `${other} ${sayVerdict(verdict)}`);
  const altered = verdict.verdict !== 'valid' && verdict.problems.some(({ code }) => ALTERED.has(code));
  const state = verdict.verdict === 'valid' ? 'holds' : verdict.verdict === 'invalid' || altered ? 'fails' : 'open';
  return check('chain', name, state, sayVerdict(verdict));
}

export function sayVerdict({ verdict, records, problems, problemCount }: Verdict): string {
  const [first] = problems;
  if (verdict === 'valid') {
    const back = problems.filter(({ code }) => code === 'time').length;
    const clock = back === 0 ? '' : ` ${say(back, 'record has', 'records have')} a time before that of an earlier one.`;
    return `${say(records, 'record')}, hashes, links, signatures and checkpoint hold.${clock}`;
  }
  const where =
    first === undefined ? '' : ` The first: ${first.seq === undefined ? '' : `record ${first.seq}: `}${first.message}.`;
  return clip(`The file is ${verdict}: ${say(problemCount, 'problem')}.${where}`);
}

/** That the report is about these very records. */
function placeCheck(
  { document }: SignedReport,
  chain: Chain | string,
  { evaluation }: Again,
  facts: ChainFacts | null,
): Check {
  const name = 'It was made over these records';
  const { population } = document;
  const { last } = population.range;
  const add = (state: Check['state'], detail: string) => check('records', name, state, detail);
  if (typeof chain === 'string') return add('open', chain);
  const other = otherChain({ document }, chain);
  if (other !== null) return add('open', other);
  // of records that are not those under the report’s checkpoint it was not made, however many the file has
  const broken = evaluation?.integrity.problems.find(({ seq }) => seq === 0);
  if (chain.last < last) {
    if (broken !== undefined) return add('fails', broken.text);
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
  if (broken !== undefined) return add('fails', broken.text);
  const moment = momentFault(document, evaluation.head.time, facts);
  if (moment !== null) return add(moment.state, moment.detail);
  const { checkpoint } = population;
  const over =
    checkpoint === null
      ? 'No checkpoint stands in the report.'
      : `The checkpoint over ${checkpoint.size} records holds.`;
  return add('holds', `Record ${last} has the hash the report says. ${over}`);
}

/**
 * A Type I report ends with the last record before its moment: with fewer it would leave out what was known then, with
 * more it would speak of later. null: it does, or it is of another kind.
 */
function momentFault(
  { kind, window, population, made }: ReportDocument,
  headTime: string,
  facts: ChainFacts | null,
): { readonly state: 'fails' | 'open'; readonly detail: string } | null {
  if (kind !== 'soc2-type1') return null;
  const { last } = population.range;
  const { to } = window;
  if (facts === null)
    return { state: 'open', detail: 'The records after the last one of the report could not be read.' };
  if (headTime >= to) {
    return { state: 'fails', detail: `Record ${last} is of ${headTime}: it was not there at the moment ${to}.` };
  }
  const { next, surelyBefore, saved } = facts;
  if ((next === null || next >= to) && surelyBefore <= last) return null;
  const until = Math.max(surelyBefore, last + 1);
  const left = `Records ${last + 1} to ${until} were written before the moment ${to}, and the report ends with record ${last}`;
  if (made.at >= to) return { state: 'fails', detail: `${left}.` };
  return saved === null
    ? {
        state: 'open',
        detail: `${left}; it says that it was made earlier, at ${made.at}, and no record here shows that.`,
      }
    : null;
}

function parameterCheck({ document: { query } }: SignedReport): Check {
  const name = 'Its parameters are those it names';
  const computed = digestOf(query.request);
  if (computed !== query.digest) {
    const text = `A parameter was changed: their SHA-256 is ${computed}, and ${query.digest} is stated.`;
    return check('parameters', name, 'fails', text);
  }
  const { zone } = query.request;
  return isZone(zone)
    ? check('parameters', name, 'holds', `SHA-256 ${computed}.`)
    : check('parameters', name, 'open', `SHA-256 ${computed}. ${zone} is no time zone that is known here.`);
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
        `It says that it was counted by the rules ${rules.version} (${rules.digest.slice(0, 16)}), and this version has ${RULES.version} (${RULES.digest.slice(0, 16)}), by which it was computed again.`,
      );
}

function figureCheck({ comparison, why, refused }: Again, signed: SignedReport): Check {
  const name = 'Every figure comes out the same';
  if (comparison === null && refused && isSameRules(signed)) {
    const text = `By the rules it names no such report is made. ${why ?? ''}`;
    return check('figures', name, 'fails', text);
  }
  if (comparison === null) return check('figures', name, 'open', `It could not be computed again. ${why ?? ''}`);
  const { figures, notGiven, differenceCount } = comparison;
  const sealed =
    notGiven === 0
      ? ''
      : ` ${say(notGiven, 'sealed value')} in the report could not be compared: this chain file does not disclose them.`;
  if (differenceCount === 0) return check('figures', name, 'holds', `${say(figures, 'value')} compared.${sealed}`);
  const found = `${say(differenceCount, 'difference')} among ${say(figures, 'value')}.${sealed}`;
  // other rules are the report's own word: they must not excuse what they may explain
  const rules = isSameRules(signed)
    ? ''
    : ' The report names other rules, and some may come of that alone: compute it with the version that made it. What is said of the range, of hashes and of the seed depends on no rules.';
  return check('figures', name, 'fails', `${found}${rules}`);
}
