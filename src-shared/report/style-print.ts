/** On paper: light, smaller, whole values, and nothing cut in two that belongs together. */
export const PRINT_CSS = `
@media print {
  .cw-report {
    color-scheme: light;
    container-type: normal;
    max-width: none;
    padding: 0;
    font-size: 8.6pt;
    line-height: 1.42;
    print-color-adjust: exact;

    & .r-kicker { margin-top: 15pt; }
    & .r-alerts { margin-top: 9pt; gap: 6pt; font-size: 8.2pt; }
    & .r-alert { padding: 7pt 10pt 8pt; }
    & .r-alert h2 { font-size: 10.5pt; }
    & .r-alert .r-list { max-width: none; gap: 2pt; }
    & .r-mast { padding-bottom: 8pt; }
    & .r-cover .r-cards, & .r-cover > .r-facts, & .r-sealbox { margin-top: 11pt; }
    & h1 { font-size: 22pt; }
    & .r-lead { font-size: 11pt; }
    & .r-contents { break-inside: avoid; margin-top: 18pt; }
    & .r-section { margin-top: 22pt; }
    & .r-cover + .r-contents + .r-section { break-before: page; margin-top: 0; }
    &.r-crowded > .r-contents + .r-section { break-before: auto; margin-top: 22pt; }
    & .r-across { page: cw-across; margin-top: 0; }
    & .r-across + .r-across { margin-top: 20pt; }
    & .r-across + .r-section:not(.r-across) { margin-top: 0; }
    & :is(h2, h3) { break-after: avoid; }
    & .r-section > h2 { font-size: 13.5pt; }
    & .r-section h3 { font-size: 9.6pt; }
    & p, & .r-list li { orphans: 3; widows: 3; }
    & :is(.r-card, .r-fact, .r-alert, .r-chart-row, .r-entry, .r-legend, .r-strip, .r-limits li, .r-sealbox, .r-sizes, .r-narrow, .r-keep) { break-inside: avoid; }
    & .r-facts { grid-template-columns: 1fr 1fr; gap: 0 20pt; }
    & .r-cards { grid-template-columns: repeat(4, 1fr); gap: 6pt; }
    & .r-fact { grid-template-columns: 78pt minmax(0, 1fr); padding: 3.5pt 0; }
    & .r-single > .r-fact { grid-template-columns: 118pt minmax(0, 1fr); }
    & .r-big { font-size: 15pt; }
    & .r-big .r-state { font-size: 12.5pt; line-height: 19.5pt; }
    & :is(.r-note, .r-zone, .r-seal, .r-tally, .r-entry-who) { font-size: 7.6pt; }
    & :is(.r-legend, .r-chart-head, .r-sum) { break-after: avoid; }
    & .r-criteria { column-gap: 20pt; }
    & .r-criteria li { grid-template-columns: 44pt minmax(0, 1fr); padding: 2.6pt 0; font-size: 8pt; }
    & .r-scroll { overflow: visible; }
    & .r-table { font-size: 8pt; }
    & .r-dense { font-size: 7.4pt; }
    & .r-table th { font-size: 7.6pt; padding: 3.5pt 5pt; }
    & .r-table td { padding: 3.2pt 5pt; }
    & .r-table thead { display: table-header-group; }
    & .r-table tr { break-inside: avoid; }
    & .r-table tr.r-tall { break-inside: auto; }
    & .r-table-block > .r-note:first-child { break-after: avoid; }
    & .r-table :is(td.r-k-text, td.r-k-foreign) { min-width: 58pt; }
    & .r-table td.r-k-state { min-width: 60pt; }
    & .r-table td.r-brief { min-width: 0; }
    & td :is(.r-zone, .r-note, .r-seal) { font-size: 0.94em; }
    & .r-denser :is(td.r-k-text, td.r-k-foreign, td.r-k-state) { min-width: 0; }
    & .r-denser .r-id { overflow-wrap: anywhere; }
    & .r-denser { font-size: 6.4pt; }
    & .r-denser :is(.r-time, .r-zone, .r-id, .r-big) { white-space: normal; overflow-wrap: normal; }
    & .r-seal .r-hash { max-width: 46ch; }
    & td .r-hash { width: 33ch; max-width: 33ch; }
    & .r-dense td .r-hash { width: 22.5ch; max-width: 22.5ch; }
    & .r-has-tall td .r-hash { width: 16.5ch; max-width: 16.5ch; }
    & .r-has-tall .r-list-of-seqs { font-size: 0.9em; }
    & .r-hash { max-width: 33ch; white-space: normal; word-break: break-all; overflow: visible; font-size: 6.2pt; line-height: 1.35; }
    & .r-hash.r-whole { max-width: 100%; font-size: 6.9pt; }
    & :is(.r-id, .r-token, .r-command) { font-size: 7.2pt; }
    & td .r-id { font-size: 0.9em; }
    & .r-seqs { max-height: none; overflow: visible; font-size: 6.6pt; border: 0; padding: 0; }
    & .r-chart-row { grid-template-columns: 21% minmax(0, 1fr) 19%; padding: 2.6pt 0; gap: 9pt; }
    & .r-entry { grid-template-columns: 12pt 118pt minmax(0, 1fr); padding-bottom: 7pt; }
    & a { color: inherit; }
  }
}
`;
