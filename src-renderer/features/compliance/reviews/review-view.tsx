import { useState } from 'react';
import type { ReviewView as Review } from '#shared/ipc/compliance-views.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { useCommands } from '../../../commands/command-context.tsx';
import { CommandButton } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { useToasts } from '../../../components/toasts.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { ConfirmDialog } from '../../verification/confirm-dialog.tsx';
import { REVIEW_WORDS } from '../compliance-words.ts';
import { DetailHead } from '../parts/detail-head.tsx';
import { Meter } from '../parts/meter.tsx';
import { QueryStates } from '../parts/query-states.tsx';
import { useCompliance } from '../use-compliance.ts';
import { DecideDialog } from './decide-dialog.tsx';
import { CarryOut, ReviewFacts } from './review-facts.tsx';
import { countDecided, type Subject, undecidedFirst } from './review-progress.ts';
import { SubjectsPanel } from './subjects-panel.tsx';

const BACK = { href: formatRoute({ screen: 'compliance', section: 'reviews' }), text: 'All access reviews' };

/** One review: everybody in it, what was decided, and what is left to do. */
export function ReviewView({ id }: { readonly id: string }) {
  const query = useCompliance('reviews', () => call('reviews.list', {}));
  const { data } = query;
  const review = data?.find((one) => one.id === id) ?? null;
  if (review !== null) return <KnownReview review={review} onChanged={query.reload} />;
  return (
    <>
      <DetailHead page="Access review" title={data === null ? 'Access review' : 'No such review'} back={BACK} />
      <QueryStates query={query} what="Reading the review…" failed="The review could not be read" />
      {data === null ? null : (
        <section className="panel" aria-label="No such review">
          <EmptyState title="This address names no review of this workspace">
            <p className="wrap">
              It says <code>{id}</code>. The list has all there are.
            </p>
          </EmptyState>
        </section>
      )}
    </>
  );
}

interface KnownReviewProps {
  readonly review: Review;
  readonly onChanged: () => void;
}

function KnownReview({ review, onChanged }: KnownReviewProps) {
  const mayDecide = useMay('access-reviews.decide') && review.state !== 'closed';
  const toasts = useToasts();
  const [deciding, setDeciding] = useState<Subject | null>(null);
  const [closing, setClosing] = useState(false);
  const decided = countDecided(review);
  const left = review.subjects.length - decided;
  const next = mayDecide
    ? undecidedFirst(review.subjects).find(({ own, decision }) => !own && decision === null)
    : undefined;
  const close = useAction(async () => {
    await call('reviews.close', { campaign: review.id });
    toasts.say('The review is closed, with every decision on record');
    setClosing(false);
    onChanged();
  });
  useCommands([
    ...(next === undefined
      ? []
      : [
          {
            id: 'reviews.next',
            title: 'Decide on the next account…',
            group: 'Compliance',
            shortcut: 'r',
            run: () => setDeciding(next),
          },
        ]),
    ...(review.state === 'closed'
      ? []
      : [
          {
            id: 'reviews.close',
            title: 'Close the review…',
            group: 'Compliance',
            permission: 'compliance.manage' as const,
            run: () => setClosing(true),
          },
        ]),
  ]);
  return (
    <>
      <DetailHead
        page="Access review"
        title={`Access review ${review.id}`}
        back={BACK}
        state={<StateTag state={REVIEW_WORDS[review.state]} />}
        actions={
          <>
            <CommandButton command="reviews.close" />
            <CommandButton command="reviews.next" look="primary" />
          </>
        }
      />
      <Panel title="Progress">
        <div className="pad framework-facts">
          <Meter whole={review.subjects.length} parts={[{ tone: 'good', value: decided }]} />
          <p className="num">
            <strong>{formatCount(decided)}</strong> of {formatPlural(review.subjects.length, 'account')} decided
            {left === 0 ? '.' : `, ${formatCount(left)} to go.`}
          </p>
          <ReviewFacts review={review} />
        </div>
      </Panel>
      <CarryOut subjects={review.subjects} />
      <SubjectsPanel review={review} {...(mayDecide ? { onDecide: setDeciding } : {})} />
      {deciding === null ? null : (
        <DecideDialog campaign={review.id} subject={deciding} onDecided={onChanged} onClose={() => setDeciding(null)} />
      )}
      {closing ? (
        <ConfirmDialog
          title="Close the review?"
          lead={
            left === 0
              ? 'Everybody is decided. Nothing can be decided in it any more.'
              : `${formatPlural(left, 'account is', 'accounts are')} not decided. An auditor will see that.`
          }
          action="Close the review"
          busy={close.busy}
          error={close.error}
          failed="The review was not closed"
          onConfirm={() => void close.run()}
          onClose={() => {
            close.clear();
            setClosing(false);
          }}
        >
          <p>That it was closed goes on record under your name, with what was decided until then.</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
