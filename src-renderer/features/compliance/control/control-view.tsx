import { useState } from 'react';
import type { ControlDetail } from '#shared/ipc/compliance-views.ts';
import { ControlId } from '#shared/model/control.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { call } from '../../../bridge/call.ts';
import { useCommands } from '../../../commands/command-context.tsx';
import { CommandButton } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { useToasts } from '../../../components/toasts.tsx';
import { formatCount } from '../../../format/numbers.ts';
import type { StateWord } from '../../../format/words.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { CONTROL_WORDS, UNCOUNTED, WHY_TITLES } from '../compliance-words.ts';
import { CountingLine } from '../parts/counting-line.tsx';
import { DetailHead } from '../parts/detail-head.tsx';
import { RecordLink } from '../parts/links.tsx';
import { QueryStates } from '../parts/query-states.tsx';
import { useCompliance } from '../use-compliance.ts';
import {
  ApplicableDialog,
  CadenceDialog,
  type ControlDialogProps,
  DueDialog,
  NotApplicableDialog,
  OwnerDialog,
} from './control-dialogs.tsx';
import { AnswerPanel, CheckPanel, type ControlChange, CriteriaPanel, RulesPanel } from './control-facts.tsx';
import { ExceptionsPanel, HistoryPanel, OccurrencesPanel, PerformedPanel } from './evidence-panels.tsx';
import { PerformDialog } from './perform-dialog.tsx';
import { PeriodsPart } from './periods-part.tsx';
import { YearCalendar } from './year-calendar.tsx';

const BACK = { href: formatRoute({ screen: 'compliance', section: 'controls' }), text: 'All controls' };

/** One control with everything that says how it stands. */
export function ControlView({ id }: { readonly id: string }) {
  return ControlId.safeParse(id).success ? (
    <KnownControl id={id} />
  ) : (
    <>
      <DetailHead page="Compliance" title="No such control" back={BACK} />
      <section className="panel" aria-label="No such control">
        <EmptyState title="This address names no control">
          <p className="wrap">
            It says <code>{id}</code>. The register has all controls there are.
          </p>
        </EmptyState>
      </section>
    </>
  );
}

function KnownControl({ id }: { readonly id: string }) {
  const query = useCompliance(`control ${id}`, () => call('compliance.control', { control: id }));
  const mayManage = useMay('compliance.manage');
  const toasts = useToasts();
  const [change, setChange] = useState<ControlChange | null>(null);
  const { data, reload } = query;
  const applies = data !== null && data.notApplicable === null;
  const offer = (what: ControlChange, title: string, keywords = '') => ({
    id: `control.${what}`,
    title,
    group: 'Control',
    keywords: `${id} ${keywords}`,
    permission: 'compliance.manage' as const,
    run: () => setChange(what),
  });
  useCommands(
    data === null
      ? []
      : [
          ...(applies && data.control.kind === 'organizational'
            ? [offer('perform', 'Record as done…', 'perform attach evidence')]
            : []),
          offer('owner', 'Change the owner…'),
          offer('cadence', 'Change the cadence…', 'frequency'),
          offer('due', 'Change the due date…'),
          applies ? offer('not-applicable', 'Does not apply…', 'justification') : offer('applicable', 'Applies again…'),
        ],
  );
  return (
    <>
      <DetailHead
        page={id}
        title={data === null ? id : `${id} ${data.control.name}`}
        back={BACK}
        state={data === null ? undefined : <StateTag state={wordStatus(data)} />}
        {...(mayManage ? { actions: <CommandButton command="control.perform" look="primary" /> } : {})}
      >
        {data === null ? null : <p className="sub prose wrap">{data.objective}</p>}
        {data === null ? null : <CountingLine counting={data.counting} />}
      </DetailHead>
      <QueryStates query={query} what="Reading the control…" failed="The control could not be read" />
      {data === null ? null : <ControlBody detail={data} {...(mayManage ? { onChange: setChange } : {})} />}
      {data === null || change === null ? null : (
        <ChangeDialog
          change={change}
          control={data.control}
          onDone={(told) => {
            toasts.say(told);
            setChange(null);
            reload();
          }}
          onClose={() => setChange(null)}
        />
      )}
    </>
  );
}

