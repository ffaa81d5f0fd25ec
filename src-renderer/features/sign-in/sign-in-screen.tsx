import { useState } from 'react';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import { useAccess } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { useArrive } from '../first-run/arrival.ts';
import { AUDITOR_WAYS, type AuditorWay, AuditorWayPanel, isAuditorWay } from '../first-run/auditor-ways.tsx';
import { EntryFrame, type Way, WayChoice } from '../first-run/entry-frame.tsx';
import { NewAccountForm } from '../first-run/new-account-form.tsx';
import { type AccountField, EMPTY_ACCOUNT, type NewAccount } from '../first-run/new-account-model.ts';
import type { Example } from '../first-run/use-example.ts';
import { SignInForm } from './sign-in-form.tsx';

type SignInWay = 'sign-in' | 'owner' | 'invitation' | AuditorWay;
const WAYS: readonly Way<SignInWay>[] = [
  { id: 'sign-in', title: 'Sign in', text: 'With your e-mail address and password.' },
  { id: 'invitation', title: 'I have an invitation', text: 'With the code somebody of this workspace gave you.' },
  ...AUDITOR_WAYS,
];
const OWNER_WAYS: readonly Way<SignInWay>[] = [
  { id: 'owner', title: 'Become the owner', text: 'This workspace has no people yet. The first one owns it.' },
  ...AUDITOR_WAYS,
];

interface SignInScreenProps {
  /** The example that was just made, if this is its workspace: its password is nobody's secret. */
  readonly example: Example | null;
  readonly onBundle: (bundle: BundleView) => void;
  readonly onElsewhere: () => void;
}

/** Signing in to the workspace that is chosen, and the other ways from there. */
export function SignInScreen({ example, onBundle, onElsewhere }: SignInScreenProps) {
  const { workspace, needsOwner } = useAccess().state;
  const [chosen, setChosen] = useState<SignInWay>('sign-in');
  const ways = needsOwner ? OWNER_WAYS : WAYS;
  const way = ways.find(({ id }) => id === chosen)?.id ?? (needsOwner ? 'owner' : 'sign-in');
  return (
    <EntryFrame
      page={needsOwner ? 'A workspace without an owner' : 'Sign in'}
      title={workspace?.title ?? 'Sign in'}
      lead={
        <p>
          {needsOwner
            ? 'This workspace was made before there were accounts. Everything on record is kept; somebody has to own it now.'
            : 'Sign in to this workspace. Each sign-in, and each that is refused, stands in its audit trail.'}
        </p>
      }
      takeFocus={needsOwner}
      ways={
        <>
          <WayChoice legend="How to go on" ways={ways} value={way} onChange={setChosen} />
          <div>
            <Button onPress={onElsewhere}>Another workspace…</Button>
          </div>
        </>
      }
    >
      {way === 'sign-in' ? <SignInForm {...(example === null ? {} : { example })} /> : null}
      {way === 'owner' ? <OwnerPanel /> : null}
      {way === 'invitation' ? <InvitationPanel /> : null}
      {isAuditorWay(way) ? <AuditorWayPanel way={way} onBundle={onBundle} /> : null}
    </EntryFrame>
  );
}

const OWNER_ASKS: readonly AccountField[] = ['name', 'email', 'password', 'again'];

function OwnerPanel() {
  const { accept } = useAccess();
  const arrive = useArrive();
  const [account, setAccount] = useState(EMPTY_ACCOUNT);
  const make = async ({ name, email, password }: NewAccount) => {
    accept(
      await arrive(password, () => call('access.createOwner', { name: name.trim(), email: email.trim(), password })),
    );
  };
  return (
    <Panel title="The owner of this workspace">
      <NewAccountForm
        account={account}
        onChange={setAccount}
        asks={OWNER_ASKS}
        action="Become the owner"
        busyLabel="Making the account…"
        failed="The owner was not made"
        perform={make}
      >
        <p>The owner invites the others, gives them their roles, and can do everything here.</p>
      </NewAccountForm>
    </Panel>
  );
}

const INVITATION_ASKS: readonly AccountField[] = ['code', 'name', 'password', 'again'];

function InvitationPanel() {
  const { accept } = useAccess();
  const arrive = useArrive();
  const [account, setAccount] = useState(EMPTY_ACCOUNT);
  const join = async ({ code, name, password }: NewAccount) => {
    accept(
      await arrive(password, () => call('access.acceptInvitation', { code: code.trim(), name: name.trim(), password })),
    );
  };
  return (
    <Panel title="Your invitation">
      <NewAccountForm
        account={account}
        onChange={setAccount}
        asks={INVITATION_ASKS}
        action="Join the workspace"
        busyLabel="Making the account…"
        failed="You did not join the workspace"
        perform={join}
      >
        <p>Your e-mail address and your role are those the invitation was made for.</p>
      </NewAccountForm>
    </Panel>
  );
}
