import type { BuiltFile, BuiltFiles } from './built-files.ts';
import type { StartFailure } from './start-failure.ts';

export const FAILURE_PATH = '/start-failed';

/** The two files of the page that says why the console did not start. It has no script and gets no preload. */
export function createFailurePage(failure: StartFailure, logFile: string): BuiltFiles {
  return new Map<string, BuiltFile>([
    [FAILURE_PATH, { type: 'text/html; charset=utf-8', body: encode(renderFailure(failure, logFile)) }],
    ['/start-failed.css', { type: 'text/css; charset=utf-8', body: encode(STYLE) }],
  ]);
}

function renderFailure(failure: StartFailure, logFile: string): string {
  const part = (title: string, text: string) => `<section><h2>${title}</h2><p>${escapeHtml(text)}</p></section>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Causeway did not start</title>
<link rel="stylesheet" href="/start-failed.css">
</head>
<body>
<main>
<h1>Causeway did not start</h1>
<p class="code">Error <code>${failure.code}</code></p>
${part('What happened', failure.happened)}
${part('What was kept', failure.kept)}
${part('What to do', failure.todo)}
<footer><p>Log: <code>${escapeHtml(logFile)}</code></p><p>Close this window to end Causeway.</p></footer>
</main>
</body>
</html>
`;
}

/** Messages carry paths and names, which others choose. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'utf8'));

const STYLE = `
:root { color-scheme: light dark; --page: #f6f7f9; --text: #16191f; --quiet: #4d5564; --line: #cfd5df; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0e1116; --text: #e8ebf0; --quiet: #a7b0c0; --line: #2b323d; --bad: #ff8a80; }
}
* { box-sizing: border-box; margin: 0; }
body { background: var(--page); color: var(--text); font: 15px/1.55 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 3rem 2rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.2; }
h2 { font-size: 0.8125rem; color: var(--quiet); font-weight: 600; margin-bottom: 0.25rem; }
code { font: 0.875em/1.5 ui-monospace, monospace; }
.code { color: var(--bad); font-weight: 600; margin: 0.5rem 0 2rem; }
section { padding: 1rem 0; border-top: 1px solid var(--line); }
footer { padding: 1rem 0; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.875rem; }
`;
