import { useState } from 'react';
import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { useCommands } from '../../commands/command-context.tsx';
import { CommandButton } from '../../components/button.tsx';
import { ScreenTitle } from '../../components/screen-title.tsx';
import { EmptyState, ErrorPanel } from '../../components/states.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { formatRoute } from '../../navigation/route.ts';
import { ApprovalCard } from './approval-card.tsx';
import { ApprovalDialog } from './approval-dialog.tsx';
import { ForeignRequestDialog } from './foreign-request-dialog.tsx';
import { ReviewsPanel } from './reviews-panel.tsx';
import { useAnswersByFile } from './use-answers-by-file.ts';
import { useReviews } from './use-reviews.ts';

/** Proposals that wait for a person, those that expire first on top, and what was approved alone and has to be judged. */
export function ApprovalsScreen({ open }: { readonly open: string | null }) {
  const { pending, refresh } = useConsole();
  const [reviewing, setReviewing] = useState<PendingApproval | null>(
    () => pending.find(({ remediation }) => remediation.id === open) ?? null,
  );
  const reviews = useReviews();
  const files = useAnswersByFile(refresh);
  const queue = [...pending].sort((a, b) => a.remediation.expiresAt.localeCompare(b.remediation.expiresAt));
  const [first] = queue;
  useCommands(
    first === undefined
      ? []
      : [
          {
            id: 'approvals.first',
            title: 'Review the proposal that expires first',
            group: 'Approvals',
            shortcut: 'r',
            run: () => setReviewing(first),
          },
        ],
  );
  return (
    <main className="screen">
      <div className="screen-head">
        <div>
          <ScreenTitle page="Approvals">Approvals</ScreenTitle>
          <p className="sub">
            {queue.length === 0
              ? 'Nothing waits for a decision.'
              : `${formatPlural(queue.length, 'proposal')} waiting. What nobody approves in time does not happen.`}
          </p>
        </div>
        <div className="row-actions">
          <CommandButton command="approvals.openRequest" busy={files.openFile.busy} busyLabel="Opening…" />
          <CommandButton command="approvals.takeAnswer" busy={files.take.busy} busyLabel="Taking it…" />
        </div>
      </div>
      {files.openFile.error === null ? null : (
        <ErrorPanel
          error={files.openFile.error}
          title="The request file was not opened"
          onDismiss={files.openFile.clear}
        />
      )}
      {files.take.error === null ? null : (
        <ErrorPanel error={files.take.error} title="The answer does not count" onDismiss={files.take.clear} />
      )}
      <ReviewsPanel reviews={reviews} />
      {queue.length === 0 ? (
        <section className="panel" aria-label="Waiting proposals">
          <EmptyState title="No proposal is waiting">
            <p>
              When an investigation proposes a change, it stands here until you approve or reject it, or until its time
              is over. Past decisions are in the{' '}
              <a href={formatRoute({ screen: 'audit', filter: { category: 'remediation' } })}>audit trail</a>.
            </p>
          </EmptyState>
        </section>
      ) : (
        <ul className="approvals">
          {queue.map((approval) => (
            <ApprovalCard key={approval.remediation.id} approval={approval} onReview={() => setReviewing(approval)} />
          ))}
        </ul>
      )}
      {reviewing === null ? null : (
        <ApprovalDialog key={reviewing.remediation.id} approval={reviewing} onClose={() => setReviewing(null)} />
      )}
      {files.foreign === null ? null : <ForeignRequestDialog request={files.foreign} onClose={files.close} />}
    </main>
  );
}
