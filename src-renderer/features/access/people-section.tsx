import { useState } from 'react';
import type { z } from 'zod';
import type { NewInvitation, PersonView } from '#shared/ipc/access-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { useConsole } from '../../bridge/console-provider.tsx';
import type { Query } from '../../bridge/use-query.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { Button, CommandButton } from '../../components/button.tsx';
import { useNow } from '../../components/now.ts';
import { Panel } from '../../components/panel.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { ROLE_NAMES } from './access-words.ts';
import { InvitationsPanel } from './invitations-panel.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { nameOf } from './people-names.ts';
import { PersonDialog } from './person-dialog.tsx';
import { ShownOnce } from './shown-once.tsx';

type Invited = z.infer<typeof NewInvitation>;

/** The people of the workspace, and what their owners can do about each account. */
export function PeopleSection({ people }: { readonly people: Query<readonly PersonView[]> }) {
  const mayManage = useMay('people.manage');
  const [inviting, setInviting] = useState(false);
  const [invited, setInvited] = useState<Invited | null>(null);
  const [managed, setManaged] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const { data } = people;
  const person = data?.find(({ id }) => id === managed) ?? null;
  useCommands(
    mayManage
      ? [
          {
            id: 'people.invite',
            title: 'Invite a person…',
            group: 'Access',
            shortcut: 'n',
            run: () => setInviting(true),
          },
        ]
      : [],
  );
  return (
    <>
      <Panel
        title="People"
        className="list-section"
        aside={
          <>
            {data === null ? null : <span className="num">{formatPlural(data.length, 'account')}</span>}
            <CommandButton command="people.invite" look="primary" />
          </>
        }
      >
        {people.error === null ? null : (
          <ErrorPanel error={people.error} title="The people could not be read" onRetry={people.reload} />
        )}
        {data === null && people.loading ? <Loading what="Reading people…" /> : null}
        {data === null ? null : <PeopleTable people={data} {...(mayManage ? { onManage: setManaged } : {})} />}
        <p className="pad sub">
          In records a person is only an id; names are sealed. Two accounts of one human count as one where four eyes
          are needed.
        </p>
      </Panel>
      {mayManage ? <InvitationsPanel round={round} /> : null}
      {inviting ? (
        <InviteDialog
          onInvited={(answer) => {
            setInviting(false);
            setInvited(answer);
            setRound((value) => value + 1);
          }}
          onClose={() => setInviting(false)}
        />
      ) : null}
      {invited === null ? null : (
        <ShownOnce
          title="The invitation is on record"
          lead={`Give this code to the person at ${invited.invitation.email} another way than by e-mail if you can. They choose “I have an invitation” at the sign-in.`}
          what="Invitation code"
          value={invited.code}
          expiresAt={invited.invitation.expiresAt}
          onClose={() => setInvited(null)}
        />
      )}
      {person === null || data === null ? null : (
        <PersonDialog person={person} people={data} onChanged={people.reload} onClose={() => setManaged(null)} />
      )}
    </>
  );
}

interface PeopleTableProps {
  readonly people: readonly PersonView[];
  readonly onManage?: (person: string) => void;
}

function PeopleTable({ people, onManage }: PeopleTableProps) {
  const { info } = useConsole();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide" tabIndex={0} aria-label="Accounts">
      <table>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Role</th>
            <th scope="col">Second factor</th>
            <th scope="col" className="right">
              Sessions
            </th>
            <th scope="col">Last sign-in</th>
            <th scope="col">State</th>
            {onManage === undefined ? null : (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.id}>
              <td className="person-cell">
                <strong className="external-wrap">{person.name}</strong>
                {person.id === info.user.id ? <span className="faint"> (you)</span> : null}
                <span className="block faint external-wrap">
                  {person.email} · <code>{person.id}</code>
                </span>
                {person.aliasOf === null ? null : (
                  <span className="block faint external-wrap">the same human as {nameOf(people, person.aliasOf)}</span>
                )}
              </td>
              <td>{ROLE_NAMES[person.role]}</td>
              <td>
                <StateTag
                  quiet
                  state={
                    person.secondFactor
                      ? { word: 'On', tone: 'good', shape: 'check' }
                      : { word: 'Off', tone: 'warn', shape: 'diamond' }
                  }
                />
              </td>
              <td className="right num">{formatCount(person.sessions)}</td>
              <td>
                {person.lastSignInAt === null ? (
                  <span className="faint">never</span>
                ) : (
                  <TimeText iso={person.lastSignInAt} />
                )}
              </td>
              <td>
                <LockState until={person.lockedUntil} />
              </td>
              {onManage === undefined ? null : (
                <td className="cell-actions">
                  <Button look="ghost" label={`Manage ${person.name}…`} onPress={() => onManage(person.id)}>
                    Manage…
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function LockState({ until }: { readonly until: string | null }) {
  const now = useNow(15_000);
  if (until === null || Date.parse(until) <= now) {
    return <StateTag quiet state={{ word: 'May sign in', tone: 'calm', shape: 'ring' }} />;
  }
  return (
    <>
      <StateTag quiet state={{ word: 'Locked', tone: 'bad', shape: 'cross' }} />
      <span className="block faint">
        until <TimeText iso={until} form="clock" />
      </span>
    </>
  );
}
