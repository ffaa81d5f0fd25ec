import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import type { Citation, EvidenceInfo } from '#shared/model/evidence.ts';
import { tinyDigest } from '../../format/digests.ts';
import { EvidenceDialog } from './evidence-dialog.tsx';

interface CitationChipProps {
  readonly citation: Citation;
  /** What is known of the stored answer; null where the investigation does not list it. */
  readonly info: EvidenceInfo | null;
}

/** Which evidence a claim rests on; opens its rows. */
export function CitationChip({ citation, info }: CitationChipProps) {
  const [open, setOpen] = useState(false);
  const letter = info === null ? 'e' : letterOf(info.operation);
  const operation = info?.operation ?? 'stored answer';
  return (
    <>
      <AriaButton className="cite" onPress={() => setOpen(true)}>
        <span className="visually-hidden">Evidence </span>
        {letter}·{tinyDigest(citation.digest)}
        <span className="visually-hidden">
          : {operation}, rows {citation.from + 1} to {citation.to}
        </span>
      </AriaButton>
      {open ? <EvidenceDialog citation={citation} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function letterOf(operation: string): string {
  if (operation.startsWith('cloudwatch:')) return 'm';
  if (operation.startsWith('logs:')) return 'l';
  return 'i';
}
