/** The report's colours and type, its cover, contents and sections. */
export const PAGE_CSS = `
  --r-font: 'Inter Variable', Inter, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif;
  --r-mono: 'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, 'SF Mono', Consolas, 'Liberation Mono', monospace;
  --r-paper: light-dark(#fff, oklch(0.215 0.016 258));
  --r-raised: light-dark(oklch(0.975 0.004 250), oklch(0.25 0.017 258));
  --r-line: light-dark(oklch(0.905 0.008 250), oklch(0.325 0.018 258));
  --r-line-2: light-dark(oklch(0.8 0.012 252), oklch(0.44 0.02 256));
  --r-ink: light-dark(oklch(0.24 0.03 260), oklch(0.945 0.006 250));
  --r-ink-2: light-dark(oklch(0.42 0.025 258), oklch(0.77 0.018 255));
  --r-ink-3: light-dark(oklch(0.5 0.02 256), oklch(0.68 0.02 256));
  --r-accent: light-dark(oklch(0.46 0.15 262), oklch(0.75 0.12 258));
  --r-good: light-dark(oklch(0.47 0.12 158), oklch(0.78 0.14 158));
  --r-good-fill: light-dark(oklch(0.66 0.12 158), oklch(0.62 0.12 158));
  --r-warn: light-dark(oklch(0.49 0.12 70), oklch(0.82 0.13 80));
  --r-warn-fill: light-dark(oklch(0.78 0.14 78), oklch(0.7 0.13 78));
  --r-warn-soft: light-dark(oklch(0.972 0.032 88), oklch(0.29 0.045 78));
  --r-bad: light-dark(oklch(0.5 0.19 25), oklch(0.77 0.14 24));
  --r-bad-fill: light-dark(oklch(0.6 0.2 25), oklch(0.6 0.18 24));
  --r-bad-soft: light-dark(oklch(0.967 0.018 20), oklch(0.29 0.065 22));
  container-type: inline-size;
  max-width: 1120px;
  margin: 0 auto;
  padding: 40px 48px 56px;
  background: var(--r-paper);
  color: var(--r-ink);
  font: 400 13px/1.5 var(--r-font);
  text-align: start;
  overflow-wrap: anywhere;
  text-size-adjust: none;

  & *, & *::before, & *::after { box-sizing: border-box; }
  & :where(h1, h2, h3, p, dl, dd, ol, ul, table, figure) { margin: 0; padding: 0; }
  & :where(ol, ul) { list-style: none; }
  & :where(a) { color: var(--r-accent); }
  & :where(a, .r-scroll, .r-seqs):focus-visible { outline: 2px solid var(--r-accent); outline-offset: 2px; border-radius: 4px; }

  & .r-good { --r-tone: var(--r-good); --r-tone-fill: var(--r-good-fill); }
  & .r-warn { --r-tone: var(--r-warn); --r-tone-fill: var(--r-warn-fill); }
  & .r-bad { --r-tone: var(--r-bad); --r-tone-fill: var(--r-bad-fill); }
  & .r-calm { --r-tone: var(--r-ink-3); --r-tone-fill: var(--r-line-2); }

  & .r-mast { display: flex; align-items: center; gap: 9px; padding-bottom: 14px; border-bottom: 1px solid var(--r-line); font-weight: 600; letter-spacing: -0.01em; }
  & .r-mark { width: 20px; height: 20px; flex: none; }
  & .r-mark rect { fill: var(--r-accent); }
  & .r-mark path { stroke: var(--r-paper); stroke-width: 2; stroke-linecap: round; }
  & .r-mast-end { margin-inline-start: auto; font-weight: 400; color: var(--r-ink-3); letter-spacing: 0; }
  & .r-kicker { margin-top: 34px; color: var(--r-accent); font-weight: 600; }
  & h1 { margin-top: 4px; font: 650 30px/1.18 var(--r-font); letter-spacing: -0.022em; text-wrap: balance; }
  & .r-lead { margin-top: 8px; font-size: 16px; color: var(--r-ink-2); }

  & .r-alerts { display: grid; gap: 10px; margin-top: 18px; }
  & .r-alert { padding: 13px 16px 14px; border: 1px solid var(--r-tone); border-inline-start-width: 5px; border-radius: 8px; }
  & .r-alert.r-bad { background: var(--r-bad-soft); }
  & .r-alert.r-warn { background: var(--r-warn-soft); }
  & .r-alert h2 { display: flex; align-items: center; gap: 8px; font: 650 15px/1.3 var(--r-font); color: var(--r-tone); }
  & .r-alert h2 .r-shape { width: 15px; height: 15px; }
  & .r-alert > p, & .r-alert > ul { margin-top: 6px; }

  & .r-contents { margin-top: 30px; }
  & .r-contents h2 { font: 600 13px/1.4 var(--r-font); color: var(--r-ink-3); padding-bottom: 6px; border-bottom: 1px solid var(--r-line); }
  & .r-contents ol { columns: 2; column-gap: 40px; padding-top: 6px; }
  & .r-contents li { break-inside: avoid; }
  & .r-contents a { display: flex; gap: 10px; align-items: baseline; padding: 3px 0; color: var(--r-ink); text-decoration: none; }
  & .r-contents a:hover .r-entry-title { text-decoration: underline; text-underline-offset: 3px; }
  & .r-entry-title { min-width: 0; }
  & .r-no { color: var(--r-ink-3); font-weight: 400; min-width: 1.5em; flex: none; }
  & :is(.r-no, .r-aside) { font-variant-numeric: tabular-nums; }
  & .r-aside { margin-inline-start: auto; color: var(--r-ink-3); flex: none; }

  & .r-section { margin-top: 44px; scroll-margin-top: 16px; }
  & .r-section > h2 { display: flex; gap: 10px; align-items: baseline; padding-bottom: 8px; margin-bottom: 14px; border-bottom: 1px solid var(--r-line-2); font: 640 19px/1.3 var(--r-font); letter-spacing: -0.014em; }
  & .r-section h3 { margin: 22px 0 8px; font: 600 14px/1.4 var(--r-font); }
  & .r-section > div > h3:first-child, & .r-two h3 { margin-top: 0; }
  & .r-sum { margin-bottom: 12px; max-width: 84ch; }
  & .r-narrow + .r-sum { margin-top: 12px; }
  & .r-prose { max-width: 78ch; }
  & .r-prose p + p, & .r-prose dl + p { margin-top: 9px; }
  & .r-two { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 20px 40px; }
  & .r-list { display: grid; gap: 5px; max-width: 88ch; }
  & .r-list li { position: relative; padding-inline-start: 16px; }
  & .r-list li::before { content: ''; position: absolute; inset-inline-start: 3px; top: 0.62em; width: 5px; height: 5px; border-radius: 50%; background: var(--r-ink-3); }
  & .r-limits { padding: 16px 18px; border: 1px solid var(--r-line-2); border-radius: 8px; background: var(--r-raised); }
  & .r-command { font: 500 12px/1.5 var(--r-mono); padding: 2px 6px; border-radius: 4px; background: var(--r-raised); border: 1px solid var(--r-line); }
`;
