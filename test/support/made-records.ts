import { createHash } from 'node:crypto';
import { canonicalText } from '#main/audit/canonical.ts';
import type { SourceRecord } from '#main/compliance/evaluation/evaluator.ts';

/** Linked records without signatures, for whatever reads a chain and does not ask for them. */
export const MADE_CHAIN = '7c6cf5b4-0f4c-4e36-9a4b-3f4a2e1d5c6b';

export interface Wanted {
  readonly action: string;
  readonly time: string;
  readonly data: Record<string, unknown>;
  readonly actor?: string;
  /** Members that stand in the record whatever belongs there. */
  readonly wrong?: Record<string, unknown>;
}

export function makeRecords(wanted: readonly Wanted[]): SourceRecord[] {
  let prev = '0'.repeat(64);
  return wanted.map(({ action, time, data, actor = 'u-1', wrong }, index) => {
    const record = {
      v: 1,
      chain: MADE_CHAIN,
      tenant: 'acme',
      seq: index + 1,
      time,
      action,
      outcome: 'success',
      actor: { type: 'user', id: actor },
      target: { type: 'thing', id: 't' },
      data,
      key: '0123456789abcdef',
      prev,
      ...wrong,
    };
    const bytes = Buffer.from(canonicalText(record));
    prev = createHash('sha256').update(bytes).digest('hex');
    return { seq: index + 1, bytes, hash: prev };
  });
}

const SPKI = Buffer.from('302a300506032b6570032100'.padEnd(88, '1'), 'hex').toString('base64');

export function created(time: string): Wanted {
  const keys = [{ id: '0123456789abcdef', alg: 'Ed25519', spki: SPKI, fromSeq: 1 }];
  return { action: 'tenant.created', time, data: { keys, generator: { name: 'made', version: '1' } } };
}

export function role(time: string, user: string, next: string, actor?: string): Wanted {
  const data = { user, old: 'viewer', new: next };
  return { action: 'tenant.user_role_changed', time, data, ...(actor === undefined ? {} : { actor }) };
}

export function noted(time: string, actor = 'u-1'): Wanted {
  return { action: 'incident.note_added', time, data: { note: { sealed: 'A'.repeat(43) } }, actor };
}

export function setting(time: string, name: string): Wanted {
  return { action: 'tenant.configuration_changed', time, data: { setting: name, old: null, new: 'x' } };
}

export function changed(time: string, control: string, change: Record<string, unknown>): Wanted {
  const data = { framework: 'causeway', control, oldStatus: null, newStatus: 'recorded', owner: null, evidence: [] };
  return { action: 'tenant.control_updated', time, data: { ...data, change } };
}
