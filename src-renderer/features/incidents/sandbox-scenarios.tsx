import { useState } from 'react';
import type { EnvironmentInfo } from '#shared/ipc/views.ts';
import type { UiError } from '../../bridge/ui-error.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { formatPlural } from '../../format/numbers.ts';

interface SandboxScenariosProps {
  readonly environments: readonly EnvironmentInfo[];
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly onRaise: (environment: string) => void;
  readonly onDismiss: () => void;
}

/** The recorded systems of the sandbox cloud, each with the alarm it can raise. */
export function SandboxScenarios({ environments, busy, error, onRaise, onDismiss }: SandboxScenariosProps) {
  const [raised, setRaised] = useState<string | null>(null);
  return (
    <Panel title="Sandbox scenarios" aside="a simulated cloud on this computer" className="scenarios">
      {error === null ? null : (
        <ErrorPanel
          error={error}
          title="The sandbox raised no alarm"
          {...(error.code === 'conflict' ? { hint: 'Its incident is in the queue.' } : {})}
          onDismiss={onDismiss}
        />
      )}
      <ul className="scenario-list">
        {environments.map((environment) => (
          <li key={environment.id}>
            <div className="scenario-text">
              <strong>{environment.title}</strong>
              <span className="faint">
                {environment.system} · <span className="nowrap">{formatPlural(environment.services, 'service')}</span> ·{' '}
                <span className="nowrap">{environment.region}</span>
              </span>
            </div>
            <Button
              look="primary"
              busy={busy && raised === environment.id}
              busyLabel="Raising…"
              label={`Raise alarm: ${environment.title}`}
              onPress={() => {
                setRaised(environment.id);
                onRaise(environment.id);
              }}
            >
              Raise alarm
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
