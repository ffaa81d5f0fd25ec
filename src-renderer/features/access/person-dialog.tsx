import { useState } from 'react';
import type { PersonView } from '#shared/ipc/access-views.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { ROLE_NAMES } from './access-words.ts';
import { isLastOwner, sameHuman } from './people-names.ts';
import { AliasDialog, RemovePersonDialog, ResetFactorDialog, RoleDialog } from './person-actions.tsx';

interface PersonDialogProps {
  readonly person: PersonView;
  readonly people: readonly PersonView[];
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

type Step = 'choose' | 'role' | 'alias' | 'factor' | 'remove';

/** What can be done about one account, each with what happens then. */
export function PersonDialog({ person, people, onChanged, onClose }: PersonDialogProps) {
  const [step, setStep] = useState<Step>('choose');
  const toasts = useToasts();
  const done = (text: string) => {
    toasts.say(text);
    onChanged();
    onClose();
  };
  const signOut = useAction(async () => {
    await call('people.signOut', { person: person.id });
    done(`${person.name} is signed out everywhere`);
  });
  const common = { person, people, onDone: done, onClose };
  if (step === 'role') return <RoleDialog {...common} />;
  if (step === 'alias') return <AliasDialog {...common} />;
  if (step === 'factor') return <ResetFactorDialog {...common} />;
  if (step === 'remove') return <RemovePersonDialog {...common} />;
  const last = isLastOwner(people, person);
  const same = sameHuman(people, person);
  return (
    <ModalDialog
      title={person.name}
      lead={
        <>
          {person.email}, {ROLE_NAMES[person.role].toLowerCase()}, <code>{person.id}</code>
        </>
      }
      locked={signOut.busy}
      onClose={onClose}
    >
      <div className="dialog-body">
        {signOut.error === null ? null : (
          <ErrorPanel error={signOut.error} title="Nobody was signed out" onDismiss={signOut.clear} />
        )}
        <ul className="acts">
          <Act
            text={
              last
                ? 'This is the only owner. Make somebody else an owner first, then this account can get another role.'
                : 'What they may do changes at once, in sessions that are open too.'
            }
            button={last ? null : 'Change the role…'}
            name="Role"
            onPress={() => setStep('role')}
          />
          <Act
            name="Same human"
            text={
              same.length === 0
                ? 'Say that this account and another belong to the same human: where four eyes are needed, both count as one.'
                : `Where four eyes are needed it counts as one with ${same.map(({ name }) => name).join(', ')}.`
            }
            button={person.aliasOf === null ? 'Mark as an alias…' : 'Change that…'}
            onPress={() => setStep('alias')}
          />
          <Act
            name="Second factor"
            text={
              person.secondFactor
                ? 'For somebody who lost their device: it is taken away, and only the password is asked for until they set a new one up.'
                : 'None is set up. They do so themselves, in their account.'
            }
            button={person.secondFactor ? 'Take it away…' : null}
            onPress={() => setStep('factor')}
          />
          <Act
            name="Sessions"
            text={
              person.sessions === 0
                ? 'Signed in nowhere.'
                : `${formatPlural(person.sessions, 'session')} end at once; the account stays.`.replace(
                    '1 session end',
                    '1 session ends',
                  )
            }
            button={person.sessions === 0 ? null : 'Sign out everywhere'}
            busy={signOut.busy}
            onPress={() => void signOut.run()}
          />
          <Act
            name="Remove"
            text={
              last
                ? 'The only owner cannot be removed: nobody could manage the people any more.'
                : 'Sessions, API keys and devices of the account end. What it did stays on record under its id.'
            }
            button={last ? null : 'Remove from the workspace…'}
            look="reject"
            onPress={() => setStep('remove')}
          />
        </ul>
      </div>
      <footer className="dialog-foot">
        <span className="foot-note" />
        <Button onPress={onClose}>Close</Button>
      </footer>
    </ModalDialog>
  );
}

interface ActProps {
  readonly name: string;
  readonly text: string;
  /** Null where there is nothing to do. */
  readonly button: string | null;
  readonly look?: 'plain' | 'reject';
  readonly busy?: boolean;
  readonly onPress: () => void;
}

function Act({ name, text, button, look = 'plain', busy = false, onPress }: ActProps) {
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <span className="sub">{text}</span>
      </div>
      {button === null ? null : (
        <Button look={look} busy={busy} onPress={onPress}>
          {button}
        </Button>
      )}
    </li>
  );
}
