import { useState } from 'react';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import { useAccess } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { useArrive } from './arrival.ts';
import { AUDITOR_WAYS, type AuditorWay, AuditorWayPanel, isAuditorWay } from './auditor-ways.tsx';
import { EntryFrame, type Way, WayChoice } from './entry-frame.tsx';
import { ExamplePanel } from './example-panel.tsx';
import { NewAccountForm } from './new-account-form.tsx';
import { EMPTY_ACCOUNT, type NewAccount } from './new-account-model.ts';
import type { ExampleLoading } from './use-example.ts';

type FirstWay = 'create' | 'sandbox' | 'year' | AuditorWay;
const WAYS: readonly Way<FirstWay>[] = [
  {
    id: 'create',
    title: 'Create a workspace',
    text: 'For real work: its own database, its own keys, its own people. You become its owner.',
  },
  {
    id: 'sandbox',
    title: 'Explore the sandbox',
    text: 'Incidents of a simulated cloud. No AWS account, no network, nothing real is touched.',
  },
  {
    id: 'year',
    title: 'Explore a year of synthetic history',
    text: 'An example workspace of made-up records.',
  },
  ...AUDITOR_WAYS,
];
const SANDBOX_TITLE = 'Sandbox demonstration';
const ASKS = ['title', 'name', 'email', 'password', 'again'] as const;

interface FirstRunScreenProps {
  readonly example: ExampleLoading;
  readonly onBundle: (bundle: BundleView) => void;
  readonly onBack?: () => void;
}

/** The first thing anybody sees here: the ways in. With `onBack`, where a further workspace is made. */
export function FirstRunScreen({ example, onBundle, onBack }: FirstRunScreenProps) {
  const [way, setWay] = useState<FirstWay>('create');
  const first = onBack === undefined;
  return (
    <EntryFrame
      page={first ? 'Welcome' : 'Another workspace'}
      title={first ? 'Welcome to Causeway' : 'Another workspace'}
      lead={
        <p>
          Incidents investigated with least privilege, approved by people, and recorded in a chain that anybody can
          verify.
        </p>
      }
      ways={
        <>
          <WayChoice legend="How to begin" ways={WAYS} value={way} onChange={setWay} />
          {first ? null : (
            <div>
              <Button onPress={onBack}>Back</Button>
            </div>
          )}
        </>
      }
    >
      {isAuditorWay(way) ? <AuditorWayPanel way={way} onBundle={onBundle} /> : null}
      {way === 'year' ? <ExamplePanel example={example} /> : null}
      {way === 'create' || way === 'sandbox' ? <CreateWorkspace sandbox={way === 'sandbox'} /> : null}
    </EntryFrame>
  );
}

function CreateWorkspace({ sandbox }: { readonly sandbox: boolean }) {
  const { accept } = useAccess();
  const arrive = useArrive();
  const [account, setAccount] = useState(EMPTY_ACCOUNT);
  const [titles, setTitles] = useState({ real: '', sandbox: SANDBOX_TITLE });
  const kind = sandbox ? 'sandbox' : 'real';

  const create = async (given: NewAccount) => {
    const { title, name, email, password } = given;
    accept(
      await arrive(password, () =>
        call('access.createWorkspace', { title: title.trim(), name: name.trim(), email: email.trim(), password }),
      ),
    );
  };
  return (
    <Panel title={sandbox ? 'A workspace for the sandbox' : 'A new workspace and its owner'}>
      <NewAccountForm
        account={{ ...account, title: titles[kind] }}
        onChange={(changed) => {
          setAccount(changed);
          setTitles({ ...titles, [kind]: changed.title });
        }}
        asks={ASKS}
        action={sandbox ? 'Create the sandbox workspace' : 'Create workspace'}
        busyLabel="Creating keys and database…"
        failed="The workspace was not created"
        perform={create}
      >
        <p>
          {sandbox
            ? 'The sandbox imitates a cloud on this computer and raises the alarms of prepared scenarios. Agents, approvals and the audit trail are the real ones: you sign in, decide and verify as anywhere else, with your own name.'
            : 'The first person owns the workspace and invites the others. Whoever signs in, decides or is refused stands in its audit trail.'}
        </p>
      </NewAccountForm>
    </Panel>
  );
}
