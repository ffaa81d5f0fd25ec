import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { ChainEntry } from '../../evaluation/evidence-test.ts';
import { type Collector, dataOf, isWithin, spanOf } from './collector.ts';

interface Done {
  readonly seq: number;
  readonly time: string;
  readonly by: string;
}
export interface PrivacyCollected {
  /** Asked for or completed in the window, and those still open from before. */
  readonly erasures: readonly {
    readonly request: string;
    readonly scope: string;
    readonly subject: string | null;
    readonly due: string;
    readonly requested: Done;
    readonly completed:
      | (Done & { readonly certificate: string; readonly places: number; readonly outcome: string })
      | null;
  }[];
  /** Every completed erasure of the chain up to the window's end: proof of disposal outlives the window. */
  readonly disposals: readonly (Done & {
    readonly request: string;
    readonly certificate: string;
    readonly places: number;
  })[];
  readonly exports: readonly (Done & {
    readonly subject: string | null;
    readonly scope: string;
    readonly records: number;
    readonly digest: string;
  })[];
  /** By agent and pattern: values masked before they reached it. */
  readonly masked: readonly {
    readonly agent: string;
    readonly pattern: string;
    readonly records: number;
    readonly values: number;
  }[];
  readonly retention: readonly (Done & {
    readonly dataClass: string;
    readonly oldDays: number | null;
    readonly newDays: number;
  })[];
  /** Every incident opened in the window: any of them may have been a breach of personal data, whatever its severity. */
  readonly incidents: readonly {
    readonly incident: string;
    readonly seq: number;
    readonly time: string;
    /** When it was opened, and as of the window's end. */
    readonly severity: string;
    readonly severityThen: string;
    readonly service: string;
    readonly alerted: Done | null;
    readonly resolved: Done | null;
  }[];
  /** What was too much to keep, list by list. */
  readonly more: Readonly<Record<PrivacyList, number>>;
}

export type PrivacyList = 'erasures' | 'disposals' | 'exports' | 'retention' | 'incidents';

type Open<T> = { -readonly [K in keyof T]: T[K] };
type Erasure = Open<PrivacyCollected['erasures'][number]>;
type Incident = Open<PrivacyCollected['incidents'][number]>;
const MOST = 20_000;
const ACTIONS = [
  'tenant.erasure_requested',
  'tenant.erasure_completed',
  'tenant.data_exported',
  'tenant.retention_policy_changed',
  'investigation.data_masked',
  'incident.created',
  'incident.severity_updated',
  'incident.status_changed',
  'notification.alert_sent',
] as const satisfies readonly AuditAction[];

/** What the chain holds of personal data: requests and their clocks, disposal, exports, masking, possible breaches. */
export function privacy(parameters: unknown): Collector {
  const span = spanOf(parameters);
  const erasures = new Map<string, Erasure>();
  const disposals: PrivacyCollected['disposals'][number][] = [];
  const exports: PrivacyCollected['exports'][number][] = [];
  const retention: PrivacyCollected['retention'][number][] = [];
  const masked = new Map<string, Open<PrivacyCollected['masked'][number]>>();
  const incidents = new Map<string, Incident>();
  const more = { erasures: 0, disposals: 0, exports: 0, retention: 0, incidents: 0 };
  const keep = <T>(name: PrivacyList, list: T[], item: T) => {
    if (list.length < MOST) list.push(item);
    else more[name]++;
  };
  const done = ({ seq, record }: ChainEntry): Done => ({ seq, time: record.time, by: record.actor.id });

  function erased(entry: ChainEntry): void {
    const data = dataOf(entry, 'tenant.erasure_completed');
    if (data === null) return;
    const { certificate, request } = data;
    const what = { ...done(entry), certificate, places: data.erased.length };
    const asked = erasures.get(request);
    if (asked !== undefined) asked.completed = { ...what, outcome: entry.record.outcome };
    if (entry.record.outcome === 'success') keep('disposals', disposals, { ...what, request });
  }

  function within(entry: ChainEntry): void {
    const { record } = entry;
    const when = done(entry);
    if (record.action === 'tenant.data_exported') {
      const data = dataOf(entry, record.action);
      if (data !== null) keep('exports', exports, { ...when, ...data });
    } else if (record.action === 'investigation.data_masked') {
      const data = dataOf(entry, record.action);
      if (data === null) return;
      const { agent, pattern, count } = data;
      const sum = masked.get(`${agent} ${pattern}`) ?? { agent, pattern, records: 0, values: 0 };
      sum.records++;
      sum.values += count;
      masked.set(`${agent} ${pattern}`, sum);
    } else if (record.action === 'incident.created') {
      const data = dataOf(entry, record.action);
      if (data === null || incidents.has(record.target.id)) return;
      const { severity, service } = data;
      const incident = record.target.id;
      const { seq, time } = when;
      if (incidents.size < MOST) {
        const opened = { incident, seq, time, severity, severityThen: severity, service };
        incidents.set(incident, { ...opened, alerted: null, resolved: null });
      } else more.incidents++;
    }
  }

  return {
    actions: ACTIONS,
    take: (entry) => {
      const { time, record } = entry;
      if (time >= span.to) return;
      const about = incidents.get(record.links?.incident ?? record.target.id);
      switch (record.action) {
        case 'tenant.erasure_requested': {
          const data = dataOf(entry, record.action);
          if (data === null || erasures.has(data.request)) break;
          const { request, scope, subject, due } = data;
          erasures.set(request, { request, scope, subject, due, requested: done(entry), completed: null });
          break;
        }
        case 'tenant.erasure_completed':
          erased(entry);
          break;
        case 'tenant.retention_policy_changed': {
          const data = dataOf(entry, record.action);
          if (data !== null && record.outcome === 'success') keep('retention', retention, { ...done(entry), ...data });
          break;
        }
        case 'incident.severity_updated': {
          const data = dataOf(entry, record.action);
          if (data !== null && about !== undefined && record.outcome === 'success') about.severityThen = data.new;
          break;
        }
        case 'incident.status_changed':
          if (about !== undefined && record.data.new === 'resolved') about.resolved = done(entry);
          else if (about !== undefined) about.resolved = null; // opened again
          break;
        case 'notification.alert_sent':
          if (about !== undefined) about.alerted ??= done(entry);
          break;
        default:
          if (isWithin(span, time)) within(entry);
      }
    },
    end: (): PrivacyCollected => {
      const touched = [...erasures.values()].filter(
        ({ requested, completed }) =>
          completed === null || isTimeWithin(requested.time) || isTimeWithin(completed.time),
      );
      return {
        erasures: touched.slice(0, MOST),
        disposals,
        exports,
        retention,
        masked: [...masked].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum),
        incidents: [...incidents.values()],
        more: { ...more, erasures: Math.max(0, touched.length - MOST) },
      };
    },
  };

  function isTimeWithin(time: string): boolean {
    return isWithin(span, Date.parse(time));
  }
}
