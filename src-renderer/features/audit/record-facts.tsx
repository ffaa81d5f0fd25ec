import type { ReactNode } from 'react';
import type { RecordDetail } from '#shared/ipc/views.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { HashText } from '../../components/hash-text.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount } from '../../format/numbers.ts';
import { formatUtc } from '../../format/times.ts';
import { OUTCOME_WORDS } from '../../format/words.ts';
import { formatRoute, type TrailFilter } from '../../navigation/route.ts';
import { setFilter } from './filter-model.ts';

interface RecordFactsProps {
  readonly detail: RecordDetail;
  readonly record: AuditRecord | null;
  readonly filter: TrailFilter;
  readonly onOpen: (seq: number) => void;
}

/** Who did what, when, to what; and what ties the record to its chain. */
export function RecordFacts({ detail, record, filter, onOpen }: RecordFactsProps) {
  const { seq, prev, key } = detail;
  return (
    <dl className="facts pad-tight">
      {record === null ? null : <Said record={record} filter={filter} seq={seq} />}
      <dt>Hash</dt>
      <dd>
        <HashText value={detail.hash} what="Hash" />
      </dd>
      <dt>Previous</dt>
      <dd>
        {seq === 1 ? (
          <span className="faint">none, the first record</span>
        ) : (
          <>
            <HashText value={prev} what="Previous hash" />{' '}
            <button type="button" className="text-link" onClick={() => onOpen(seq - 1)}>
              record {formatCount(seq - 1)}
            </button>
          </>
        )}
      </dd>
      <dt>Key</dt>
      <dd>
        <code>{key.id}</code> <span className="faint">{key.alg ?? 'not a key of this chain'}</span>
      </dd>
      <dt>Signature</dt>
      <dd>
        <HashText value={detail.sig} what="Signature" />
      </dd>
    </dl>
  );
}

interface SaidProps {
  readonly record: AuditRecord;
  readonly filter: TrailFilter;
  readonly seq: number;
}

function Said({ record, filter, seq }: SaidProps) {
  const { actor, onBehalfOf, target, links, outcome, time } = record;
  const narrowed = (member: 'actor' | 'target' | 'incident', value: string, children: ReactNode) => (
    <a
      href={formatRoute({ screen: 'audit', filter: setFilter(filter, { [member]: value }), seq })}
      title={`Only records of this ${member}`}
    >
      {children}
    </a>
  );
  return (
    <>
      <dt>Time</dt>
      <dd>
        <TimeText iso={time} />
        <br />
        <span className="faint">{formatUtc(new Date(time))}</span>
      </dd>
      <dt>Outcome</dt>
      <dd>
        <StateTag state={OUTCOME_WORDS[outcome]} quiet={outcome === 'success'} />
      </dd>
      <dt>Actor</dt>
      <dd className="wrap">
        <span className="faint">{actor.type}</span> {narrowed('actor', actor.id, actor.id)}
        {onBehalfOf === undefined ? null : (
          <>
            {' '}
            for <span className="faint">{onBehalfOf.type}</span> {onBehalfOf.id}
          </>
        )}
      </dd>
      <dt>Target</dt>
      <dd className="wrap">
        <span className="faint">{target.type}</span>{' '}
        {narrowed('target', target.id, <code className="wrap">{target.id}</code>)}
      </dd>
      {links?.incident === undefined ? null : (
        <>
          <dt>Incident</dt>
          <dd>
            <a href={formatRoute({ screen: 'incident', incident: links.incident })}>{links.incident}</a>
            <span className="faint"> · </span>
            {narrowed('incident', links.incident, 'its records')}
          </dd>
        </>
      )}
    </>
  );
}
