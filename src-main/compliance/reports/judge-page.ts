import type { Reperformed } from '#shared/model/report.ts';
import { clip } from './blocks/cells.ts';
import { comparePages } from './compare-pages.ts';
import type { ReportFile } from './report-file.ts';
import { renderReportPage } from './report-page.ts';

export interface PageJudgement {
  readonly check: Reperformed['checks'][number];
  readonly differences: Reperformed['differences'];
}

/**
 * Whether a page shows what its own data draw: whoever reads the page never sees the data. null where there is no page.
 * @param build this program's; of another build's page only the texts can be compared
 */
export function judgePage(
  { signed, html }: ReportFile,
  build: { readonly name: string; readonly version: string } | undefined,
): PageJudgement | null {
  if (html === null) return null;
  const name = 'The page shows what its data say';
  const drawn = renderReportPage(signed);
  const is = (state: 'holds' | 'fails' | 'open', detail: string, differences: Reperformed['differences']) => ({
    check: { id: 'page', name, state, detail },
    differences,
  });
  if (html === drawn) return is('holds', 'Drawn again from the data, it is the same to the byte.', []);
  const differences = comparePages(html, drawn).map(({ where, page, drawn: again }) => ({
    where: `Page: ${clip(where, 400)}`,
    report: page,
    recomputed: again,
    seq: null,
  }));
  const own = signed.document.made.build;
  if (build !== undefined && (own.name !== build.name || own.version !== build.version)) {
    const said = differences.length === 0 ? 'its texts are the same' : 'some of its texts are others';
    const text = `The page was drawn by ${own.name} ${own.version}, and this is ${build.version}: ${said}; how it looks cannot be compared. Compare it with the version that made it.`;
    return is('open', clip(text), differences);
  }
  if (differences.length > 0)
    return is('fails', 'The page was edited: it shows other texts than its data.', differences);
  const text =
    'The page was edited: its texts are those of its data, but not how they are drawn, or what is hidden in it.';
  return is('fails', text, [{ where: 'Page: markup', ...excerpts(html, drawn), seq: null }]);
}

/** The first place where two pages part, with what stands around it. */
function excerpts(html: string, drawn: string): { readonly report: string; readonly recomputed: string } {
  let at = 0;
  while (at < html.length && html[at] === drawn[at]) at++;
  const around = (text: string) => clip(text.slice(Math.max(0, at - 40), at + 160).toWellFormed(), 300);
  return { report: around(html), recomputed: around(drawn) };
}
