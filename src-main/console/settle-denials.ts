import { CausewayError } from '#shared/errors.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { Proposal } from '../approvals/proposal-book.ts';
import { moveIncident } from '../investigation/incident-status.ts';
import type { Investigations } from '../investigation/investigations.ts';
import type { WorkspaceDb } from '../platform/workspace-db.ts';

/** Brings incidents where a person sees them once their proposal is not waiting any more. */
export interface DenialSettler {
  /** Tries each; returns what failed. What failed is tried again by `retry`. */
  settle(proposals: readonly Proposal[], reason: string): Promise<readonly unknown[]>;
  /** Tries again what could not be done. @throws the first failure */
  retry(): Promise<void>;
  /** Incidents that were left waiting for a decision that has been made, when the program last ended. */
  settleLeftOver(): Promise<void>;
}

const ACTOR: Actor = { type: 'system', id: 'approvals' };

export function createDenialSettler(db: WorkspaceDb, investigations: Investigations): DenialSettler {
  const open = new Map<string, { readonly proposal: Proposal; readonly reason: string }>();

  async function settleOne({ remediation, incident, investigation }: Proposal, reason: string): Promise<void> {
    if (remediation.status === 'approved' && remediation.decision !== null) {
      // On record, but it was not known here at the time: nobody has gone on with it, and it must not be gone on with later.
      const why = new CausewayError(
        'conflict',
        'The approval could not be kept when it was given. Nothing was changed.',
      );
      const { by, record } = remediation.decision;
      await investigations.abandonApproval(investigation, record, { type: 'user', id: by }, why);
    } else {
      await moveIncident(investigations.statusBook, incident, 'needs-attention', {
        actor: ACTOR,
        reason,
        investigation,
      });
    }
  }

  async function settle(proposals: readonly Proposal[], reason: string): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    for (const proposal of proposals) {
      const { id } = proposal.remediation;
      try {
        await settleOne(proposal, reason);
        open.delete(id);
      } catch (error) {
        failures.push(error);
        open.set(id, { proposal, reason });
      }
    }
    return failures;
  }

  return {
    settle,
    retry: async () => {
      for (const [id, { proposal, reason }] of [...open]) {
        // Somebody may have begun another investigation of it meanwhile.
        const { status, investigation } = db.getIncident(proposal.incident);
        if (status !== 'awaiting-approval' || investigation !== proposal.investigation) open.delete(id);
        else {
          const [failure] = await settle([proposal], reason);
          if (failure !== undefined) throw failure;
        }
      }
    },
    settleLeftOver: async () => {
      for (const { status, investigation } of db.listIncidents()) {
        if (status !== 'awaiting-approval' || investigation === null) continue;
        const { remediation, incident, id } = investigations.get(investigation);
        if (remediation?.status !== 'rejected' && remediation?.status !== 'expired') continue;
        const [failure] = await settle(
          [{ remediation, incident, investigation: id }],
          `${remediation.id} was ${remediation.status === 'rejected' ? 'rejected' : 'not decided in time'}.`,
        );
        if (failure !== undefined) throw failure;
      }
    },
  };
}
