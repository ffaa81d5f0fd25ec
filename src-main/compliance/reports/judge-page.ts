import { createHash } from 'node:crypto';
import { describeError } from '#shared/errors.ts';
import type { Reperformed } from '#shared/model/report.ts';
import { clip } from './blocks/cells.ts';
import { comparePages } from './compare-pages.ts';
import { findActive } from './page-active.ts';
import type { ReportFile } from './report-file.ts';
import { renderReportPage } from './report-page.ts';

export interface PageJudgement {
  readonly check: Reperformed['checks'][number];
  readonly differences: Reperformed['differences'];
}

type Build = { readonly name: string; readonly version: string };
type Difference = Reperformed['differences'][number];

const NAME = 'The page shows what its data say';
const STYLE = /<style>([^<]*)<\/style>/;
const STYLE_HASH = /style-src 'sha256-([A-Za-z0-9+/=]*)'/;

/**
 * Whether a page shows what its own data draw: whoever reads the page never sees the data. null where there is no page.
 * Which build drew it is the report’s own word, so it excuses nothing but another style sheet: everything else of the page
 * has to be what this program draws, and with another style sheet how it looks cannot be told.
 * @param build this program's
 */
export function judgePage({ signed, html }: ReportFile, build: Build | undefined): PageJudgement | null {
  if (html === null) return null;
  let drawn: string;
  try {
    drawn = renderReportPage(signed);
  } catch (error) {
    return judgement('open', `The page could not be drawn again from its data: ${describeError(error)}.`);
  }
  if (html === drawn) return judgement('holds', 'Drawn again from the data, it is the same to the byte.');
  const { build: own } = signed.document.made;
  const isOther = build !== undefined && (own.name !== build.name || own.version !== build.version);
  const whose = isOther ? ` It says that ${own.name} ${own.version} drew it, and this is ${build.version}.` : '';
  const active = findActive(html);
  if (isOther && active.length === 0 && isSameButStyle(html, drawn)) {
    const text = `Its structure and its texts are those of its data, its style sheet is another one: how it looks cannot be told.${whose} Compare the page with the version that made it, or check the report saved as data.`;
    return judgement('open', text);
  }
  const where = (place: string) => `Page: ${clip(place, 400)}`;
  const texts: Difference[] = comparePages(html, drawn).map(({ where: place, page, drawn: again }) => ({
    where: where(place),
    report: page,
    recomputed: again,
    seq: null,
  }));
  const hostile: Difference[] = active.map(({ what, excerpt }) => ({
    where: where(what),
    report: excerpt,
    recomputed: 'not there',
    seq: null,
  }));
  const markup: Difference[] =
    texts.length + hostile.length > 0 ? [] : [{ where: 'Page: markup', ...excerpts(html, drawn), seq: null }];
  const how =
    active.length > 0
      ? 'it holds what no report’s page holds, and that can hide or change what is shown'
      : texts.length > 0
        ? 'it shows other texts than its data'
        : 'its texts are those of its data, but not how they are drawn, or what is hidden in it';
  return judgement('fails', `The page was edited: ${how}.${whose}`, [...hostile, ...texts, ...markup]);
}

function judgement(
  state: PageJudgement['check']['state'],
  detail: string,
  differences: Reperformed['differences'] = [],
): PageJudgement {
  return { check: { id: 'page', name: NAME, state, detail: clip(detail) }, differences };
}

/** To the byte, but for the one style sheet, which has to be the one its policy allows. */
function isSameButStyle(html: string, drawn: string): boolean {
  const [one, other] = [withoutStyle(html), withoutStyle(drawn)];
  return one !== null && one === other;
}

function withoutStyle(html: string): string | null {
  const [, style] = STYLE.exec(html) ?? [];
  const [, allowed] = STYLE_HASH.exec(html) ?? [];
  if (style === undefined || createHash('sha256').update(style, 'utf8').digest('base64') !== allowed) return null;
  // by functions: a replacement text would be read for `$&` and its like
  return html.replace(STYLE, () => '<style></style>').replace(STYLE_HASH, () => "style-src ''");
}

/** The first place where two pages part, with what stands around it. */
function excerpts(html: string, drawn: string): { readonly report: string; readonly recomputed: string } {
  let at = 0;
  while (at < html.length && html[at] === drawn[at]) at++;
  const around = (text: string) => clip(text.slice(Math.max(0, at - 40), at + 160).toWellFormed(), 300);
  return { report: around(html), recomputed: around(drawn) };
}
