import type { Block, StateCell } from '#shared/model/report.ts';
import { column, count, duration, figure, row, sealed, state, table } from '../blocks/cells.ts';
import { controlTable, rulesTable } from '../blocks/control-blocks.ts';
import type { BuildContext } from '../build-context.ts';
import type { DecisionCollected, ProposalCollected } from '../collecting/proposal-records.ts';
import { collected } from '../collectors.ts';
import { protectionExceptions, protectionTable, unproposedException, unproposedTable } from './approvals-aside.ts';
import { isCounted, type Judged, judgeProposal } from './judge-proposal.ts';
import type { KindContent } from './kind-content.ts';

/** Every proposal and decision of the window, with what four eyes ask for. */
export function approvals(context: BuildContext): KindContent {
  const { proposals, unproposed, protections, more } = collected(context.evaluation, 'approvals');
  const faults = new Set(
    context.exceptions.flatMap(({ control, seq }) => (control === 'CM-01' && seq !== null ? seq : [])),
  );
  const judged = proposals.map((proposal) => judgeProposal(proposal, faults));
  return {
    blocks: [
      atAGlance(judged, unproposed.length),
      proposalTable(judged, more),
      unproposedTable(unproposed),
      decisionTable(proposals),
      reviewTable(proposals),
      refusedTable(proposals),
      protectionTable(protections),
      controlTable('controls', 'Controls over approvals', context, context.controls),
      rulesTable('rules', context.controls),
    ],
    exceptions: [
      ...judged.flatMap(({ exceptions }) => exceptions),
      ...unproposed.map(unproposedException),
      ...protections.flatMap(protectionExceptions),
    ],
    ...(more === 0
      ? {}
      : {
          warnings: [
            `${count(more, 'proposal, decision or change', 'proposals, decisions and changes')} of the window are not listed, and their exceptions are not found. Choose a shorter window.`,
          ],
        }),
    inclusion: [
      'Proposals with a record of theirs in the window, with everything up to the window’s end that belongs to them, also from before it.',
    ],
  };
}

function atAGlance(judged: readonly Judged[], unproposed: number): Block {
  const of = judged.length;
  const number = (test: (one: Judged) => boolean) => judged.filter(test).length;
  return {
    block: 'figures',
    id: 'glance',
    title: 'At a glance',
    items: [
      figure('proposals', 'Proposals', of),
      figure(
        'approved',
        'Approved',
        number(({ outcome }) => outcome === 'approved'),
        { of },
      ),
      figure(
        'rejected',
        'Rejected',
        number(({ outcome }) => outcome === 'rejected'),
        { of },
      ),
      figure(
        'expired',
        'Not decided in time',
        number(({ outcome }) => outcome === 'expired'),
        { of },
      ),
      figure(
        'withdrawn',
        'Withdrawn',
        number(({ outcome }) => outcome === 'withdrawn'),
        { of },
      ),
      figure(
        'open',
        'Not decided yet',
        number(({ outcome }) => outcome === 'open'),
        { of },
      ),
      figure(
        'alone',
        'Approved by one person alone',
        number(({ alone }) => alone !== null),
        { of },
      ),
      figure(
        'eyes',
        'Four eyes kept',
        number(({ eyes }) => eyes.state === 'holds'),
        {
          of: number(({ eyes }) => eyes.state !== 'info'),
          note: 'Of those approved: by people other than those who asked, of the very plan, in time, and by as many humans as were asked for.',
        },
      ),
      figure('unproposed', 'Decided or carried out without a proposal', unproposed),
    ],
  };
}

function proposalTable(judged: readonly Judged[], more: number): Block {
  // a remediation that is proposed again has a row for each time
  const first = new Map(judged.toReversed().map(({ proposal }) => [proposal.remediation, proposal]));
  return table({
    id: 'proposals',
    title: 'Proposals and how they ended',
    columns: [
      column('time', 'Asked', 'time'),
      column('seq', 'Record', 'seq'),
      column('remediation', 'Remediation', 'id'),
      column('incident', 'Incident', 'id'),
      column('summary', 'What', 'foreign'),
      column('requested', 'Asked by'),
      column('severity', 'Severity'),
      column('required', 'Approvals asked for', 'number'),
      column('given', 'Given by humans', 'number'),
      column('outcome', 'Decision', 'state'),
      column('took', 'Time to decide'),
      column('eyes', 'Four eyes', 'state'),
      column('became', 'What became of it'),
      column('plan', 'Plan', 'hash'),
      column('policy', 'Policy version', 'hash'),
    ],
    rows: judged.map(({ proposal, outcomeCell, humans, eyes, decidedAfter }) =>
      row(
        first.get(proposal.remediation) === proposal
          ? proposal.remediation
          : `${proposal.remediation} (${proposal.seq})`,
        [
          proposal.time,
          proposal.seq,
          proposal.remediation,
          proposal.incident,
          proposal.summary,
          proposal.onBehalfOf === null ? proposal.requestedBy : `${proposal.requestedBy} for ${proposal.onBehalfOf}`,
          proposal.severity,
          proposal.required,
          humans,
          outcomeCell,
          decidedAfter === null ? '' : duration(decidedAfter),
          eyes,
          proposal.ends.map(({ how, why }) => (why === '' ? how : `${how}: ${why}`)).join('; '),
          proposal.planDigest,
          proposal.policyVersion,
        ],
      ),
    ),
    empty: 'Nothing was proposed in the window.',
    ...(more === 0
      ? {}
      : { note: `${count(more, 'further proposal')} of the window ${more === 1 ? 'is' : 'are'} not listed.` }),
  });
}

