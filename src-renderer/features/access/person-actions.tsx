import { useId, useState } from 'react';
import type { PersonView } from '#shared/ipc/access-views.ts';
import type { Reauthentication, Role } from '#shared/model/access.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { ROLE_NAMES } from './access-words.ts';
import { GuardedDialog } from './guarded-dialog.tsx';
import { aliasChoices, nameOf } from './people-names.ts';
import { RoleChoice } from './role-choice.tsx';

interface ActionDialogProps {
  readonly person: PersonView;
  readonly people: readonly PersonView[];
  /** Told what was done, in a sentence. */
  readonly onDone: (text: string) => void;
  readonly onClose: () => void;
}

export function RoleDialog({ person, onDone, onClose }: ActionDialogProps) {
  const [role, setRole] = useState<Role>(person.role);
  const change = useAction(async (reauthentication: Reauthentication) => {
    await call('people.setRole', { person: person.id, role, reauthentication });
    onDone(`${person.name} is ${ROLE_NAMES[role].toLowerCase()} now, and that is on record`);
  });
  return (
    <GuardedDialog
      title={`Change the role of ${person.name}`}
      lead="It takes effect at once, in sessions that are open too."
      action="Change the role"
      busyLabel="Recording…"
      busy={change.busy}
      error={change.error}
      failed="The role was not changed"
      problem={role === person.role ? `${ROLE_NAMES[role]} is the role they have.` : null}
      onConfirm={(proof) => void change.run(proof)}
      onClose={onClose}
    >
      <RoleChoice value={role} onChange={setRole} disabled={change.busy} />
    </GuardedDialog>
  );
}

export function AliasDialog({ person, people, onDone, onClose }: ActionDialogProps) {
  const choices = aliasChoices(people, person);
  const [aliasOf, setAliasOf] = useState(person.aliasOf ?? '');
  const id = useId();
  const stood = person.aliasOf ?? '';
  const change = useAction(async (reauthentication: Reauthentication) => {
    const chosen = aliasOf === '' ? null : aliasOf;
    await call('people.setAlias', { person: person.id, aliasOf: chosen, reauthentication });
    onDone(
      chosen === null
        ? `${person.name} counts as a human of their own now`
        : `${person.name} and ${nameOf(people, chosen)} count as one human now`,
    );
  });
  return (
    <GuardedDialog
      title={`Whose account is ${person.name}?`}
      lead="Four eyes are two humans. An alias can never approve what its other account asked for, nor give a second approval."
      action="Put it on record"
      busyLabel="Recording…"
      busy={change.busy}
      error={change.error}
      failed="Nothing was changed about the account"
      problem={
        choices.length === 0
          ? 'Other accounts are marked as aliases of this one. Take those marks off first.'
          : aliasOf === stood
            ? 'That is how it stands already.'
            : null
      }
      onConfirm={(proof) => void change.run(proof)}
      onClose={onClose}
    >
      <div className="field">
        <label htmlFor={`${id}-of`}>This account belongs to</label>
        <select
          className="input"
          id={`${id}-of`}
          value={aliasOf}
          disabled={change.busy || choices.length === 0}
          onChange={(event) => setAliasOf(event.target.value)}
        >
          <option value="">a human of its own</option>
          {choices.map((other) => (
            <option key={other.id} value={other.id}>
              the same human as {other.name} ({other.email})
            </option>
          ))}
        </select>
      </div>
    </GuardedDialog>
  );
}

export function ResetFactorDialog({ person, onDone, onClose }: ActionDialogProps) {
  const reset = useAction(async (reauthentication: Reauthentication) => {
    await call('people.resetSecondFactor', { person: person.id, reauthentication });
    onDone(`The second factor of ${person.name} is gone, and that is on record`);
  });
  return (
    <GuardedDialog
      title={`Take the second factor of ${person.name} away?`}
      lead="Be sure that it is they who ask: whoever has their password can then sign in."
      action="Take it away"
      look="reject"
      busyLabel="Recording…"
      busy={reset.busy}
      error={reset.error}
      failed="The second factor was not taken away"
      onConfirm={(proof) => void reset.run(proof)}
      onClose={onClose}
    >
      <p>
        Their authenticator and recovery codes stop working. They sign in with the password alone until they set a new
        one up.
      </p>
    </GuardedDialog>
  );
}

export function RemovePersonDialog({ person, onDone, onClose }: ActionDialogProps) {
  const remove = useAction(async (reauthentication: Reauthentication) => {
    await call('people.remove', { person: person.id, reauthentication });
    onDone(`${person.name} is not in this workspace any more`);
  });
  return (
    <GuardedDialog
      title={`Remove ${person.name} from the workspace?`}
      lead="They are signed out at once and cannot sign in again."
      action="Remove"
      look="reject"
      busyLabel="Recording…"
      busy={remove.busy}
      error={remove.error}
      failed="Nobody was removed"
      onConfirm={(proof) => void remove.run(proof)}
      onClose={onClose}
    >
      <ul className="meaning">
        <li>Their API keys are revoked, their devices may sign no decisions.</li>
        <li>What they did stays on record under the id {person.id}, verifiable as before.</li>
      </ul>
    </GuardedDialog>
  );
}
