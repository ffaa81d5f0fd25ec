import { WIDTH_CSS } from './column-room.ts';

/** Values, cards, tables and charts. */
export const BLOCK_CSS = `
  & .r-cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(168px, 1fr)); gap: 10px; margin-top: 22px; }
  & .r-figures .r-cards { margin-top: 0; }
  & .r-card { display: flex; flex-direction: column; padding: 12px 14px 13px; border: 1px solid var(--r-line); border-radius: 8px; background: var(--r-raised); }
  & .r-card dt { color: var(--r-ink-3); }
  & .r-card dd { display: flex; flex-direction: column; gap: 2px; }
  & .r-big { font: 640 24px/1.3 var(--r-font); font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
  & .r-big .r-state { font-size: 19px; line-height: 31px; letter-spacing: -0.01em; }
  & .r-big .r-shape { width: 16px; height: 16px; }
  & .r-of { color: var(--r-ink-2); font-weight: 400; }
  & .r-big .r-of { font-size: 14px; letter-spacing: 0; }
  & .r-note, & .r-zone { color: var(--r-ink-3); font-size: 12px; font-weight: 400; }
  & .r-zone { display: block; white-space: nowrap; }
  & .r-empty { color: var(--r-ink-2); padding: 12px 16px; border: 1px dashed var(--r-line-2); border-radius: 8px; max-width: 88ch; }
  & .r-none { color: var(--r-ink-3); }

  & .r-facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 0 36px; margin-top: 14px; }
  & .r-facts.r-single { grid-template-columns: 1fr; }
  & .r-fact { display: grid; grid-template-columns: 164px minmax(0, 1fr); gap: 12px; padding: 7px 0; border-bottom: 1px solid var(--r-line); align-items: start; }
  & .r-single > .r-fact { grid-template-columns: 216px minmax(0, 1fr); }
  & .r-fact dt { color: var(--r-ink-3); }
  & .r-fact dd .r-note, & .r-line, & .r-end { display: block; }
  & .r-end + .r-end { margin-top: 3px; }
  & .r-facts + :is(.r-note, .r-prose) { margin-top: 12px; }
  & .r-sealbox { margin-top: 18px; padding: 4px 16px; border: 1px solid var(--r-line-2); border-radius: 8px; }
  & .r-sealbox .r-facts { margin-top: 0; }
  & .r-sealbox .r-fact:last-child { border-bottom: 0; }

  & .r-hash { display: inline-block; max-width: 13ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; font: 450 12px/1.55 var(--r-mono); color: var(--r-ink-2); user-select: all; direction: ltr; }
  & .r-hash.r-whole { max-width: 100%; white-space: normal; overflow-wrap: anywhere; }
  & .r-id { font: 450 12px/1.5 var(--r-mono); white-space: nowrap; }
  & .r-fact .r-id { white-space: normal; }
  & .r-time { white-space: nowrap; }
  & .r-foreign { unicode-bidi: isolate; white-space: pre-wrap; padding-inline-start: 7px; border-inline-start: 2px dotted var(--r-line-2); display: inline-block; }
  & .r-code-point { font: 500 10px/1.3 var(--r-mono); padding: 0 3px; margin: 0 1px; border: 1px solid var(--r-bad); border-radius: 3px; color: var(--r-bad); unicode-bidi: isolate; }
  & .r-state { display: inline-flex; gap: 6px; align-items: baseline; color: var(--r-tone); font-weight: 600; overflow-wrap: normal; }
  & .r-shape { align-self: center; width: 12px; height: 12px; flex: none; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
  & .r-state .r-shape { align-self: flex-start; margin-top: calc((1lh - 12px) / 2); }
  & .r-big .r-state .r-shape { margin-top: calc((1lh - 16px) / 2); }
  & .r-sealed { display: inline-flex; flex-direction: column; gap: 2px; align-items: flex-start; }
  & .r-seal { overflow-wrap: normal; display: inline-flex; gap: 5px; align-items: center; color: var(--r-ink-3); font-size: 12px; }
  & .r-seal .r-shape { stroke-width: 1.2; }
  & .r-tokens { display: flex; flex-wrap: wrap; gap: 4px; }
  & .r-token { font: 450 11px/1.5 var(--r-mono); padding: 1px 6px; border-radius: 4px; background: var(--r-raised); border: 1px solid var(--r-line); }

  & .r-scroll { overflow-x: auto; }
  & .r-table { width: 100%; border-collapse: collapse; font-size: 13px; }
  & .r-table th { text-align: start; vertical-align: bottom; font-weight: 600; font-size: 12px; color: var(--r-ink-2); padding: 7px 10px; border-bottom: 1px solid var(--r-line-2); overflow-wrap: normal; }
  & .r-table td { vertical-align: top; padding: 7px 10px; border-bottom: 1px solid var(--r-line); }
  & .r-table :is(th, td):first-child { padding-inline-start: 0; }
  & .r-table :is(th, td):last-child { padding-inline-end: 0; }
  & .r-table .r-k-main { width: 55%; }
  & .r-table .r-k-short { white-space: nowrap; }
  & .r-table :is(.r-k-number, .r-k-seq) { text-align: end; font-variant-numeric: tabular-nums; }
  & .r-table td:is(.r-k-number, .r-k-seq) { white-space: nowrap; }
  & .r-table :is(td.r-k-text, td.r-k-foreign) { min-width: 88px; }
  & .r-table td.r-brief { min-width: 0; overflow-wrap: normal; white-space: nowrap; }
${WIDTH_CSS}
  & .r-rows { display: grid; gap: 20px; }
  & .r-rows .r-facts { margin-top: 0; }
  & .r-hint { display: block; font-weight: 400; color: var(--r-ink-3); }
  & .r-dense { font-size: 12px; }
  & .r-dense :is(th, td) { padding-inline: 6px; }
  & .r-table-block > .r-note { margin-bottom: 8px; }
  & .r-drawn { overflow-wrap: normal; }
  & .r-seqs { max-height: 220px; overflow: auto; padding: 10px 12px; border: 1px solid var(--r-line); border-radius: 8px; font: 450 12px/1.7 var(--r-mono); color: var(--r-ink-2); overflow-wrap: normal; }
  & .r-range { white-space: nowrap; }
  & .r-list-of-seqs { overflow-wrap: normal; font-variant-numeric: tabular-nums; }
  & .r-narrow { max-width: 520px; }
  & .r-criteria { columns: 2; column-gap: 40px; }
  & .r-criteria li { display: grid; grid-template-columns: 76px minmax(0, 1fr); gap: 8px; padding: 5px 0; border-bottom: 1px solid var(--r-line); break-inside: avoid; }
  & .r-group + .r-group { margin-top: 14px; }
  & .r-group h4 { margin: 0 0 4px; font: 500 13px/1.4 var(--r-font); color: var(--r-ink-2); }
  & .r-sizes { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
  & .r-sizes > div { padding: 5px 12px; border: 1px solid var(--r-line); border-radius: 6px; background: var(--r-raised); }
  & .r-sizes dt { color: var(--r-ink-3); font-size: 12px; }
  & .r-sizes dd { font-weight: 600; }

  & .r-legend { display: flex; flex-wrap: wrap; gap: 2px 14px; color: var(--r-ink-3); margin-bottom: 8px; }
  & .r-chart-row { display: grid; grid-template-columns: minmax(120px, 22%) minmax(0, 1fr) minmax(112px, 19%); gap: 16px; align-items: center; padding: 5px 0; border-bottom: 1px solid var(--r-line); }
  & .r-chart-head { padding: 0; border-bottom-color: var(--r-line-2); }
  & .r-tally { display: flex; flex-wrap: wrap; gap: 0 10px; font-size: 12px; }
  & .r-count { display: inline-flex; align-items: center; gap: 5px; color: var(--r-tone); white-space: nowrap; }
  & .r-count .r-shape { width: 10px; height: 10px; }
  & :is(.r-squares, .r-months, .r-strip) { display: block; width: 100%; height: auto; overflow: visible; }
  & :is(.r-months, .r-strip) text { font: 400 9.5px var(--r-font); fill: var(--r-ink-3); }
  & .r-sq { fill: var(--r-good-fill); }
  & .r-sq-not-due { fill: none; stroke: var(--r-line-2); stroke-width: 0.8; }
  & .r-sq-no-data { fill: var(--r-ink-3); }
  & :is(.r-sq-info, .r-sq-not-applicable) { fill: var(--r-line-2); }
  & .r-sq-alone rect { fill: var(--r-tone-fill); }
  & .r-sq-alone path { stroke: var(--r-paper); stroke-width: 1.3; fill: none; }
  & .r-sq-alone.r-warn rect:first-of-type { fill: var(--r-paper); stroke: var(--r-warn-fill); stroke-width: 1; }
  & .r-sq-alone .r-half { fill: var(--r-warn-fill); stroke: none; }
  & .r-bar { display: block; overflow: hidden; border-radius: 3px; }
  & .r-track { fill: var(--r-raised); }
  & .r-part { fill: var(--r-tone-fill); stroke: var(--r-paper); stroke-width: 1; }

  & .r-axis { stroke: var(--r-line-2); fill: none; }
  & .r-tick { stroke: var(--r-ink-3); stroke-width: 1.2; fill: none; }
  & .r-flag { stroke: var(--r-tone); stroke-width: 1.5; fill: var(--r-paper); stroke-linejoin: round; }
  & .r-flag.r-good { fill: var(--r-good-fill); }
  & .r-timeline > ol { margin-top: 14px; }
  & .r-entry { display: grid; grid-template-columns: 18px 178px minmax(0, 1fr); gap: 0 10px; position: relative; padding: 0 0 14px; }
  & .r-entry::before { content: ''; position: absolute; inset-inline-start: 8px; top: 18px; bottom: -2px; width: 1px; background: var(--r-line-2); }
  & .r-entry:last-child::before { display: none; }
  & .r-entry-mark { display: grid; place-items: center; width: 18px; height: 19px; color: var(--r-tone); }
  & .r-entry-when { color: var(--r-ink-2); }
  & .r-entry-who { display: flex; flex-wrap: wrap; gap: 0 10px; color: var(--r-ink-3); font-size: 12px; }
  & .r-entry-seal { display: flex; flex-wrap: wrap; gap: 0 8px; align-items: baseline; margin-top: 3px; }
  @container (max-width: 640px) {
    & .r-contents ol, & .r-criteria { columns: 1; }
    & .r-chart-row { grid-template-columns: 1fr; gap: 4px; }
    & .r-chart-head { display: none; }
    & .r-fact, & .r-single > .r-fact { grid-template-columns: 1fr; gap: 0; }
    & .r-entry { grid-template-columns: 18px minmax(0, 1fr); }
    & .r-entry-what { grid-column: 2; }
  }
`;
