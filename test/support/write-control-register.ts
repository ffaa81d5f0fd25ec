import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ControlDefinition } from '#main/compliance/controls/control-definition.ts';
import { CONTROLS } from '#main/compliance/controls/controls.ts';
import { PROJECT_ROOT } from './project-root.ts';

export const REGISTER_DOC = path.join(PROJECT_ROOT, 'docs/control-register.md');
const MARK = '<!-- controls -->\n';

/** The document with the controls as they are defined now. */
export function withControls(text: string): string {
  const at = text.indexOf(MARK);
  if (at < 0) throw new Error(`no ${MARK.trim()} in the document`);
  const kinds = ['technical', 'organizational'] as const;
  const sections = kinds.map((kind) => {
    const title = kind === 'technical' ? 'Of the console itself' : 'Of the organization';
    return [`### ${title}`, ...CONTROLS.filter((control) => control.kind === kind).map(describe)].join('\n\n');
  });
  return `${text.slice(0, at)}${MARK}\n${sections.join('\n\n')}\n`;
}

function describe({ id, name, objective, frequency, test, criteria }: ControlDefinition): string {
  const cadence = frequency === 'event' ? 'each time' : frequency;
  const refs = criteria.map((one) => `${one.framework} ${one.id}`).join(', ');
  return [
    `**${id} ${name}** (${cadence}). ${objective}`,
    `- Occurrence: ${test.occurrenceRule}`,
    `- Deviation: ${test.deviationRule}`,
    `- For: ${refs}`,
  ].join('\n');
}

if (import.meta.main) writeFileSync(REGISTER_DOC, withControls(readFileSync(REGISTER_DOC, 'utf8')));
