/** The summary page's style: both colour schemes, nothing loaded, prints on paper. */
export const SUMMARY_STYLE = `
:root{color-scheme:light dark;--ink:light-dark(#1b2333,#eef1f6);--soft:light-dark(#566074,#a7b0c0);--line:light-dark(#dfe4ec,#39414f);
--card:light-dark(#fff,#1d2430);--page:light-dark(#f7f8fa,#141a24);--accent:light-dark(#2f5fd0,#8fb0ff);--band:light-dark(#e4ebfb,#2a3a5e);--bad:light-dark(#b3261e,#ff9d94)}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1040px;padding:32px 24px;font:14px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page)}
h1{font-size:24px;line-height:1.25;margin:4px 0;overflow-wrap:anywhere}h2{font-size:15px;margin:0 0 8px}
header p{color:var(--soft);margin:0}section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 20px;margin:16px 0;break-inside:avoid;overflow-x:auto}
p{margin:6px 0}ul,ol{margin:6px 0;padding-left:22px}li{margin:3px 0}b{color:var(--accent);white-space:nowrap}
table{border-collapse:collapse;width:100%;font-size:13px}th{text-align:left;color:var(--soft);font-weight:600}
td,th{padding:4px 10px 4px 0;border-bottom:1px solid var(--line);vertical-align:top;font-variant-numeric:tabular-nums}
td:last-child{overflow-wrap:anywhere}.record td:not(:last-child),.agents td:not(:last-child){white-space:nowrap}.diff td:first-child{white-space:nowrap}.diff td{overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:110px 1fr;gap:4px 12px;margin:8px 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
code{font:12px/1.5 ui-monospace,monospace}svg{width:100%;height:auto;display:block}
.axis{fill:var(--soft);font-size:11px}.grid{stroke:var(--line)}.band{fill:var(--band)}.series{fill:none;stroke:var(--accent);stroke-width:1.6}.mark{stroke:var(--bad);stroke-dasharray:4 3}.label{fill:var(--bad);font-size:11px}
@media print{body{padding:0}section{border-color:#ccc}}
`.replaceAll('\n', '');