function decisionTable(proposals: readonly ProposalCollected[]): Block {
  const decided = proposals.flatMap((proposal) => proposal.decisions.map((decision) => ({ proposal, decision })));
  return table({
    id: 'decisions',
    title: 'Every decision',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('remediation', 'Remediation', 'id'),
      column('decision', 'Decision', 'state'),
      column('by', 'By', 'id'),
      column('name', 'Name'),
      column('device', 'Device', 'id'),
      column('reauthentication', 'Re-authenticated by'),
      column('channel', 'Given in'),
      column('justification', 'Justification'),
      column('alone', 'Reason for deciding alone'),
      column('bound', 'Binds to the plan', 'state'),
      column('policy', 'Policy version', 'hash'),
    ],
    rows: decided
      .sort((one, other) => one.decision.seq - other.decision.seq)
      .map(({ proposal, decision }) =>
        row(`${decision.seq}`, [
          decision.time,
          decision.seq,
          proposal.remediation,
          decisionOf(decision, proposal),
          decision.by,
          sealed(decision.name),
          decision.device,
          decision.reauthentication,
          decision.channel,
          sealed(decision.justification),
          sealed(decision.breakGlass),
          decision.bound ? state('holds', 'Yes') : state('fails', 'No'),
          decision.policyVersion,
        ]),
      ),
    empty: 'Nothing was decided in the window.',
  });
}

function decisionOf(decision: DecisionCollected, proposal: ProposalCollected): StateCell {
  if (decision.decision === 'rejected') return state('info', 'Rejected');
  return isCounted(decision, proposal) ? state('holds', 'Approved') : state('fails', 'Approved, does not count');
}

/** Approvals given alone, and whether somebody else looked at them afterwards. */
function reviewTable(proposals: readonly ProposalCollected[]): Block {
  const alone = proposals.flatMap((proposal) =>
    proposal.decisions
      .filter(({ decision, breakGlass }) => decision === 'approved' && breakGlass !== null)
      .map((decision) => ({ proposal, decision, review: reviewOf(proposal, decision) })),
  );
  return table({
    id: 'break-glass',
    title: 'Approved alone (break glass), and the review that has to follow',
    columns: [
      column('time', 'Approved', 'time'),
      column('seq', 'Record', 'seq'),
      column('remediation', 'Remediation', 'id'),
      column('by', 'By', 'id'),
      column('reason', 'Reason'),
      column('reviewed', 'Reviewed', 'time'),
      column('reviewer', 'By whom', 'id'),
      column('verdict', 'Verdict', 'state'),
      column('reviewSeq', 'Record of the review', 'seq'),
    ],
    rows: alone.map(({ proposal, decision, review }) =>
      row(`${decision.seq}`, [
        decision.time,
        decision.seq,
        proposal.remediation,
        decision.by,
        sealed(decision.breakGlass),
        review?.time ?? null,
        review?.by ?? null,
        verdictOf(review),
        review?.seq ?? null,
      ]),
    ),
    empty: 'Nothing was approved by one person alone.',
  });
}

function reviewOf(proposal: ProposalCollected, decision: DecisionCollected) {
  return proposal.reviews.find(({ of, another }) => of === decision.hash && another);
}

function verdictOf(review: ReturnType<typeof reviewOf>): StateCell {
  if (review === undefined) return state('open', 'Not reviewed');
  return review.justified ? state('holds', 'Justified') : state('fails', 'Not justified');
}

function refusedTable(proposals: readonly ProposalCollected[]): Block {
  return table({
    id: 'refused',
    title: 'Attempts at proposing or deciding that were refused or failed',
    columns: [
      column('seq', 'Record', 'seq'),
      column('remediation', 'Remediation', 'id'),
      column('by', 'By', 'id'),
      column('reason', 'Why'),
    ],
    rows: proposals.flatMap(({ remediation, refused }) =>
      refused.map(({ seq, by, reason }) => row(`${seq}`, [seq, remediation, by, reason])),
    ),
    empty: 'None.',
  });
}
