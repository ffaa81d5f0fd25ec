import { sign } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildReport, digestOf } from '#main/compliance/reports/build-report.ts';
import { planReport } from '#main/compliance/reports/plan-report.ts';
import { type ReperformOptions, reperform } from '#main/compliance/reports/reperform.ts';
import { reportFile, reportJson } from '#main/compliance/reports/report-file.ts';
import type { Reperformed, ReportDocument, ReportRequest, SignedReport } from '#shared/model/report.ts';
import { ForgedChain, type ForgedKey, type Loose, newKey } from './forge-chain.ts';
import { evaluateHere, MADE } from './make-report.ts';

/** Reports over chains made by hand, validly signed, and edited by somebody who holds the key. */
export class ForgedReports {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'causeway-forged-'));
  readonly key = newKey();
  #files = 0;

  /** A record a line: from record 1 on, whose members but its data are given. */
  chain(records: readonly { readonly time: string; readonly action: string; readonly data: Loose }[]): ForgedChain {
    const [first, ...others] = records;
    const chain = new ForgedChain(1, this.key);
    Object.assign(chain.records[0]?.record ?? {}, { time: first?.time });
    for (const { action, data, ...more } of others) Object.assign(chain.add(action, data).record, more);
    return chain;
  }

  write(text: string, ending: string): string {
    const file = path.join(this.folder, `${++this.#files}.${ending}`);
    writeFileSync(file, text);
    return file;
  }

  async report(chain: string, request: ReportRequest, last: number): Promise<SignedReport> {
    const evaluation = await evaluateHere({ kind: 'file', path: chain }, planReport(request, { last }), {});
    return this.sign(buildReport(request, evaluation, MADE));
  }

  sign(document: ReportDocument, key: ForgedKey = this.key): SignedReport {
    const digest = digestOf(document);
    const value = sign(null, Buffer.from(`causeway-report/1\n${digest}\n`), key.privateKey).toString('base64');
    return { document, digest, signature: { key: key.id, alg: 'Ed25519', value } };
  }

  /** Of a report as data, or of the text of a page or of data. */
  again(report: SignedReport | string, chain: string, options: ReperformOptions = {}): Promise<Reperformed> {
    const text = typeof report === 'string' ? report : reportJson(report);
    const file = this.write(text, text.startsWith('{') ? 'json' : 'html');
    return reperform({ report: file, chain }, { evaluate: evaluateHere, ...options });
  }

  page(report: SignedReport): string {
    return reportFile(report);
  }
}

export const stateOf = ({ checks }: Reperformed, id: string): string | undefined =>
  checks.find((check) => check.id === id)?.state;
export const detailOf = ({ checks }: Reperformed, id: string): string =>
  checks.find((check) => check.id === id)?.detail ?? '';
