import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CONTROLS } from '#main/compliance/controls/controls.ts';
import { coverageMarkdown } from './framework-coverage.ts';
import { PROJECT_ROOT } from './project-root.ts';

export const COVERAGE_DOC = path.join(PROJECT_ROOT, 'docs/frameworks.md');
const MARK = '<!-- coverage -->\n';

/** The document with its coverage tables as the data has them now. */
export function withCoverage(text: string): string {
  const at = text.indexOf(MARK);
  if (at < 0) throw new Error(`no ${MARK.trim()} in the document`);
  return `${text.slice(0, at)}${MARK}\n${coverageMarkdown(CONTROLS)}`;
}

if (import.meta.main) writeFileSync(COVERAGE_DOC, withCoverage(readFileSync(COVERAGE_DOC, 'utf8')));
