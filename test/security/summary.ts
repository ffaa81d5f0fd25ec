import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT_ROOT } from '../support/project-root.ts';
import { readSources } from '../support/source-files.ts';

export const SUMMARY_FILE = path.join(PROJECT_ROOT, 'docs/security-tests.md');

const HEAD = `# Security tests

Each line is a property of Causeway with the test that holds it. Made by \`npm run docs:security\` from the
\`@securityTest\` comments; a test fails when this page is not current.
`;

/** The page, made of every \`@securityTest TITLE\` in the doc comments of the tests. */
export function makeSummary(): string {
  const files = readSources('test')
    .map(({ file, text }) => ({ file, titles: findTitles(text) }))
    .filter(({ titles }) => titles.length > 0)
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  const parts = files.map(({ file, titles }) => {
    const lines = titles.map((title) => `- ${title}`).join('\n');
    return `## [${file}](../${file})\n\n${lines}\n`;
  });
  return [HEAD, ...parts].join('\n');
}

/** A title is one line of a doc comment; wrapped titles are not supported, so that each stays a sentence. */
function findTitles(text: string): readonly string[] {
  return [...text.matchAll(/^\s*\/?\*{1,2} @securityTest (.+?)(?: \*\/)?$/gm)].map((found) => (found[1] ?? '').trim());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(SUMMARY_FILE, makeSummary());
