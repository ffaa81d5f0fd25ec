import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import type { Citation, EvidenceInfo } from '#shared/model/evidence.ts';
import { tinyDigest } from '../../format/digests.ts';
import { formatCount } from '../../format/numbers.ts';
import { type CitationGroup, groupCitations, wordRows } from './citation-groups.ts';
import { EvidenceDialog } from './evidence-dialog.tsx';

interface CitationChipsProps {
  readonly citations: readonly Citation[];
  /** What is known of the stored answers; those it does not list are shown all the same. */
  readonly evidence: readonly EvidenceInfo[];
}

/** Which evidence a claim rests on: one chip for each stored answer, however many places in it are cited. */
export function CitationChips({ citations, evidence }: CitationChipsProps) {
  return groupCitations(citations).map((group) => (
    <CitationChip
      key={group[0].digest}
      group={group}
      info={evidence.find((each) => each.digest === group[0].digest) ?? null}
    />
  ));
}

interface CitationChipProps {
  readonly group: CitationGroup;
  readonly info: EvidenceInfo | null;
}

function CitationChip({ group, info }: CitationChipProps) {
  const [open, setOpen] = useState(false);
  const [first] = group;
  const letter = info === null ? 'e' : letterOf(info.operation);
  const operation = info?.operation ?? 'stored answer';
  return (
    <>
      <AriaButton className="cite" onPress={() => setOpen(true)}>
        <span className="visually-hidden">Evidence </span>
        {letter}·{tinyDigest(first.digest)}
        {group.length > 1 ? <span aria-hidden="true"> ×{formatCount(group.length)}</span> : null}
        <span className="visually-hidden">
          : {operation}, {group.length > 1 ? `${formatCount(group.length)} places` : wordRows(first)}
        </span>
      </AriaButton>
      {open ? <EvidenceDialog group={group} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function letterOf(operation: string): string {
  if (operation.startsWith('cloudwatch:')) return 'm';
  if (operation.startsWith('logs:')) return 'l';
  return 'i';
}
