import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Incident } from '#shared/model/incident.ts';
import { StateTag } from '../../components/state-tag.tsx';
import { Age } from '../../components/time-text.tsx';
import { type GridColumn, VirtualGrid } from '../../components/virtual-grid.tsx';
import { formatLocal, formatUtc } from '../../format/times.ts';
import { SEVERITY_WORDS, SOURCE_NAMES, STATUS_WORDS } from '../../format/words.ts';
import { navigate } from '../../navigation/use-route.ts';
import { chooseRowHeight, measureTitles } from './queue-layout.ts';
import { orderQueue } from './queue-order.ts';

const COLUMNS: readonly GridColumn[] = [
  { id: 'severity', title: 'Severity', className: 'col-severity' },
  { id: 'incident', title: 'Incident', className: 'col-incident' },
  { id: 'status', title: 'Status', className: 'col-status' },
  { id: 'age', title: 'Opened', className: 'col-age' },
];

interface IncidentQueueProps {
  readonly incidents: readonly Incident[];
  /** The incident one comes back from: its row gets the focus. */
  readonly returnTo: string | null;
}

/** The queue by severity and age; Enter or a click opens an incident. */
export function IncidentQueue({ incidents, returnTo }: IncidentQueueProps) {
  const queue = useMemo(() => orderQueue(incidents), [incidents]);
  const widest = useMemo(() => measureTitles(queue.map(({ title }) => title)), [queue]);
  const place = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  const start =
    returnTo === null
      ? 0
      : Math.max(
          0,
          queue.findIndex((incident) => incident.id === returnTo),
        );
  return (
    <section ref={place} className="panel list-panel queue" aria-label="Queue">
      <VirtualGrid
        label="Incidents, by severity and age"
        columns={COLUMNS}
        rows={queue.length}
        rowHeight={chooseRowHeight(widest, width)}
        initialActive={start}
        focusAtStart={returnTo !== null}
        rowKey={(row) => queue[row]?.id ?? String(row)}
        renderRow={(row) => {
          const incident = queue[row];
          return incident === undefined ? null : cellsOf(incident);
        }}
        onActivate={(row) => {
          const incident = queue[row];
          if (incident !== undefined) navigate({ screen: 'incident', incident: incident.id });
        }}
      />
    </section>
  );
}

function cellsOf(incident: Incident) {
  const opened = new Date(incident.openedAt);
  return [
    <StateTag key="severity" state={SEVERITY_WORDS[incident.severity]} />,
    <div key="incident" className="queue-title">
      <strong title={incident.title}>{incident.title}</strong>
      <span className="faint">
        <code>{incident.id}</code> · {incident.signal.service} · {SOURCE_NAMES[incident.source.kind]}
      </span>
    </div>,
    <StateTag key="status" state={STATUS_WORDS[incident.status]} />,
    <span key="age" className="num" title={`${formatLocal(opened)} local, ${formatUtc(opened)}`}>
      <Age iso={incident.openedAt} />
    </span>,
  ];
}
