import type { Investigation } from '#shared/model/investigation.ts';
import type { Proposal, ProposalBook } from '../approvals/proposal-book.ts';
import type { Investigations } from '../investigation/investigations.ts';
import type { WorkspaceDb } from '../platform/workspace-db.ts';

/** Proposals as approvals see them, kept with the investigations that made them. */
export function createProposalBook(db: WorkspaceDb, investigations: Investigations): ProposalBook {
  const read = (remediation: string): Proposal => {
    const kept = db.getByRemediation(remediation);
    return toProposal(investigations.get(kept.id)) ?? never(remediation);
  };
  return {
    read,
    listWaiting: () =>
      db
        .listUnfinished()
        .flatMap((investigation) => toProposal(investigations.get(investigation.id)) ?? [])
        .filter(({ remediation }) => remediation.status === 'proposed'),
    probe: (remediation) => db.putInvestigation(db.getByRemediation(remediation)),
    save: (remediation) => investigations.noteRemediation(read(remediation.id).investigation, remediation),
  };
}

function toProposal({ id, incident, remediation }: Investigation): Proposal | null {
  return remediation === null ? null : { remediation, incident, investigation: id };
}

function never(remediation: string): never {
  throw new TypeError(`the investigation of ${remediation} lost it`);
}
