import { useState } from 'react';
import type { ProfileView, SampleSheet } from '#shared/ipc/compliance-views.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { call } from '../../../bridge/call.ts';
import { requireStopped } from '../../../bridge/ui-error.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { useQuery } from '../../../bridge/use-query.ts';
import { useCommands } from '../../../commands/command-context.tsx';
import { CommandButton } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../../components/states.tsx';
import { useLasting } from '../../../components/use-lasting.ts';
import { beginWindow, isNumber, windowOf } from '../reports/report-choice.ts';
import { NumberField } from '../reports/sample-fields.tsx';
import { useProgress } from '../reports/use-progress.ts';
import { useStopOnLeave } from '../reports/use-stop-on-leave.ts';
import { WindowFields } from '../reports/window-fields.tsx';
import { WorkProgress } from '../reports/work-progress.tsx';
import { isProfile, readProfile, type TypedProfile, typeProfile } from './profile-model.ts';
import { ProfilePanel } from './profile-panel.tsx';
import { SampleSheetView } from './sample-sheet.tsx';

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Samples drawn with a number the auditor types, and how many are drawn of each control. */
export function SamplesSection() {
  const query = useQuery('sample profile', () => call('samples.profile', {}));
  const { data, error, loading, reload } = query;
  if (data === null) {
    return (
      <Panel title="Samples">
        {error === null ? null : (
          <ErrorPanel error={error} title="The sample sizes could not be read" onRetry={reload} />
        )}
        {loading ? <Loading what="Reading sample sizes…" /> : null}
      </Panel>
    );
  }
  return <Samples first={data} />;
}

function Samples({ first }: { readonly first: ProfileView }) {
  const [kept, setKept] = useState(first);
  const [typed, setTyped] = useState<TypedProfile>(() => typeProfile(first.profile));
  const [now, setNow] = useState(() => Date.now());
  const [chosen, setChosen] = useState(() => beginWindow(now));
  const [number, setNumber] = useState('');
  const [told, setTold] = useState(false);
  const [sheet, setSheet] = useState<SampleSheet | null>(null);
  const window = windowOf(chosen, now);
  const profile = readProfile(typed);
  const { progress, reset } = useProgress('reporting');
  const draw = useAction(async () => {
    reset();
    if (typeof window === 'string' || !isProfile(profile)) return;
    try {
      setSheet(await call('samples.draw', { window, number, profile }));
    } catch (failure) {
      requireStopped(failure); // who stops it knows
    }
  });
  const cancel = useAction(async () => {
    await call('reports.cancel', {});
  });
  useStopOnLeave(draw.busy, 'reports.cancel');
  const mayDraw = useMay('reports.make');
  const long = useLasting(draw.busy);
  const start = () => {
    setTold(true);
    if (isNumber(number) && typeof window !== 'string' && isProfile(profile)) void draw.run();
  };
  useCommands([
    {
      id: 'samples.draw',
      title: 'Draw the sample',
      group: 'Samples',
      keywords: 'seed number population',
      permission: 'reports.make',
      run: start,
    },
  ]);
  return (
    <>
      <div className="columns columns-sample">
        <Panel title="Draw a sample">
          <div className="pad stack-tight">
            <p className="sub">
              The auditor names any number. Together with the hash of the newest record it draws the sample, so that
              anybody can draw it again. Each draw goes on record, and reports name earlier ones.
            </p>
            <NumberField
              value={number}
              problem={told && !isNumber(number) ? 'Any number of 1 to 20 figures: the auditor chooses it.' : null}
              onChange={setNumber}
            />
            <WindowFields
              value={chosen}
              window={window}
              zone={ZONE}
              onChange={(value) => {
                setNow(Date.now());
                setChosen(value);
              }}
            />
            {told && !isProfile(profile) ? (
              <p className="hint hint-bad" role="alert">
                The sample sizes beside this cannot be taken as they are.
              </p>
            ) : null}
            {draw.error === null ? null : <ErrorPanel error={draw.error} title="Nothing was drawn" />}
            {long && progress !== null ? (
              <WorkProgress
                what="Counting the populations"
                progress={progress}
                onCancel={() => void cancel.run()}
                cancelling={cancel.busy}
              />
            ) : null}
            <div className="row-actions">
              {mayDraw ? (
                <CommandButton command="samples.draw" look="primary" busy={draw.busy} busyLabel="Drawing…" />
              ) : (
                <p className="faint">Samples are drawn by those who may make reports.</p>
              )}
            </div>
          </div>
        </Panel>
        <ProfilePanel kept={kept} typed={typed} onType={setTyped} onKept={setKept} />
      </div>
      {sheet === null ? (
        <Panel title="Drawn">
          {draw.busy ? (
            <Loading what="Counting the populations over the whole chain…" />
          ) : (
            <EmptyState title="Nothing drawn yet">
              <p>
                What is drawn is listed here by control: each record with who did what, its hash, and the way to it in
                the trail. A worksheet of it can be written for the auditor to fill in.
              </p>
            </EmptyState>
          )}
        </Panel>
      ) : (
        <SampleSheetView key={sheet.sample.seed} sheet={sheet} />
      )}
    </>
  );
}
