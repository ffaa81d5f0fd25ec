import { Button } from '../../../components/button.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import type { StateWord } from '../../../format/words.ts';
import { DECISION_WORDS } from '../compliance-words.ts';
import { RecordLink } from '../parts/links.tsx';
import { type Subject, whatIsLeft } from './review-progress.ts';

const UNDECIDED: StateWord = { word: 'Not decided', tone: 'warn', shape: 'ring' };

interface SubjectTableProps {
  readonly subjects: readonly Subject[];
  /** Absent where nothing can be decided any more, or not by this person. */
  readonly onDecide?: (subject: Subject) => void;
}

/** Who is in a review, with the decision on each or why this person may not make it. */
export function SubjectTable({ subjects, onDecide }: SubjectTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide" tabIndex={0} aria-label="Accounts of the review">
      <table>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Role then</th>
            <th scope="col">Role now</th>
            <th scope="col">Decision</th>
            <th scope="col">Why</th>
            {onDecide === undefined ? null : (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {subjects.map((subject) => (
            <tr key={subject.id}>
              <td className="person-cell">
                <strong className="external-wrap">{subject.name}</strong>
                <span className="block faint">
                  <code>{subject.id}</code>
                </span>
              </td>
              <td className="capital">{subject.role}</td>
              <td className="capital">{subject.roleNow ?? <span className="faint">none any more</span>}</td>
              <td>
                <Decision subject={subject} />
              </td>
              <td className="note-cell external-wrap">
                {subject.decision === null
                  ? null
                  : (subject.decision.note ?? <span className="faint">sealed, or erased</span>)}
              </td>
              {onDecide === undefined ? null : (
                <td className={subject.own ? 'cell-actions cell-reason' : 'cell-actions'}>
                  {subject.own ? (
                    <span className="faint">Your own access: somebody else decides on it.</span>
                  ) : subject.decision === null ? (
                    <Button look="ghost" label={`Decide on ${subject.name}…`} onPress={() => onDecide(subject)}>
                      Decide…
                    </Button>
                  ) : null}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Decision({ subject }: { readonly subject: Subject }) {
  const { decision } = subject;
  if (decision === null) return <StateTag quiet state={UNDECIDED} />;
  const left = whatIsLeft(subject);
  return (
    <>
      <StateTag state={DECISION_WORDS[decision.decision]} />
      <span className="block faint">
        by <span className="external-wrap">{decision.by.name}</span>, <TimeText iso={decision.time} form="date" />,{' '}
        <RecordLink seq={decision.seq} />
      </span>
      {left === null ? null : (
        <span className="block">
          <StateTag quiet state={{ word: left, tone: 'warn', shape: 'bang' }} />
        </span>
      )}
    </>
  );
}
