import { createHash } from 'node:crypto';
import { canonicalText } from '../canonical.ts';

/** What the next event's attestation refers to. */
export interface OcsfLink {
  readonly uid: string;
  readonly type_uid: number;
  readonly fingerprint: Fingerprint;
}

interface Fingerprint {
  readonly algorithm_id: number;
  readonly algorithm: string;
  readonly value: string;
  readonly encoding_id: number;
  readonly encoding: string;
  readonly serialization_id: number;
  readonly serialization: string;
}

/** Which event is attested, by whom, and in which sequence of events it stands. */
interface AttestedAs extends Pick<OcsfLink, 'uid' | 'type_uid'> {
  readonly authority: string;
  /** Names the sequence that `before` is of, too. */
  readonly sequence: string;
}

/**
 * An OCSF 1.9 event with the profile `record_integrity`, one line of JCS without its LF: a SHA-256 fingerprint over the
 * event without fingerprint and signatures, linked to the event before it; null before the first. No line is signed by
 * itself.
 * @throws NotCanonicalError when the event has no JCS form
 */
export function attestEvent(
  event: Readonly<Record<string, unknown>>,
  { uid, type_uid, authority, sequence }: AttestedAs,
  before: OcsfLink | null,
): { readonly line: string; readonly link: OcsfLink } {
  const stated = {
    authority_uid: authority,
    chain_uid: sequence,
    ...(before === null ? {} : { prev_event: before }),
  };
  const fingerprint: Fingerprint = {
    algorithm_id: 3,
    algorithm: 'SHA-256',
    encoding_id: 1,
    encoding: 'Hex',
    serialization_id: 2,
    serialization: 'JCS',
    value: createHash('sha256')
      .update(jcs({ ...event, attestation_list: [stated] }))
      .digest('hex'),
  };
  const line = jcs({ ...event, attestation_list: [{ ...stated, fingerprint }] });
  return { line, link: { uid, type_uid, fingerprint } };
}

function jcs(event: Readonly<Record<string, unknown>>): string {
  return canonicalText(event, { integersOnly: false });
}
