import { canonicalText, NotCanonicalError } from '#main/audit/canonical.ts';
import { holdsProto } from '#main/audit/json-proto.ts';
import { readJson } from '#main/audit/json-read.ts';
import { CausewayError } from '#shared/errors.ts';
import { SignedReport } from '#shared/model/report.ts';
import { EMBEDDED_ID, renderReportPage } from './report-page.ts';

/** A report as it was found in a file. Nothing in it is believed yet but its form. */
export interface ReportFile {
  readonly signed: SignedReport;
  /** The whole page, where it is one; null for a report as JSON. */
  readonly html: string | null;
  /** Why the data are not written as Causeway writes them: somebody edited them. null: they are. */
  readonly misform: string | null;
}

const REWRITTEN = 'The data in the file are not written in the one form there is for them: they were edited.';

/** Bytes. A page of as many exceptions as a report lists has 100 MB; it is held in memory, several times over. */
const MAX_REPORT = 128 * 1024 * 1024;
/** Brackets, commas and colons: above those of a report with 200,000 rows of sixteen cells. */
const MOST_MARKS = 6_000_000;

export interface ReportLimits {
  readonly bytes: number;
  readonly marks: number;
}
export const REPORT_LIMITS: ReportLimits = { bytes: MAX_REPORT, marks: MOST_MARKS };
const OPENING = `<script type="application/json" id="${EMBEDDED_ID}">`;
const CLOSING = '</script>';

/** The page: one file that needs no other. */
export function reportFile(signed: SignedReport): string {
  return renderReportPage(signed);
}

/** The same report as data: canonical JSON (RFC 8785) and a line feed, its only form. */
export function reportJson(signed: SignedReport): string {
  return `${canonicalText(signed)}\n`;
}

/**
 * Reads a report somebody gave us, page or JSON. The data are taken from the one place they stand at: of a page with two
 * such places one could be shown and the other be checked. Data in another than their only form are read, and `misform`
 * says so: of two members of one name only the last one is seen here. For a file of somebody else: on a thread
 * (open-report.ts), as what is within the limits still takes seconds and memory.
 * @throws CausewayError `bad-input` with what to do, `too-large`
 */
export function readReportFile(bytes: Uint8Array, limits: ReportLimits = REPORT_LIMITS): ReportFile {
  if (bytes.length > limits.bytes) throw new CausewayError('too-large', 'This file is too large for a report.');
  const start = Buffer.from(bytes.subarray(0, 5)).toString('latin1');
  if (start === '%PDF-') {
    throw refused(
      'pdf',
      'This is a PDF: it shows a report, and holds no data. Choose the report’s .html or .json file, saved with it.',
    );
  }
  const text = decode(bytes);
  return text.startsWith('{') ? { ...fromJson(text, limits), html: null } : { ...fromPage(text, limits), html: text };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refused(
      'not-text',
      'This is no report: it is not a text. Choose a .html or .json file saved by Causeway.',
      cause,
    );
  }
}

function fromPage(html: string, limits: ReportLimits): Pick<ReportFile, 'signed' | 'misform'> {
  // in what a page shows, and in its data, every `<` is written otherwise: this cannot be text
  const places = html.split(OPENING).length - 1;
  if (places === 0) {
    throw refused(
      'no-data',
      'This page holds no report: the data it was drawn from are not in it. Choose a .html file as Causeway saved it.',
    );
  }
  if (places > 1) {
    throw refused(
      'twice',
      'This page was changed: the data of a report stand in it in more than one place. Ask for the file as it was saved.',
    );
  }
  const from = html.indexOf(OPENING) + OPENING.length;
  const to = html.indexOf(CLOSING, from);
  if (to < 0) throw refused('cut', 'This page is cut off: the data of the report do not end. Copy the file again.');
  const embedded = html.slice(from, to);
  const signed = parse(embedded, limits);
  return { signed, misform: isEmbedded(embedded, signed) ? null : REWRITTEN };
}

/** Whether it is what a page has, where `<` and two line ends are written as escapes. */
function isEmbedded(embedded: string, signed: SignedReport): boolean {
  const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return embedded === JSON.stringify(signed).replace(/[<\u2028\u2029]/g, toEscape);
}

function fromJson(text: string, limits: ReportLimits): Pick<ReportFile, 'signed' | 'misform'> {
  const signed = parse(text, limits);
  return { signed, misform: isCanonicalJson(text, signed) ? null : REWRITTEN };
}

function isCanonicalJson(text: string, signed: SignedReport): boolean {
  return text === reportJson(signed);
}

function parse(text: string, { marks }: ReportLimits): SignedReport {
  const reading = readJson(Buffer.from(text, 'utf8'), marks);
  if (!reading.ok) throw refused('not-json', `The data of this report cannot be read: they are ${reading.reason}.`);
  if (holdsProto(reading.value)) throw refused('changed', 'This report was changed: it holds what no report can hold.');
  const parsed = SignedReport.safeParse(reading.value);
  if (parsed.success) return requireCanonical(parsed.data);
  const [issue] = parsed.error.issues;
  const place = `/${issue?.path.map(String).join('/') ?? ''}`;
  throw refused(
    'form',
    `This is no report, or one that was changed: what stands at ${place} does not fit (${issue?.message ?? ''}).`,
    parsed.error,
  );
}

/** Whatever is taken on from here can be written in the one form that is signed. */
function requireCanonical(signed: SignedReport): SignedReport {
  try {
    canonicalText(signed);
    return signed;
  } catch (error) {
    if (!(error instanceof NotCanonicalError)) throw error;
    throw refused('form', `This report was changed: it holds what no report can hold (${error.message}).`, error);
  }
}

function refused(reason: string, text: string, cause?: unknown): CausewayError {
  return new CausewayError('bad-input', text.slice(0, 2000), cause === undefined ? { reason } : { reason, cause });
}
