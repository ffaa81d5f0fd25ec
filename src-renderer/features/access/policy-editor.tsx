import { useId, useState } from 'react';
import type { z } from 'zod';
import type { PolicyView, PolicyPreview as Preview, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { formatCount } from '../../format/numbers.ts';
import { PolicyPreview } from './policy-preview.tsx';
import { ProposeDialog } from './propose-dialog.tsx';
import { WaitingDialog } from './waiting-dialog.tsx';

interface PolicyEditorProps {
  readonly inForce: PolicyView;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

const LONGEST = 100_000;

/** Another text for the policy: tried out first, then asked for. Nothing changes before a second person agrees. */
export function PolicyEditor({ inForce, text, onText, onClose }: PolicyEditorProps) {
  const toasts = useToasts();
  const id = useId();
  const [tried, setTried] = useState<{ readonly text: string; readonly preview: z.infer<typeof Preview> } | null>(null);
  const [proposing, setProposing] = useState(false);
  const [waiting, setWaiting] = useState<ProtectionRequest | null>(null);
  const changed = text !== inForce.text;
  const preview = useAction(async () => {
    setTried({ text, preview: await call('policies.preview', { text }) });
  });
  const current = tried !== null && tried.text === text ? tried.preview : null;
  const usable = changed && current !== null && current.version !== null && current.problems.length === 0;
  useCommands([
    ...(changed && text !== ''
      ? [
          {
            id: 'policies.preview',
            title: 'Try the changed policy out',
            group: 'Access',
            run: () => void preview.run(),
          },
        ]
      : []),
    ...(usable
      ? [{ id: 'policies.propose', title: 'Propose the policy…', group: 'Access', run: () => setProposing(true) }]
      : []),
  ]);
  return (
    <Panel
      title="Change the policy"
      aside={
        <Button look="ghost" onPress={onClose}>
          {changed ? 'Discard' : 'Close'}
        </Button>
      }
    >
      <div className="pad stack-tight">
        <div className="field">
          <label htmlFor={`${id}-text`}>Policy text (Cedar)</label>
          <textarea
            id={`${id}-text`}
            className="cedar-editor"
            rows={16}
            wrap="off"
            spellCheck={false}
            autoCapitalize="off"
            maxLength={LONGEST}
            value={text}
            aria-describedby={`${id}-state`}
            onChange={(event) => onText(event.target.value)}
          />
        </div>
        <div className="row-actions editor-foot">
          <p id={`${id}-state`} className="sub num" role="status">
            {!changed
              ? 'Not changed yet.'
              : usable
                ? 'Tried out. It can be proposed.'
                : current === null
                  ? 'Changed. Try it out to see what it would mean; nothing is recorded by that.'
                  : 'It cannot be used as it is.'}{' '}
            {text.length > LONGEST * 0.9 ? `${formatCount(text.length)} of ${formatCount(LONGEST)} characters.` : ''}
          </p>
          <Button
            busy={preview.busy}
            busyLabel="Replaying 30 days…"
            disabled={!changed || text === ''}
            onPress={() => void preview.run()}
          >
            Try it out
          </Button>
          {usable ? (
            <Button look="primary" onPress={() => setProposing(true)}>
              Propose…
            </Button>
          ) : null}
        </div>
        {preview.error === null ? null : (
          <ErrorPanel error={preview.error} title="It could not be tried out" onDismiss={preview.clear} />
        )}
        {current === null ? null : <PolicyPreview preview={current} />}
      </div>
      {proposing && current !== null ? (
        <ProposeDialog
          text={text}
          preview={current}
          onProposed={(outcome) => {
            setProposing(false);
            if (outcome.state === 'waiting') setWaiting(outcome.request);
            else {
              toasts.say('The new policy is in force, and that is on record');
              onClose();
            }
          }}
          onClose={() => setProposing(false)}
        />
      ) : null}
      {waiting === null ? null : <WaitingDialog request={waiting} onClose={onClose} />}
    </Panel>
  );
}
