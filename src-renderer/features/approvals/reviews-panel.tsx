import { useState } from 'react';
import type { DueReview } from '#shared/ipc/approval-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import type { Query } from '../../bridge/use-query.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatRoute } from '../../navigation/route.ts';
import { ReviewDialog } from './review-dialog.tsx';

/** Approvals one person gave alone: each is due until another has judged it. Not there while none is. */
export function ReviewsPanel({ reviews }: { readonly reviews: Query<readonly DueReview[]> }) {
  const mayReview = useMay('approvals.review');
  const [opened, setOpened] = useState<DueReview | null>(null);
  const { data, error, reload } = reviews;
  const next = mayReview ? data?.find(({ mayNotReview }) => mayNotReview === null) : undefined;
  useCommands(
    next === undefined
      ? []
      : [
          {
            id: 'approvals.review',
            title: 'Review what was approved alone',
            group: 'Approvals',
            keywords: 'break-glass justified',
            run: () => setOpened(next),
          },
        ],
  );
  if (error !== null) return <ErrorPanel error={error} title="The due reviews could not be read" onRetry={reload} />;
  if ((data === null || data.length === 0) && opened === null) return null;
  return (
    <Panel title="Reviews due after break-glass" className="list-section reviews">
      <table>
        <thead>
          <tr>
            <th scope="col">What was done alone</th>
            <th scope="col">By</th>
            <th scope="col">When</th>
            <th scope="col">Why it could not wait</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data?.map((review) => (
            <tr key={review.record}>
              <td className="external-wrap">
                <strong>{review.summary}</strong>
                <span className="block faint">
                  <a href={formatRoute({ screen: 'incident', incident: review.incident })}>{review.incident}</a>
                </span>
              </td>
              <td className="external-wrap">{review.byName}</td>
              <td>
                <TimeText iso={review.at} />
              </td>
              <td className="external-wrap">{review.reason}</td>
              <td className="cell-actions cell-reason">
                {!mayReview ? null : review.mayNotReview === null ? (
                  <Button label={`Review: ${review.summary}`} onPress={() => setOpened(review)}>
                    Review…
                  </Button>
                ) : (
                  <span className="faint">{review.mayNotReview}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {opened === null ? null : <ReviewDialog review={opened} onReviewed={reload} onClose={() => setOpened(null)} />}
    </Panel>
  );
}