function ChangeDialog({ change, ...props }: ControlDialogProps & { readonly change: ControlChange }) {
  switch (change) {
    case 'owner':
      return <OwnerDialog {...props} />;
    case 'cadence':
      return <CadenceDialog {...props} />;
    case 'due':
      return <DueDialog {...props} />;
    case 'not-applicable':
      return <NotApplicableDialog {...props} />;
    case 'applicable':
      return <ApplicableDialog {...props} />;
    case 'perform':
      return <PerformDialog {...props} />;
  }
}

function wordStatus({ counting, control }: ControlDetail): StateWord {
  return counting.asOf === null ? UNCOUNTED : CONTROL_WORDS[control.status];
}

interface ControlBodyProps {
  readonly detail: ControlDetail;
  readonly onChange?: (change: ControlChange) => void;
}

function ControlBody({ detail, onChange }: ControlBodyProps) {
  const { control } = detail;
  return (
    <div className="columns columns-detail">
      <div className="stack">
        {detail.counting.asOf === null ? null : <StatusPanel detail={detail} />}
        <SeenPanel detail={detail} />
        <ExceptionsPanel exceptions={detail.exceptions} />
        {control.kind === 'organizational' || detail.performed.length > 0 ? (
          <PerformedPanel performed={detail.performed} />
        ) : null}
        <OccurrencesPanel evidence={detail.evidence} />
        <HistoryPanel history={detail.history} />
      </div>
      <div className="stack">
        <AnswerPanel detail={detail} {...(onChange === undefined ? {} : { onChange })} />
        {control.kind === 'technical' ? <CheckPanel check={detail.check} /> : null}
        <RulesPanel detail={detail} />
        <CriteriaPanel criteria={detail.criteria} />
      </div>
    </div>
  );
}

/** How it stands, why, and what would change it. Nobody types a status in. */
function StatusPanel({ detail }: { readonly detail: ControlDetail }) {
  const { control, notApplicable, remedy } = detail;
  return (
    <Panel title={WHY_TITLES[control.status]}>
      <div className="pad stack-tight">
        {control.reasons.length === 0 ? (
          <p>Its rules are met, and nothing speaks against it.</p>
        ) : (
          <ul className="reason-list">
            {control.reasons.map((reason) => (
              <li key={reason} className="external-wrap">
                {reason}
              </li>
            ))}
          </ul>
        )}
        {notApplicable === null ? null : (
          <div>
            <p className="external-wrap">
              {notApplicable.justification ?? (
                <span className="faint">The justification is sealed in the record, or was erased.</span>
              )}
            </p>
            <p className="sub">
              said by <span className="external-wrap">{notApplicable.by.name}</span>,{' '}
              <TimeText iso={notApplicable.time} />
            </p>
          </div>
        )}
        {control.status === 'gap' || control.status === 'partial' ? (
          <div>
            <h3>What would close it</h3>
            <p className="wrap">{remedy}</p>
          </div>
        ) : null}
      </div>
    </Panel>
  );
}

/** When it was seen operating: by day, and by the periods it was due in. */
function SeenPanel({ detail }: { readonly detail: ControlDetail }) {
  const { control, days, periods, counting } = detail;
  const { expected, actual } = control.occurrences;
  const [first] = control.weeks;
  const last = control.weeks.at(-1);
  return (
    <Panel
      title="Occurrences in the last twelve months"
      aside={
        counting.asOf === null ? undefined : (
          <span className="num">
            {formatCount(actual)} seen of {formatCount(expected)} expected
          </span>
        )
      }
    >
      {counting.asOf === null ? (
        <EmptyState title="The records are being counted for the first time">
          <p>When it was seen stands here as soon as they are.</p>
        </EmptyState>
      ) : (
        <div className="pad stack">
          {first === undefined || last === undefined ? null : (
            <YearCalendar days={days} from={first.from} to={last.to} />
          )}
          <PeriodsPart periods={periods} />
          {control.last === null ? null : (
            <p className="sub">
              Seen last <TimeText iso={control.last.time} />, record <RecordLink seq={control.last.seq} />.
            </p>
          )}
        </div>
      )}
    </Panel>
  );
}
