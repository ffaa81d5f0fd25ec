import { useAccess } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { EntryFrame } from '../first-run/entry-frame.tsx';

interface ChooseScreenProps {
  readonly onChosen: () => void;
  readonly onCreate: () => void;
}

/** Which workspace of this computer to sign in to; making another one and verifying a file are a step away. */
export function ChooseScreen({ onChosen, onCreate }: ChooseScreenProps) {
  const { state, accept } = useAccess();
  const choose = useAction(async (tenant: string) => {
    accept(await call('access.chooseWorkspace', { tenant }));
    onChosen();
  });
  return (
    <EntryFrame
      page="Choose a workspace"
      title="Choose a workspace"
      lead={<p>Each has its own database, keys and people. Only one is open at a time.</p>}
      ways={
        <div>
          <Button onPress={onCreate}>Create a workspace, or verify a file…</Button>
        </div>
      }
    >
      <Panel title="On this computer" aside={formatPlural(state.workspaces.length, 'workspace')}>
        {choose.error === null ? null : (
          <div className="pad">
            <ErrorPanel error={choose.error} title="The workspace was not opened" />
          </div>
        )}
        <ul className="workspace-list">
          {state.workspaces.map(({ tenant, title }) => (
            <li key={tenant}>
              <Button className="workspace-choice" busy={choose.busy} onPress={() => void choose.run(tenant)}>
                <span className="workspace-title wrap">{title}</span>
                <code className="faint wrap">{tenant}</code>
              </Button>
            </li>
          ))}
        </ul>
      </Panel>
    </EntryFrame>
  );
}
