import { verifyDocument } from '#main/audit/signed-document.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import type { Reperformed, SignedReport } from '#shared/model/report.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { RULES } from '../controls/controls.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { clip, count as say } from './blocks/cells.ts';
import { digestOf } from './build-report.ts';
import type { Comparison } from './compare-reports.ts';
import type { PageJudgement } from './judge-page.ts';
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
}

/** Each question asked of a report and a chain file, in order. */
export function checksOf(
  report: ReportFile,
  page: PageJudgement | null,
  chain: Chain | string,
  verdict: Verdict,
  again: Again,
): Check[] {
  const { signed } = report;
  return [
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

export function sayVerdict({ verdict, records, problems, problemCount }: Verdict): string {
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
