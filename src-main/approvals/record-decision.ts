import type { AuditData } from '#shared/model/audit-data.ts';
import type { Links } from '#shared/model/audit-record.ts';
import { seal } from '../audit/seal.ts';
import type { AuditWriter } from '../policy/audit-port.ts';

type Approved = AuditData<'remediation.approved'>;

/** What a person decided, before it is on record. */
export interface DecisionRecord {
  readonly decision: 'approve' | 'reject';
  readonly planDigest: string;
  readonly justification: string;
  readonly channel: Approved['channel'];
  readonly rule: string;
  readonly reauthentication: Approved['reauthentication'];
  /** Why it could not wait for a second person. */
  readonly breakGlass?: string;
  readonly file?: { readonly digest: string; readonly deviceKey: string };
}

export interface RecordedDecision extends DecisionRecord {
  readonly by: {
    readonly type: 'user' | 'api_key';
    readonly id: string;
    readonly name: string;
    readonly device: { readonly id: string; readonly name: string | null };
  };
  readonly remediation: string;
  readonly links: Links;
  /** Of the policies the decision was allowed under. */
  readonly policyVersion: string;
}

/** Puts a decision on record; resolves with the record's hash when it is durable. What a person wrote stands in it sealed. */
export async function recordDecision(audit: AuditWriter, recorded: RecordedDecision): Promise<string> {
  const { by, decision, planDigest, justification, channel, rule, policyVersion, reauthentication } = recorded;
  const { breakGlass, file, links, remediation } = recorded;
  const { id, device } = by;
  const stored = await audit.append({
    action: decision === 'approve' ? 'remediation.approved' : 'remediation.rejected',
    outcome: 'success',
    actor: { type: by.type, id, name: seal(id, by.name) },
    target: { type: 'remediation', id: remediation },
    links,
    device: { id: device.id, ...(device.name === null ? {} : { name: seal(id, device.name) }) },
    data: {
      planDigest,
      justification: seal(id, justification),
      channel,
      rule,
      policyVersion,
      reauthentication,
      ...(breakGlass === undefined ? {} : { breakGlass: seal(id, breakGlass) }),
      ...(file === undefined ? {} : { file: file.digest, deviceKey: file.deviceKey }),
    },
  });
  return stored.hash;
}
