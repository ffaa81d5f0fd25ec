import type { ReviewView } from '#shared/ipc/compliance-views.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { formatPlural } from '../../../format/numbers.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { RecordLink } from '../parts/links.tsx';
import { whatIsLeft } from './review-progress.ts';

/** When it was opened, until when it is due, and over whom. */
export function ReviewFacts({ review }: { readonly review: ReviewView }) {
  return (
    <dl className="facts facts-columns">
      <div>
        <dt>Opened</dt>
        <dd>
          <TimeText iso={review.opened} /> by <span className="external-wrap">{review.openedBy.name}</span>
        </dd>
      </div>
      <div>
        <dt>Due</dt>
        <dd>
          <TimeText iso={review.due} />
        </dd>
      </div>
      <div>
        <dt>Closed</dt>
        <dd>{review.closed === null ? <span className="faint">not yet</span> : <TimeText iso={review.closed} />}</dd>
      </div>
      <div>
        <dt>Frozen population</dt>
        <dd>
          <HashText value={review.root} what="Root of the population" /> in record <RecordLink seq={review.seq} />
        </dd>
      </div>
    </dl>
  );
}

/** A review changes no access by itself: what it decided has to be carried out by somebody. */
export function CarryOut({ subjects }: Pick<ReviewView, 'subjects'>) {
  const mayPeople = useMay('people.read');
  const left = subjects.filter((subject) => whatIsLeft(subject) !== null);
  if (left.length === 0) return null;
  return (
    <div className="notice tone-warn" role="note">
      <p>
        <strong>{formatPlural(left.length, 'decision is', 'decisions are')} not carried out yet.</strong> A review
        changes no access by itself: somebody who manages the people does.
      </p>
      {mayPeople ? (
        <a className="btn btn-plain" href={formatRoute({ screen: 'access', section: 'people' })}>
          Go to the people
        </a>
      ) : null}
    </div>
  );
}
