import type { AppendInput } from './append-input.ts';
import { ToSeal } from './seal.ts';
import type { ExportOptions } from './store.ts';

/** What the chain says of its own export. It is the last record of the file, so that everything in it is known before. */
export function exportRecord(
  { by = { actor: { type: 'system', id: 'causeway' } }, disclose }: ExportOptions,
  about: { readonly chain: string; readonly seq: number; readonly stored: number },
  outcome: 'success' | 'failure',
): AppendInput<'tenant.audit_exported'> {
  const { chain, seq, stored } = about;
  const own = [by.actor.name, by.onBehalfOf?.name, by.device?.name].filter((name) => name instanceof ToSeal);
  return {
    ...by,
    action: 'tenant.audit_exported',
    outcome,
    target: { type: 'chain', id: chain },
    data: {
      format: 'chain',
      range: { first: 1, last: seq },
      records: seq,
      disclosures: disclose ? stored + own.length : 0,
      checkpointSize: seq,
    },
  };
}
