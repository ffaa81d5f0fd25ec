import { useId, useState } from 'react';
import type { z } from 'zod';
import type { NewApiKey } from '#shared/ipc/access-views.ts';
import type { Permission, Reauthentication } from '#shared/model/access.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Field } from '../../components/field.tsx';
import { useFirstFocus } from '../../components/use-first-focus.ts';
import { GuardedDialog } from './guarded-dialog.tsx';
import { ScopeChoice } from './scope-choice.tsx';

interface ApiKeyDialogProps {
  readonly onCreated: (key: z.infer<typeof NewApiKey>) => void;
  readonly onClose: () => void;
}

const DAYS = [7, 30, 90, 180, 365] as const;

export function ApiKeyDialog({ onCreated, onClose }: ApiKeyDialogProps) {
  const first = useFirstFocus();
  const [label, setLabel] = useState('');
  const [days, setDays] = useState<number>(90);
  const [scopes, setScopes] = useState<readonly Permission[]>([]);
  const id = useId();
  const create = useAction(async (reauthentication: Reauthentication) => {
    onCreated(await call('apiKeys.create', { label: label.trim(), scopes: [...scopes], days, reauthentication }));
  });
  const problem =
    label.trim() === ''
      ? 'Say what the key is for.'
      : scopes.length === 0
        ? 'Choose at least one thing it may do.'
        : null;
  return (
    <GuardedDialog
      title="Create an API key"
      lead="It acts for you, within what you choose here. Decisions are of people: a key can never approve."
      action="Create the key"
      busyLabel="Recording…"
      busy={create.busy}
      error={create.error}
      failed="No key was created"
      problem={problem}
      onConfirm={(proof) => void create.run(proof)}
      onClose={onClose}
    >
      <div className="field-pair">
        <Field
          label="What it is for"
          ref={first}
          maxLength={100}
          value={label}
          busy={create.busy}
          onChange={setLabel}
        />
        <div className="field">
          <label htmlFor={`${id}-days`}>Expires after</label>
          <select
            id={`${id}-days`}
            className="input"
            value={days}
            disabled={create.busy}
            onChange={(event) => setDays(Number(event.target.value))}
          >
            {DAYS.map((option) => (
              <option key={option} value={option}>
                {option} days
              </option>
            ))}
          </select>
        </div>
      </div>
      <ScopeChoice value={scopes} onChange={setScopes} disabled={create.busy} />
    </GuardedDialog>
  );
}
