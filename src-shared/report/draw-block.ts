import { createElement as h, type ReactNode } from 'react';
import type { Block, Window } from '../model/report.ts';
import { BarsBlock } from './block-bars.ts';
import { CalendarBlock } from './block-calendar.ts';
import { FiguresBlock } from './block-figures.ts';
import { TableBlock } from './block-table.ts';
import { TextBlock } from './block-text.ts';
import { TimelineBlock } from './block-timeline.ts';

export interface BlockProps {
  readonly block: Block;
  /** IANA name of the zone times are shown in besides UTC. */
  readonly zone: string;
  /** Beginning of the ids inside, to be unique in the page. */
  readonly anchor: string;
  /** Of the report: what a calendar keeps to. */
  readonly window?: Window;
  /** How many rows of a table or entries of a timeline are drawn at most: for a preview. */
  readonly rows?: number;
}

/** One block without its title. Usable alone, inside an element of the class `cw-report`. */
export function ReportBlock({ block, zone, anchor, rows, window }: BlockProps): ReactNode {
  const most = rows === undefined ? {} : { rows };
  switch (block.block) {
    case 'text':
      return h(TextBlock, { block });
    case 'figures':
      return h(FiguresBlock, { block, zone });
    case 'table':
      return h(TableBlock, { block, zone, ...most });
    case 'calendar':
      return h(CalendarBlock, window === undefined ? { block, anchor } : { block, anchor, window });
    case 'bars':
      return h(BarsBlock, { block, anchor });
    case 'timeline':
      return h(TimelineBlock, { block, zone, anchor, ...most });
  }
}
