import { useMemo } from 'react';
import type { EnvironmentInfo } from '#shared/ipc/views.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { Investigation } from '#shared/model/investigation.ts';
import { Panel } from '../../components/panel.tsx';
import { formatPlural, formatRatio } from '../../format/numbers.ts';
import { callersOf, layoutMap, type MapNode, NODE, narrowMap } from './map-layout.ts';

const MOST_NODES = 36;
/** Names would be too small to be read below this. */
const SMALLEST_SCALE = 0.88;
type Mark = 'cause' | 'alarm' | 'caller' | 'none';

interface ServiceMapPanelProps {
  readonly environment: EnvironmentInfo;
  readonly incident: Incident;
  readonly investigation: Investigation | null;
}

/** The observed system: who calls whom, with the suspect, the service that alarmed and those that depend on the suspect. */
export function ServiceMapPanel({ environment, incident, investigation }: ServiceMapPanelProps) {
  const suspect = investigation?.abstained === false ? investigation.hypotheses[0] : undefined;
  const centre = suspect?.service ?? incident.signal.service;
  const callers = useMemo(() => callersOf(centre, environment.calls), [centre, environment.calls]);
  const drawn = useMemo(() => {
    const names = environment.serviceNames;
    return names.length <= MOST_NODES
      ? names
      : narrowMap(names, environment.calls, [centre, incident.signal.service]).slice(0, MOST_NODES);
  }, [environment, centre, incident.signal.service]);
  const layout = useMemo(() => layoutMap(drawn, environment.calls), [drawn, environment.calls]);

  const markOf = (name: string): { readonly mark: Mark; readonly word: string } => {
    const alarm = name === incident.signal.service;
    if (suspect !== undefined && name === suspect.service) {
      return { mark: 'cause', word: `${alarm ? 'alarm, suspect' : 'suspect'} ${formatRatio(suspect.confidence)}` };
    }
    if (alarm) return { mark: 'alarm', word: 'alarm' };
    return callers.includes(name) ? { mark: 'caller', word: 'depends on it' } : { mark: 'none', word: '' };
  };
  const left = environment.serviceNames.length - drawn.length;
  const summary = [
    `${formatPlural(environment.serviceNames.length, 'service')}.`,
    `The alarm is on ${incident.signal.service}.`,
    suspect === undefined ? '' : `The suspect is ${suspect.service}.`,
    callers.length === 0
      ? `Nothing calls ${centre}.`
      : `${centre} is called, directly or not, by ${callers.join(', ')}.`,
  ].join(' ');

  return (
    <Panel
      title="Service map"
      aside={
        left > 0
          ? `${drawn.length} of ${environment.serviceNames.length} services, those around the incident`
          : `calls go from left to right`
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide map scrolls, the keyboard has to reach it */}
      <section className="map-scroll" tabIndex={0} aria-label="Map, scrolls sideways where it is wide">
        <svg
          className="map"
          viewBox={`-4 -4 ${layout.width + 8} ${layout.height + 8}`}
          width={layout.width + 8}
          height={layout.height + 8}
          style={{ minWidth: (layout.width + 8) * SMALLEST_SCALE }}
          role="img"
          aria-label={summary}
        >
          <defs>
            <marker id="map-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 1 7 4 0 7Z" className="map-arrow" />
            </marker>
          </defs>
          {layout.edges.map((edge) => {
            const on = edge.to === centre || callers.includes(edge.to);
            return (
              <path
                key={`${edge.from}→${edge.to}`}
                d={edge.path}
                className={on ? 'map-edge map-edge-on' : 'map-edge'}
                markerEnd="url(#map-arrow)"
              />
            );
          })}
          {layout.nodes.map((node) => (
            <ServiceNode key={node.name} node={node} {...markOf(node.name)} />
          ))}
        </svg>
      </section>
    </Panel>
  );
}

const LONGEST = 16;

function ServiceNode({ node, mark, word }: { readonly node: MapNode; readonly mark: Mark; readonly word: string }) {
  const name = node.name.length > LONGEST ? `${node.name.slice(0, LONGEST - 1)}…` : node.name;
  return (
    <g transform={`translate(${node.x} ${node.y})`} className={`map-node map-${mark}`}>
      <title>{word === '' ? node.name : `${node.name}: ${word}`}</title>
      <rect width={NODE.width} height={NODE.height} rx={8} />
      {mark === 'cause' ? <path d="M14 15.5 19.5 21 14 26.5 8.500 21Z" className="map-sign" /> : null}
      {mark === 'alarm' ? <path d="M14 15 19.500 26H8.500Z" className="map-sign" /> : null}
      {mark === 'caller' ? <circle cx={14} cy={21} r={4.5} className="map-sign map-sign-open" /> : null}
      <text x={mark === 'none' ? 12 : 28} y={word === '' ? 26 : 18} className="map-name">
        {name}
      </text>
      {word === '' ? null : (
        <text x={28} y={33} className="map-word">
          {word}
        </text>
      )}
    </g>
  );
}
