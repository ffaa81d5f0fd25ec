import type { ReportException, StateCell } from '#shared/model/report.ts';
import { state } from '../blocks/cells.ts';
import type { DecisionCollected, ProposalCollected } from '../collecting/proposal-records.ts';
import { exceptionOf } from './kind-content.ts';

export interface Judged {
  readonly proposal: ProposalCollected;
  readonly outcome: 'approved' | 'rejected' | 'expired' | 'withdrawn' | 'open';
  readonly outcomeCell: StateCell;
  /** Different humans who approved. */
  readonly humans: number;
  /** Seq of the approval given alone, null when there was none. */
  readonly alone: number | null;
  readonly eyes: StateCell;
  /** Milliseconds from the proposal to the decision that settled it. */
  readonly decidedAfter: number | null;
  readonly exceptions: readonly ReportException[];
}

const WORDS: Readonly<Record<Judged['outcome'], StateCell>> = {
  approved: state('holds', 'Approved'),
  rejected: state('info', 'Rejected'),
  expired: state('info', 'Expired'),
  withdrawn: state('info', 'Withdrawn'),
  open: state('not-due', 'Open'),
};

/** Whether it counts, by what the control CM-01 asks of an approval: by a person who did not ask, of this plan, in time. */
export function isCounted(decision: DecisionCollected, { expiresAt }: ProposalCollected): boolean {
  const { decision: what, person, own, bound, breakGlass, time } = decision;
  return what === 'approved' && person && bound && (!own || breakGlass !== null) && time < expiresAt;
}

/**
 * How a proposal was decided, and what four eyes ask for that was not so.
 * @param faults records the control CM-01 names in an exception: what it does not accept is never told as kept
 */
export function judgeProposal(proposal: ProposalCollected, faults: ReadonlySet<number>): Judged {
  const approvals = proposal.decisions.filter((decision) => isCounted(decision, proposal));
  const rejection = proposal.decisions.find(({ decision }) => decision === 'rejected');
  const humans = new Set(approvals.map(({ human }) => human));
  const alone = approvals.find(({ breakGlass }) => breakGlass !== null);
  const ended = (how: string) => proposal.ends.some((end) => end.how === how);
  const enough = approvals.length > 0 && (alone !== undefined || humans.size >= proposal.required);
  const outcome = enough
    ? 'approved'
    : rejection !== undefined
      ? 'rejected'
      : ended('expired')
        ? 'expired'
        : ended('withdrawn')
          ? 'withdrawn'
          : 'open';
  const settled = outcome === 'approved' ? approvals.at(-1) : outcome === 'rejected' ? rejection : undefined;
  const exceptions = exceptionsOf(proposal);
  const named = [...proposal.decisions, ...proposal.ends].some(({ seq }) => faults.has(seq));
  return {
    proposal,
    outcome,
    outcomeCell: WORDS[outcome],
    humans: humans.size,
    alone: alone?.seq ?? null,
    eyes:
      named || exceptions.some(({ kind }) => NOT_KEPT.has(kind))
        ? state('fails', 'Not kept')
        : eyesOf(outcome, alone !== undefined, proposal.asking.length > 0),
    decidedAfter: settled === undefined ? null : Date.parse(settled.time) - Date.parse(proposal.time),
    exceptions,
  };
}

const NOT_KEPT: ReadonlySet<string> = new Set([
  'own-request',
  'not-a-person',
  'unbound',
  'late',
  'too-few',
  'rejected',
]);

function eyesOf(outcome: Judged['outcome'], alone: boolean, asked: boolean): StateCell {
  if (outcome !== 'approved') return state('info', 'Not approved');
  if (alone) return state('partial', 'Alone, on record');
  return asked ? state('holds', 'Kept') : state('info', 'Asked by nobody on record');
}

function exceptionsOf(proposal: ProposalCollected): readonly ReportException[] {
  const found: ReportException[] = [];
  const add = (kind: string, text: string, about: { seq: number; time: string }, fixedBy: number | null = null) =>
    found.push(exceptionOf({ report: 'approvals', kind, text, seq: about.seq, time: about.time, fixedBy }));
  const { remediation, expiresAt } = proposal;
  for (const decision of proposal.decisions) {
    if (!decision.bound) {
      add('unbound', `A decision on ${remediation} does not bind to the plan that was proposed.`, decision);
    }
    if (decision.decision !== 'approved') continue;
    if (!decision.person) {
      add('not-a-person', `${remediation} was approved by ${decision.by}, which is no person.`, decision);
    }
    if (decision.own && decision.breakGlass === null) {
      add(
        'own-request',
        `${remediation} was approved by the human who had asked for it, or for whom it was asked.`,
        decision,
      );
    }
    if (decision.reauthentication === 'none') {
      add('no-reauthentication', `${remediation} was approved without showing again who it was.`, decision);
    }
    if (decision.time >= expiresAt)
      add('late', `${remediation} was approved after the time to decide was over.`, decision);
    if (decision.breakGlass === null) continue;
    const review = proposal.reviews.find(({ of, another }) => of === decision.hash && another);
    if (review?.justified === true) {
      add('break-glass', `${remediation} was approved by one person alone; it was reviewed.`, decision, review.seq);
    } else {
      const why = review === undefined ? 'nobody else has reviewed that' : 'the review found no justification';
      add('break-glass', `${remediation} was approved by one person alone, and ${why}.`, decision);
    }
  }
  for (const end of proposal.ends) if (end.carriedOut) checkExecution(proposal, end, add);
  return found;
}

/** What had been decided when it was carried out: an approval given afterwards is none. */
function checkExecution(
  proposal: ProposalCollected,
  end: { readonly seq: number; readonly time: string },
  add: (kind: string, text: string, about: { seq: number; time: string }) => void,
): void {
  const { remediation, required, decisions } = proposal;
  const before = decisions.filter(({ seq }) => seq < end.seq);
  const approvals = before.filter((decision) => isCounted(decision, proposal));
  const humans = new Set(approvals.map(({ human }) => human)).size;
  const alone = approvals.some(({ breakGlass }) => breakGlass !== null);
  if (!alone && humans < required) {
    add(
      'too-few',
      `${remediation} was carried out with the approval of ${humans} of ${required} humans that counts.`,
      end,
    );
  }
  if (before.some(({ decision }) => decision === 'rejected')) {
    add('rejected', `${remediation} was carried out although somebody had rejected it.`, end);
  }
}
