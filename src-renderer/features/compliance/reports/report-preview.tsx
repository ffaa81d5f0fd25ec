import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { SignedReport } from '#shared/model/report.ts';
import { ReportPage } from '#shared/report/draw-report.ts';
import { REPORT_CSS } from '#shared/report/report-style.ts';
import { useAdoptedStyle } from './adopt-style.ts';

/** Of each table: a window draws a few hundred rows at once, the written report has all of them. */
const SHOWN_ROWS = 300;

interface Chapter {
  readonly index: number;
  readonly number: string;
  readonly title: string;
}

/** A report as it is printed, drawn in the window by the same components, with its contents beside it. */
export function ReportPreview({ signed, aside }: { readonly signed: SignedReport; readonly aside?: ReactNode }) {
  useAdoptedStyle(REPORT_CSS);
  const page = useRef<HTMLElement>(null);
  const [chapters, setChapters] = useState<readonly Chapter[]>([]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another report has other headings
  useEffect(() => {
    setChapters(headingsOf(page.current).map(readChapter));
    page.current?.scrollTo(0, 0);
  }, [signed.digest]);
  useEffect(() => {
    const element = page.current;
    if (element === null) return;
    // A fragment is where one is in the console: links within the report scroll in it instead.
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
      if (link === null) return;
      event.preventDefault();
      const target = document.getElementById(decodeURIComponent(link.getAttribute('href')?.slice(1) ?? ''));
      if (target !== null && element.contains(target)) reveal(target);
    };
    element.addEventListener('click', onClick);
    return () => element.removeEventListener('click', onClick);
  }, []);

  return (
    <div className="report-view">
      <div className="report-view-side">
        {aside}
        {chapters.length === 0 ? null : (
          <nav className="report-contents" aria-label="Contents of the report">
            <ol>
              {chapters.map(({ index, number, title }) => (
                <li key={index}>
                  <button
                    type="button"
                    onClick={() => {
                      const heading = headingsOf(page.current)[index];
                      if (heading !== undefined) reveal(heading);
                    }}
                  >
                    <span className="faint num">{number}</span>
                    {title}
                  </button>
                </li>
              ))}
            </ol>
          </nav>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section ref={page} className="report-page" tabIndex={0} aria-label={`Report: ${signed.document.title}`}>
        <ReportPage document={signed.document} digest={signed.digest} signature={signed.signature} rows={SHOWN_ROWS} />
      </section>
    </div>
  );
}

function headingsOf(page: HTMLElement | null): readonly HTMLElement[] {
  return page === null ? [] : [...page.querySelectorAll<HTMLElement>('section > h2')];
}

/** A heading says its number apart from its words. */
function readChapter(heading: HTMLElement, index: number): Chapter {
  const number = heading.querySelector('.r-no')?.textContent ?? '';
  return { index, number, title: (heading.textContent ?? '').slice(number.length) };
}

/** Scrolls to a part of the report and puts the focus there, so that reading goes on from it. */
function reveal(target: HTMLElement): void {
  target.scrollIntoView({ block: 'start' });
  if (target.tabIndex < 0) target.setAttribute('tabindex', '-1');
  target.focus({ preventScroll: true });
}
