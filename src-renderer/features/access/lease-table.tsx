import type { LeaseView } from '#shared/ipc/access-views.ts';
import { Button } from '../../components/button.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { Countdown } from '../../components/time-text.tsx';
import { resourceOfArn } from '../../format/digests.ts';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { AGENT_NAMES, type StateWord } from '../../format/words.ts';
import { formatRoute } from '../../navigation/route.ts';

const REACHES: Readonly<Record<LeaseView['cloudRevocation'], StateWord>> = {
  configured: { word: 'Also in the cloud', tone: 'good', shape: 'check' },
  'not-configured': { word: 'Here only', tone: 'warn', shape: 'diamond' },
};

/** The agent as people call it; one that is not known here by its id. */
export function agentName(agent: string): string {
  return Object.entries(AGENT_NAMES).find(([id]) => id === agent)?.[1] ?? agent;
}

interface LeaseTableProps {
  readonly leases: readonly LeaseView[];
  readonly onRevoke?: (lease: LeaseView) => void;
}

/** Leases as rows: whose, for what, and how long each still lives. */
export function LeaseTable({ leases, onRevoke }: LeaseTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide" tabIndex={0} aria-label="Leases that can be used now">
      <table>
        <thead>
          <tr>
            <th scope="col">Agent and task</th>
            <th scope="col">For</th>
            <th scope="col">Account</th>
            <th scope="col">May do, on what</th>
            <th scope="col" className="right">
              Calls
            </th>
            <th scope="col" className="right">
              Time left
            </th>
            <th scope="col">Ending it reaches</th>
            {onRevoke === undefined ? null : (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {leases.map((lease) => (
            <tr key={lease.id}>
              <td className="wrap">
                <strong>{agentName(lease.agent)}</strong>
                <span className="block faint">{lease.task}</span>
              </td>
              <td className="nowrap">
                <a href={formatRoute({ screen: 'incident', incident: lease.incident })}>{lease.incident}</a>
                <code className="block faint">{lease.investigation}</code>
              </td>
              <td>
                <code>{lease.account}</code>
                <span className="block faint wrap">{lease.environment}</span>
              </td>
              <td>
                <LeaseScope lease={lease} />
              </td>
              <td className="right num">{formatCount(lease.calls)}</td>
              <td className="right">
                <Countdown until={lease.expiresAt} />
              </td>
              <td>
                <StateTag quiet state={REACHES[lease.cloudRevocation]} />
              </td>
              {onRevoke === undefined ? null : (
                <td className="cell-actions">
                  <Button
                    look="ghost"
                    label={`End the lease of ${agentName(lease.agent)}…`}
                    onPress={() => onRevoke(lease)}
                  >
                    End…
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

function LeaseScope({ lease: { actions, resources } }: { readonly lease: LeaseView }) {
  return (
    <details>
      <summary>
        {formatPlural(actions.length, 'action')}, {formatPlural(resources.length, 'resource')}
      </summary>
      <ul className="scope-list">
        {actions.map((action) => (
          <li key={action}>
            <code className="wrap">{action}</code>
          </li>
        ))}
      </ul>
      <span className="faint">on</span>
      <ul className="scope-list">
        {resources.map((resource) => (
          <li key={resource}>
            <code className="wrap" title={resource}>
              {resourceOfArn(resource)}
            </code>
          </li>
        ))}
      </ul>
    </details>
  );
}
