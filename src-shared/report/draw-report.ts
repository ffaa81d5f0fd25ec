import { createElement as h, type MouseEvent, type ReactNode } from 'react';
import type { ReportDocument } from '../model/report.ts';
import { isWide } from './block-table.ts';
import { Cover, type CoverProps, type Signature } from './cover.ts';
import { ReportBlock } from './draw-block.ts';
import { Exceptions } from './exceptions.ts';
import { countOf } from './format.ts';
import { Integrity } from './integrity.ts';
import { Limits } from './limits.ts';
import { Population } from './population.ts';
import { Query } from './query.ts';
import { Sample } from './sample.ts';
import { Scope } from './scope.ts';
import { drawSeqs } from './seq-list.ts';
import { showText } from './shown-text.ts';
import { SignedBy } from './signed-by.ts';

/** The class all of REPORT_CSS is under. */
export const REPORT_CLASS = 'cw-report';

export interface ReportPageProps {
  readonly document: ReportDocument;
  /** SHA-256 of the document's canonical JSON, in hex. */
  readonly digest: string;
  readonly signature?: Signature;
  /** How many rows of each table are drawn at most: for a preview. A saved report has all of them. */
  readonly rows?: number;
  /** Told of the contents list's links instead of the address: for a window that keeps its own place there. */
  readonly onFollow?: (anchor: string) => void;
}

interface Section {
  readonly anchor: string;
  readonly title: string;
  readonly aside?: string;
  readonly wide?: boolean;
  /** Short: not broken across two printed pages. */
  readonly keep?: boolean;
  readonly body: ReactNode;
}

/** A whole evidence report, for the window and for the file alike. */
export function ReportPage(props: ReportPageProps): ReactNode {
  const { document, digest, signature = null } = props;
  const sections = listSections(props, { document, digest, signature });
  return h(
    'article',
    { className: isCrowded(document, sections) ? `${REPORT_CLASS} r-crowded` : REPORT_CLASS, lang: 'en' },
    h(Cover, { document, digest, signature }),
    drawContents(sections, props.onFollow),
    ...sections.map((section, index) => drawSection(section, index + 1)),
  );
}

/** Whether the first page has no room for the contents: what follows them then needs no page of its own. */
const isCrowded = ({ warnings, integrity }: ReportDocument, sections: readonly Section[]) =>
  warnings.length > 0 || integrity.state === 'broken' || sections.length > 18;

function listSections({ document, rows }: ReportPageProps, cover: CoverProps): Section[] {
  const most = rows === undefined ? {} : { rows };
  const { population, exceptions, sample, limits } = document;
  return [
    { anchor: 'r-scope', title: 'What was looked at', body: h(Scope, { document }) },
    {
      anchor: 'r-population',
      title: 'Population and completeness',
      aside: countOf(population.inScope, 'record'),
      body: h(Population, { document }),
    },
    {
      anchor: 'r-integrity',
      title: 'Integrity of the records',
      aside: document.integrity.state,
      body: h(Integrity, { document }),
    },
    {
      anchor: 'r-exceptions',
      title: 'Exceptions',
      aside: countOf(exceptions.length, 'exception'),
      body: h(Exceptions, { document, ...most }),
    },
    ...document.blocks.map((block, index) => {
      const anchor = `r-block-${index + 1}`;
      const wide = liesAcross(document.blocks, index);
      return {
        anchor,
        title: block.title,
        wide,
        body: h(ReportBlock, { block, zone: document.zone, window: document.window, anchor, ...most }),
      };
    }),
    {
      anchor: 'r-sample',
      title: 'Sample',
      aside: sample === null ? 'none' : countOf(sample.drawn.length, 'control'),
      body: h(Sample, { document }),
    },
    {
      anchor: 'r-records',
      title: 'Records in scope, by their numbers',
      aside: countOf(population.inScope, 'record'),
      body: drawSeqs(population),
    },
    { anchor: 'r-query', title: 'Query, parameters and rules', keep: true, body: h(Query, { document }) },
    {
      anchor: 'r-limits',
      title: 'What this report does not prove',
      aside: countOf(limits.length, 'limit'),
      keep: limits.length <= 12,
      body: h(Limits, { document }),
    },
    { anchor: 'r-signature', title: 'Digest, signature, and computing it again', keep: true, body: h(SignedBy, cover) },
  ];
}

/** Printed across: a wide table, and next to nothing that follows one, which would have a page that stands to itself. */
function liesAcross(blocks: ReportDocument['blocks'], at: number): boolean {
  const block = blocks[at];
  if (block?.block !== 'table') return false;
  return isWide(block) || (block.rows.length === 0 && liesAcross(blocks, at - 1));
}

function drawContents(sections: readonly Section[], onFollow: ReportPageProps['onFollow']): ReactNode {
  return h(
    'nav',
    { className: 'r-contents', 'aria-label': 'Contents' },
    h('h2', null, 'Contents'),
    h('ol', null, ...sections.map((section, index) => drawLink(section, index + 1, onFollow))),
  );
}

function drawLink({ anchor, title, aside }: Section, number: number, onFollow: ReportPageProps['onFollow']): ReactNode {
  const follow =
    onFollow === undefined
      ? {}
      : {
          onClick: (event: MouseEvent) => {
            event.preventDefault();
            onFollow(anchor);
          },
        };
  return h(
    'li',
    null,
    h(
      'a',
      { href: `#${anchor}`, ...follow },
      h('span', { className: 'r-no' }, number),
      h('span', { className: 'r-entry-title' }, showText(title)),
      aside === undefined ? null : h('span', { className: 'r-aside' }, aside),
    ),
  );
}

function drawSection({ anchor, title, wide, keep, body }: Section, number: number): ReactNode {
  return h(
    'section',
    {
      className: `r-section${wide === true ? ' r-across' : ''}${keep === true ? ' r-keep' : ''}`,
      id: anchor,
      'aria-labelledby': `${anchor}-title`,
    },
    h('h2', { id: `${anchor}-title` }, h('span', { className: 'r-no' }, number), showText(title)),
    body,
  );
}
