import { useState } from 'react';
import type { ControlDetail } from '#shared/ipc/compliance-views.ts';
import { ControlId, cadencesBeside } from '#shared/model/control.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { call } from '../../../bridge/call.ts';
import { useCommands } from '../../../commands/command-context.tsx';
import { CommandButton } from '../../../components/button.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { useToasts } from '../../../components/toasts.tsx';
import type { StateWord } from '../../../format/words.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { CONTROL_WORDS, UNCOUNTED } from '../compliance-words.ts';
import { CountingLine } from '../parts/counting-line.tsx';
import { DetailHead } from '../parts/detail-head.tsx';
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
import { HistoryPanel, OccurrencesPanel } from './evidence-panels.tsx';
import { ExceptionsPanel } from './exceptions-panel.tsx';
import { PerformDialog } from './perform-dialog.tsx';
import { PerformedPanel } from './performed-panel.tsx';
import { SeenPanel, StatusPanel } from './status-panels.tsx';

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
          ...(cadencesBeside(data.control.frequency).length === 0
            ? []
            : [offer('cadence', 'Change the cadence…', 'frequency')]),
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
        <ExceptionsPanel exceptions={detail.exceptions} control={control} />
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
