import { useLayoutEffect, useRef, useState } from 'react';
import type { TimelineEntry } from '#shared/ipc/views.ts';
import { categoryOf } from '#shared/model/audit-actions.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { OUTCOME_WORDS } from '../../format/words.ts';
import { formatRoute } from '../../navigation/route.ts';
import { isPlainAnswer, mainSteps } from './timeline-steps.ts';

const SHOWN = 60;
/** So many need no more room than they take. */
const FEW = 4;

/** What happened, from the incident's records; each line leads to its record. */
export function TimelinePanel({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  const [every, setEvery] = useState(false);
  const [all, setAll] = useState(false);
  const steps = every ? entries : mainSteps(entries);
  const shown = all ? steps : steps.slice(-SHOWN);
  const place = useRef<HTMLElement>(null);
  const last = shown.at(-1)?.seq;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came last is what one looks for
  useLayoutEffect(() => {
    const element = place.current;
    if (element !== null && !element.contains(document.activeElement)) element.scrollTop = element.scrollHeight;
  }, [last, every]);
  return (
    <Panel
      title="Timeline"
      className={shown.length > FEW ? 'timeline-panel' : 'timeline-panel timeline-few'}
      aside={
        <label className="check">
          <input type="checkbox" checked={every} onChange={(event) => setEvery(event.target.checked)} />
          every record ({formatCount(entries.length)})
        </label>
      }
    >
      <section ref={place} className="timeline-scroll" aria-label="Entries, the newest last">
        {shown.length < steps.length ? (
          <Button look="ghost" onPress={() => setAll(true)}>
            Show {formatPlural(steps.length - shown.length, 'earlier entry', 'earlier entries')}
          </Button>
        ) : null}
        <ol className="timeline">
          {shown.map((entry) => (
            <li key={entry.seq} className={`line-${categoryOf(entry.action)}`}>
              <TimeText iso={entry.time} form="clock" />
              <span className="line-dot" aria-hidden="true" />
              <div>
                <span className="external-wrap">{entry.text}</span>
                <OutcomeWord entry={entry} />
                <span className="faint line-source">
                  {entry.actor} ·{' '}
                  <a
                    href={formatRoute({ screen: 'audit', filter: {}, seq: entry.seq })}
                    aria-label={`Record ${entry.seq} in the trail`}
                  >
                    #{formatCount(entry.seq)}
                  </a>
                </span>
              </div>
            </li>
          ))}
        </ol>
      </section>
    </Panel>
  );
}

/** Says how it ended where it was not well. An answer that there is no such thing keeps its word and loses its alarm. */
function OutcomeWord({ entry }: { readonly entry: TimelineEntry }) {
  if (entry.outcome === 'success') return null;
  const { word, tone, shape } = OUTCOME_WORDS[entry.outcome];
  const plain = isPlainAnswer(entry);
  return (
    <span
      className={`outcome tone-${plain ? 'calm' : tone}`}
      title={plain ? 'The cloud answered that there is no such thing. That is an answer.' : undefined}
    >
      <ShapeIcon shape={plain ? 'dash' : shape} />
      {word}
    </span>
  );
}
