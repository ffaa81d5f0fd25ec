import type { ReactNode } from 'react';
import type { ControlDetail } from '#shared/ipc/compliance-views.ts';
import { ACTION_DESCRIPTIONS } from '#shared/model/audit-actions.ts';
import { cadencesBeside } from '#shared/model/control.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { CHECK_WORDS, EFFORT_NAMES, FREQUENCY_NAMES, KIND_NAMES } from '../compliance-words.ts';
import { CriterionLink, RecordLink } from '../parts/links.tsx';

export type ControlChange = 'owner' | 'cadence' | 'due' | 'not-applicable' | 'applicable' | 'perform';

interface AnswerPanelProps {
  readonly detail: ControlDetail;
  /** Absent for those who may not change the register. */
  readonly onChange?: (change: ControlChange) => void;
}

/** Who answers for the control, how often it runs and when it is due. */
export function AnswerPanel({ detail, onChange }: AnswerPanelProps) {
  const { control, effort, notApplicable } = detail;
  const change = (what: ControlChange, label: string): ReactNode =>
    onChange === undefined ? null : (
      <Button look="ghost" label={label} onPress={() => onChange(what)}>
        Change…
      </Button>
    );
  return (
    <Panel title="Who answers for it">
      <dl className="pad answer-facts">
        <Row name="Owner" action={change('owner', 'Change the owner…')}>
          {control.owner === null ? (
            <span className="faint">nobody</span>
          ) : (
            <span className="external-wrap">{control.owner.name}</span>
          )}
        </Row>
        <Row
          name="Cadence"
          action={cadencesBeside(control.frequency).length === 0 ? null : change('cadence', 'Change the cadence…')}
        >
          {FREQUENCY_NAMES[control.frequency]}
        </Row>
        <Row name="Due" action={change('due', 'Change the due date…')}>
          {control.due === null ? <span className="faint">no date of its own</span> : <TimeText iso={control.due} />}
          {control.overdue ? <StateTag quiet state={{ word: 'Overdue', tone: 'bad', shape: 'bang' }} /> : null}
        </Row>
        <Row name="Kind">{KIND_NAMES[control.kind]}</Row>
        <Row name="Effort">{EFFORT_NAMES[effort]}</Row>
        <Row name="Last seen">
          {control.last === null ? (
            <span className="faint">never</span>
          ) : (
            <>
              <TimeText iso={control.last.time} />, <RecordLink seq={control.last.seq} />
            </>
          )}
        </Row>
        {onChange === undefined ? null : (
          <Row
            name="Applies"
            action={
              notApplicable === null ? (
                <Button look="ghost" onPress={() => onChange('not-applicable')}>
                  Does not apply…
                </Button>
              ) : (
                <Button look="ghost" onPress={() => onChange('applicable')}>
                  Applies again…
                </Button>
              )
            }
          >
            {notApplicable === null ? 'yes' : 'no'}
          </Row>
        )}
      </dl>
    </Panel>
  );
}

interface RowProps {
  readonly name: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

function Row({ name, children, action }: RowProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className="answer-value">{children}</span>
        {action}
      </dd>
    </div>
  );
}

/** What the console found when it looked at itself. */
export function CheckPanel({ check }: Pick<ControlDetail, 'check'>) {
  return (
    <Panel
      title="Self-check"
      {...(check === null ? {} : { aside: <StateTag quiet state={CHECK_WORDS[check.result]} /> })}
    >
      <div className="pad stack-tight">
        {check === null ? (
          <p className="sub">The console has not looked yet. It does so each day, and when it is asked to.</p>
        ) : (
          <>
            <p className="external-wrap">{check.detail}</p>
            <p className="sub">
              <TimeText iso={check.time} />, record <RecordLink seq={check.seq} />
            </p>
          </>
        )}
      </div>
    </Panel>
  );
}

/** The rules its status and its exceptions come from, in words. */
export function RulesPanel({ detail }: { readonly detail: ControlDetail }) {
  const { occurrenceRule, deviationRule, actions } = detail;
  return (
    <Panel title="How it is judged">
      <div className="pad stack-tight">
        <div>
          <h3>An occurrence is</h3>
          <p className="wrap">{occurrenceRule}</p>
        </div>
        <div>
          <h3>A deviation is</h3>
          <p className="wrap">{deviationRule}</p>
        </div>
        {actions.length === 0 ? null : (
          <div>
            <h3>Records it rests on</h3>
            <ul className="action-list">
              {actions.map((action) => (
                <li key={action}>
                  <code className="wrap" title={ACTION_DESCRIPTIONS[action]}>
                    {action}
                  </code>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Panel>
  );
}

/** Which criteria it is for, and why. */
export function CriteriaPanel({ criteria }: Pick<ControlDetail, 'criteria'>) {
  return (
    <Panel title="Criteria it is for">
      {criteria.length === 0 ? (
        <p className="pad sub">No framework asks for it by a criterion of its own.</p>
      ) : (
        <ul className="pad reasons">
          {criteria.map((criterion) => (
            <li key={`${criterion.framework} ${criterion.id}`}>
              <CriterionLink criterion={criterion} /> <span className="wrap">{criterion.name}</span>
              <span className="block sub wrap">{criterion.why}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
