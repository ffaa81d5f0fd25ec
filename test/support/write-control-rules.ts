import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CONTROLS } from '#main/compliance/controls/controls.ts';
import { PROJECT_ROOT } from './project-root.ts';

export const REPORTS_DOC = path.join(PROJECT_ROOT, 'docs/evidence-reports.md');
const MARK = '<!-- rules -->\n';

/** The document with the rules as the controls have them now. */
export function withRules(text: string): string {
  const at = text.indexOf(MARK);
  if (at < 0) throw new Error(`no ${MARK.trim()} in the document`);
  const rows = CONTROLS.map(({ id, name, kind, frequency, test }) => {
    const cells = [id, name, kind, frequency, test.occurrenceRule, test.deviationRule];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  });
  const head = '| control | name | kind | cadence | an occurrence is | a deviation is |\n|---|---|---|---|---|---|\n';
  return `${text.slice(0, at)}${MARK}\n${head}${rows.join('')}`;
}

if (import.meta.main) writeFileSync(REPORTS_DOC, withRules(readFileSync(REPORTS_DOC, 'utf8')));
