import { useState } from 'react';
import { MACHINE_FORMATS, type MachineFormat } from '#shared/ipc/compliance-channels.ts';
import { FRAMEWORKS, type FrameworkId } from '#shared/model/control.ts';
import { call } from '../../../bridge/call.ts';
import { requireStopped } from '../../../bridge/ui-error.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { ErrorPanel } from '../../../components/states.tsx';
import { useLasting } from '../../../components/use-lasting.ts';
import { beginWindow, windowOf } from './report-choice.ts';
import { FRAMEWORK_NAMES, MACHINE_TERMS } from './report-words.ts';
import { SavedLine } from './saved-line.tsx';
import { SelectField } from './subject-fields.tsx';
import { useProgress } from './use-progress.ts';
import type { Saved } from './use-report.ts';
import { WindowFields } from './window-fields.tsx';
import { WorkProgress } from './work-progress.tsx';

interface MachineFilesProps {
  readonly now: number;
  readonly zone: string;
  readonly onSaved: () => void;
}

/** The same evidence for other programs: OSCAL and OCSF. */
export function MachineFiles({ now, zone, onSaved }: MachineFilesProps) {
  const [format, setFormat] = useState<MachineFormat>('oscal-assessment-results');
  const [framework, setFramework] = useState<FrameworkId>('soc2');
  const [chosen, setChosen] = useState(() => beginWindow(now));
  const [saved, setSaved] = useState<(Saved & { readonly name: string }) | null>(null);
  const window = windowOf(chosen, now);
  const { progress, reset } = useProgress('reporting');
  const [stopped, setStopped] = useState(false);
  const save = useAction(async () => {
    if (typeof window === 'string') return;
    reset();
    setSaved(null);
    setStopped(false);
    try {
      const answer = await call('reports.machine', { format, framework, window });
      if (answer.cancelled) return;
      setSaved({ ...answer.value, name: MACHINE_TERMS[format].name });
      onSaved();
    } catch (failure) {
      requireStopped(failure);
      setStopped(true);
    }
  });
  const cancel = useAction(async () => {
    await call('reports.cancel', {});
  });
  const long = useLasting(save.busy);
  return (
    <Panel title="For other programs">
      <div className="pad stack-tight">
        <div className="columns-machine">
          <div className="stack-tight">
            <SelectField
              label="Format"
              value={format}
              onChange={(value) => setFormat(MACHINE_FORMATS.find((known) => known === value) ?? format)}
            >
              {MACHINE_FORMATS.map((known) => (
                <option key={known} value={known}>
                  {MACHINE_TERMS[known].name}
                </option>
              ))}
            </SelectField>
            <p className="hint">{MACHINE_TERMS[format].text}</p>
          </div>
          <SelectField
            label="Framework"
            value={framework}
            onChange={(value) => setFramework(FRAMEWORKS.find((known) => known === value) ?? framework)}
          >
            {FRAMEWORKS.map((known) => (
              <option key={known} value={known}>
                {FRAMEWORK_NAMES[known]}
              </option>
            ))}
          </SelectField>
          <WindowFields value={chosen} window={window} zone={zone} onChange={setChosen} />
        </div>
        {save.error === null ? null : <ErrorPanel error={save.error} title="No file was written" />}
        {saved === null ? null : <SavedLine saved={saved} what={`${saved.name}, now on record,`} />}
        {stopped && !save.busy ? (
          <p className="sub" role="status">
            Stopped: no file was written.
          </p>
        ) : null}
        {long && progress !== null ? (
          <WorkProgress
            what="Counting"
            progress={progress}
            cancelling={cancel.busy}
            onCancel={() => void cancel.run()}
          />
        ) : null}
        <div className="row-actions">
          <Button
            busy={save.busy}
            busyLabel="Writing…"
            disabled={typeof window === 'string'}
            onPress={() => void save.run()}
          >
            Save the file…
          </Button>
        </div>
      </div>
    </Panel>
  );
}
