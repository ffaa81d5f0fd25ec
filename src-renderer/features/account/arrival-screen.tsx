import { useState } from 'react';
import { useAccess } from '../../bridge/access-provider.tsx';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { EntryFrame } from '../first-run/entry-frame.tsx';
import { SecondFactorSetup } from './second-factor-setup.tsx';

interface ArrivalScreenProps {
  readonly password: string;
  readonly onDone: () => void;
}

/** After an account was made: the second factor, before the console opens. It can wait. */
export function ArrivalScreen({ password, onDone }: ArrivalScreenProps) {
  const { person, workspace } = useAccess().state;
  const [confirmed, setConfirmed] = useState(false);
  return (
    <EntryFrame
      page="Second factor"
      title="Protect your account"
      lead={
        <p className="wrap">
          {person?.name ?? 'You'}, your account in “{workspace?.title ?? 'this workspace'}” is made and you are signed
          in. A second factor keeps it yours.
        </p>
      }
      ways={
        confirmed ? null : (
          <div className="stack-tight">
            <p className="sub">You can set one up at any time in the menu under your name.</p>
            <div>
              <Button onPress={onDone}>Later</Button>
            </div>
          </div>
        )
      }
    >
      <Panel title="Second factor">
        <SecondFactorSetup password={password} onConfirmed={() => setConfirmed(true)} onDone={onDone} />
      </Panel>
    </EntryFrame>
  );
}
