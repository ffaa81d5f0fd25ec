import type { AgentRun, Investigation } from '#shared/model/investigation.ts';
import { Panel } from '../../components/panel.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { Countdown } from '../../components/time-text.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { formatElapsed } from '../../format/times.ts';
import { AGENT_NAMES, AGENT_STATUS_WORDS } from '../../format/words.ts';

/** The agents as they work: what each does, how often it called the cloud, and what its lease is worth. */
export function AgentsPanel({ investigation }: { readonly investigation: Investigation }) {
  const { agents, startedAt, endedAt } = investigation;
  const active = agents.filter((agent) => agent.lease?.state === 'active').length;
  const aside =
    endedAt === null
      ? formatPlural(active, 'live lease')
      : `${investigation.status} in ${formatElapsed(Date.parse(endedAt) - Date.parse(startedAt))} · ${
          active === 0 ? 'no live lease' : formatPlural(active, 'live lease')
        }`;
  return (
    <Panel title="Agents" aside={<span aria-live="polite">{aside}</span>}>
      <ul className="agents">
        {agents.map((agent) => (
          <AgentRow key={`${agent.agent}-${agent.task}`} run={agent} />
        ))}
      </ul>
    </Panel>
  );
}

function AgentRow({ run }: { readonly run: AgentRun }) {
  return (
    <li>
      <div className="agent-head">
        <strong>{AGENT_NAMES[run.agent]}</strong>
        <StateTag state={AGENT_STATUS_WORDS[run.status]} />
      </div>
      <p className="agent-activity">{run.activity}</p>
      <p className="faint num">
        {formatPlural(run.calls, 'call')}
        {run.refused === 0 ? '' : ` · ${run.refused} refused`}
        {run.startedAt !== null && run.endedAt !== null
          ? ` · ${formatElapsed(Date.parse(run.endedAt) - Date.parse(run.startedAt))}`
          : ''}
        <LeaseWords lease={run.lease} />
      </p>
    </li>
  );
}

function LeaseWords({ lease }: { readonly lease: AgentRun['lease'] }) {
  if (lease === null) return ' · no lease';
  return (
    <>
      {' · '}
      <code>{lease.id}</code>{' '}
      {lease.state === 'active' ? (
        <span className="lease-active">
          active, <Countdown until={lease.expiresAt} /> left
        </span>
      ) : (
        lease.state
      )}
    </>
  );
}
