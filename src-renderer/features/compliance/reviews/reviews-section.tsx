import { useState } from 'react';
import type { ReviewView } from '#shared/ipc/compliance-views.ts';
import { call } from '../../../bridge/call.ts';
import { useCommands } from '../../../commands/command-context.tsx';
import { CommandButton } from '../../../components/button.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { useToasts } from '../../../components/toasts.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { navigate } from '../../../navigation/use-route.ts';
import { reviewHref } from '../compliance-links.ts';
import { REVIEW_WORDS } from '../compliance-words.ts';
import { RecordLink } from '../parts/links.tsx';
import { Meter } from '../parts/meter.tsx';
import { QueryStates } from '../parts/query-states.tsx';
import { useCompliance } from '../use-compliance.ts';
import { OpenReviewDialog } from './open-review-dialog.tsx';
import { countDecided } from './review-progress.ts';

/** Reviews of who has access: each over everybody who had it when it was opened. */
export function ReviewsSection() {
  const query = useCompliance('reviews', () => call('reviews.list', {}));
  const toasts = useToasts();
  const [opening, setOpening] = useState(false);
  const { data } = query;
  useCommands([
    {
      id: 'reviews.open',
      title: 'Open an access review…',
      group: 'Compliance',
      shortcut: 'n',
      permission: 'compliance.manage',
      keywords: 'campaign',
      run: () => setOpening(true),
    },
  ]);
  return (
    <Panel
      title="Access reviews"
      className="list-section"
      aside={<CommandButton command="reviews.open" look="primary" />}
    >
      <QueryStates query={query} what="Reading reviews…" failed="The reviews could not be read" />
      {data === null ? null : data.length === 0 ? (
        <EmptyState title="No access was reviewed yet">
          <p>
            A review freezes everybody who has access now. For each of them somebody else decides whether it stays,
            changes or ends; nobody decides on their own.
          </p>
        </EmptyState>
      ) : (
        <ReviewTable reviews={data} />
      )}
      {opening ? (
        <OpenReviewDialog
          onOpened={(review) => {
            setOpening(false);
            toasts.say(`The review of ${formatPlural(review.subjects.length, 'account')} is open and on record`);
            navigate({ screen: 'compliance', section: 'reviews', id: review.id });
          }}
          onClose={() => setOpening(false)}
        />
      ) : null}
    </Panel>
  );
}

function ReviewTable({ reviews }: { readonly reviews: readonly ReviewView[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide" tabIndex={0} aria-label="Access reviews, newest first">
      <table>
        <thead>
          <tr>
            <th scope="col">Review</th>
            <th scope="col">State</th>
            <th scope="col">Decided</th>
            <th scope="col">Due</th>
            <th scope="col">Opened</th>
            <th scope="col">Frozen population</th>
          </tr>
        </thead>
        <tbody>
          {reviews
            .toSorted((a, b) => b.seq - a.seq)
            .map((review) => {
              const decided = countDecided(review);
              return (
                <tr key={review.id}>
                  <td>
                    <a className="external-wrap" href={reviewHref(review.id)}>
                      {review.id}
                    </a>
                  </td>
                  <td>
                    <StateTag state={REVIEW_WORDS[review.state]} />
                  </td>
                  <td className="meter-cell">
                    <span className="num">
                      {formatCount(decided)} of {formatCount(review.subjects.length)}
                    </span>
                    <Meter whole={review.subjects.length} parts={[{ tone: 'good', value: decided }]} />
                  </td>
                  <td className="nowrap">
                    <TimeText iso={review.due} form="date" />
                  </td>
                  <td>
                    <TimeText iso={review.opened} form="date" />
                    <span className="block faint external-wrap">by {review.openedBy.name}</span>
                  </td>
                  <td>
                    <HashText value={review.root} what="Root of the population" />
                    <span className="block faint">
                      record <RecordLink seq={review.seq} />
                    </span>
                  </td>
                </tr>
              );
            })}
        </tbody>
      </table>
    </section>
  );
}
