import { useState } from 'react';
import type { ReviewView as Review } from '#shared/ipc/compliance-views.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { useCommands } from '../../../commands/command-context.tsx';
import { Button, CommandButton } from '../../../components/button.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { useToasts } from '../../../components/toasts.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { Words } from '../../audit/filter-fields.tsx';
import { ConfirmDialog } from '../../verification/confirm-dialog.tsx';
import { REVIEW_WORDS } from '../compliance-words.ts';
import { DetailHead } from '../parts/detail-head.tsx';
import { RecordLink } from '../parts/links.tsx';
import { Meter } from '../parts/meter.tsx';
import { QueryStates } from '../parts/query-states.tsx';
import { useCompliance } from '../use-compliance.ts';
import { DecideDialog } from './decide-dialog.tsx';
import { countDecided, findSubjects, type Subject, undecidedFirst, whatIsLeft } from './review-progress.ts';
import { SubjectTable } from './subject-table.tsx';

const BACK = { href: formatRoute({ screen: 'compliance', section: 'reviews' }), text: 'All access reviews' };
const PAGE = 100;

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

function ReviewFacts({ review }: { readonly review: Review }) {
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
function CarryOut({ subjects }: Pick<Review, 'subjects'>) {
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

interface SubjectsPanelProps {
  readonly review: Review;
  readonly onDecide?: (subject: Subject) => void;
}

function SubjectsPanel({ review, onDecide }: SubjectsPanelProps) {
  const [text, setText] = useState('');
  const [most, setMost] = useState(PAGE);
  const found = findSubjects(undecidedFirst(review.subjects), text);
  const shown = found.slice(0, most);
  return (
    <Panel
      title="Everybody in it"
      className="list-section"
      aside={
        <search className="filters" aria-label="Filter the accounts">
          <Words
            id="subjects-text"
            label="Search"
            hint="name, id or role"
            placeholder="Search people"
            value={text}
            onChange={setText}
          />
          <span className="num" role="status">
            {found.length === review.subjects.length
              ? formatPlural(found.length, 'account')
              : `${formatCount(found.length)} of ${formatPlural(review.subjects.length, 'account')}`}
          </span>
        </search>
      }
    >
      {found.length === 0 ? (
        <EmptyState title={review.subjects.length === 0 ? 'Nobody had access' : 'Nobody fits'}>
          <Button onPress={() => setText('')}>Show everybody</Button>
        </EmptyState>
      ) : (
        <SubjectTable subjects={shown} {...(onDecide === undefined ? {} : { onDecide })} />
      )}
      {shown.length < found.length ? (
        <div className="pad">
          <Button onPress={() => setMost((value) => value + PAGE)}>
            Show {formatCount(Math.min(PAGE, found.length - shown.length))} more
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}
