import { createHash } from 'node:crypto';
import { createElement } from 'react';
import type { SignedReport } from '#shared/model/report.ts';
import { SYNTHETIC_CHAIN, SYNTHETIC_MARK } from '#shared/model/synthetic.ts';
import { ReportPage } from '#shared/report/draw-report.ts';
import { REPORT_CSS } from '#shared/report/report-style.ts';
import { plainText } from '#shared/report/shown-text.ts';
import { escapeHtml, writeHtml } from './write-html.ts';

/** The element of a report's page that holds the signed document. */
export const EMBEDDED_ID = 'causeway-report';

/** What only a page of its own needs: paper, margins, and the ground around the report. */
const SHEET_CSS = `
@page { margin: 17mm 15mm 18mm; }
@page cw-across { size: landscape; }
:root { color-scheme: light dark; }
body { margin: 0; background: light-dark(oklch(0.955 0.004 250), oklch(0.165 0.014 258)); }
@media screen and (min-width: 1180px) { main { padding: 32px 0 64px; } .cw-report { border-radius: 12px; } }
@media print { :root { color-scheme: light; } body { background: none; } }
`;

const STYLE = `${SHEET_CSS}${REPORT_CSS}`;
const STYLE_DIGEST = createHash('sha256').update(STYLE, 'utf8').digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_DIGEST}'; base-uri 'none'; form-action 'none'`;

/**
 * The report as one file that needs no other: drawn, with its style, and with the signed document it was drawn from. No
 * script runs in it, whatever its texts hold. The same signed report gives the same bytes.
 */
export function renderReportPage(signed: SignedReport): string {
  const { document, digest, signature } = signed;
  const body = writeHtml(createElement(ReportPage, { document, digest, signature }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(nameOf(signed))}</title>
<style>${STYLE}</style>
</head>
<body>
<main>${body}</main>
<script type="application/json" id="${EMBEDDED_ID}">${embed(signed)}</script>
</body>
</html>
`;
}

/** Stands at the foot of each printed page, cut at its end where there is no room: that it is made up comes first. */
function nameOf({ document: { title, warnings }, digest }: SignedReport): string {
  const mark = warnings.includes(SYNTHETIC_CHAIN) ? `${SYNTHETIC_MARK} · ` : '';
  return `${mark}${plainText(title)} · ${digest.slice(0, 16)}`;
}

/**
 * JSON inside a script element ends at `</script`, and a comment opened there changes where: no `<` is left as it is.
 * U+2028 and U+2029 are legal in JSON and line ends to some readers. readReportFile expects this form.
 */
function embed(signed: SignedReport): string {
  return JSON.stringify(signed).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
