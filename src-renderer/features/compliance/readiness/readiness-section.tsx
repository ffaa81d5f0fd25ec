import { useState } from 'react';
import type { ReadinessPlan } from '#shared/ipc/compliance-views.ts';
import { call } from '../../../bridge/call.ts';
import { useCommands } from '../../../commands/command-context.tsx';
import { CommandButton } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { useToasts } from '../../../components/toasts.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { KIND_NAMES } from '../compliance-words.ts';
import { Meter } from '../parts/meter.tsx';
import { QueryStates } from '../parts/query-states.tsx';
import { useCompliance } from '../use-compliance.ts';
import { FindingsPanel } from './findings-panel.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import { startOfWeek, weekOf } from './timeline-layout.ts';
import { TrackLegend, TrackTable } from './track-table.tsx';

/** The way to a Type I: every gap with who closes it and when, on two tracks. */
export function ReadinessSection() {
  const query = useCompliance('readiness', () => call('compliance.readiness', {}));
  const toasts = useToasts();
  const [setting, setSetting] = useState(false);
  const { data, reload } = query;
  useCommands(
    data === null
      ? []
      : [
          {
            id: 'readiness.plan',
            title: data.proposed ? 'Begin the plan…' : 'Change the plan…',
            group: 'Compliance',
            permission: 'compliance.manage',
            keywords: 'readiness start weeks',
            run: () => setSetting(true),
          },
        ],
  );
  return (
    <>
      <QueryStates query={query} what="Reading the plan…" failed="The plan could not be read" />
      {data === null ? null : (
        <>
          <ProgressPanel plan={data} />
          {data.tracks.map(({ track, items }) => (
            <Panel
              key={track}
              title={`${KIND_NAMES[track]} track`}
              className="list-section"
              aside={
                <>
                  <TrackLegend plan={data} />
                  <span className="num">
                    {formatCount(items.filter(({ state }) => state === 'done').length)} of{' '}
                    {formatPlural(items.length, 'item')} done
                  </span>
                </>
              }
            >
              {items.length === 0 ? (
                <EmptyState title="Nothing to do on this track">
                  <p>Every control of this kind is in place, or does not apply.</p>
                </EmptyState>
              ) : (
                <TrackTable plan={data} items={items} label={`${KIND_NAMES[track]} items by week`} />
              )}
            </Panel>
          ))}
          <FindingsPanel findings={data.findings} />
        </>
      )}
      {setting && data !== null ? (
        <PlanDialog
          plan={data}
          onSet={() => {
            toasts.say('The plan is on record');
            setSetting(false);
            reload();
          }}
          onClose={() => setSetting(false)}
        />
      ) : null}
    </>
  );
}

function ProgressPanel({ plan }: { readonly plan: ReadinessPlan }) {
  const { start, weeks, today, done, total, proposed } = plan;
  const items = plan.tracks.flatMap((track) => track.items);
  const late = items.filter(({ state }) => state === 'late').length;
  const week = weekOf(start, today, weeks);
  return (
    <Panel
      title="Readiness for Type I"
      aside={
        <>
          {proposed ? <StateTag quiet state={{ word: 'Proposed, not begun', tone: 'warn', shape: 'ring' }} /> : null}
          <CommandButton command="readiness.plan" look={proposed ? 'primary' : 'plain'} />
        </>
      }
    >
      <div className="pad framework-facts">
        <Meter
          whole={total}
          parts={[
            { tone: 'good', value: done },
            { tone: 'bad', value: late },
          ]}
        />
        <p className="num">
          <strong>{formatCount(done)}</strong> of {formatPlural(total, 'item')} done
          {late === 0 ? '' : `, ${formatCount(late)} late`}.{' '}
          {proposed
            ? 'The plan has not begun yet.'
            : week === 0
              ? 'The plan has not begun yet.'
              : week > weeks
                ? 'The time of the plan is over.'
                : `It is week ${week} of ${weeks}.`}
        </p>
        <p className="sub">
          {formatPlural(weeks, 'week')} from <TimeText iso={start} form="date" /> to{' '}
          <TimeText iso={startOfWeek(start, weeks + 1).toISOString()} form="date" />
          {proposed ? ', proposed as beginning today. ' : '. '}
          What is done comes from the register: an item is done when its control is in place. After it, the observation
          window of a Type II can begin.
        </p>
      </div>
    </Panel>
  );
}
