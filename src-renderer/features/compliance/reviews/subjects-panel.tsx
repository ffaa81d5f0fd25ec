import { useState } from 'react';
import type { ReviewView } from '#shared/ipc/compliance-views.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { Words } from '../../audit/filter-fields.tsx';
import { findSubjects, type Subject, undecidedFirst } from './review-progress.ts';
import { SubjectTable } from './subject-table.tsx';

const PAGE = 100;

interface SubjectsPanelProps {
  readonly review: Pick<ReviewView, 'subjects'>;
  readonly onDecide?: (subject: Subject) => void;
}

/** Everybody in a review, those first who ask for somebody. */
export function SubjectsPanel({ review, onDecide }: SubjectsPanelProps) {
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
