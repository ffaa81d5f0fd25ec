import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { TenantSlug } from '#shared/model/audit-record.ts';
import { type Note, parseNote } from '../checkpoint.ts';
import { decodeBase64 } from '../json-read.ts';
import { KeyRecord } from './key-evidence.ts';

/** A request read is no longer: the records of keys are few and small. */
export const MAX_REQUEST = 16 * 1024 * 1024;
/** C2SP tlog-witness: a consistency proof has no more hashes. */
const MAX_PROOF = 63;

/**
 * The file one console gives to another to have a checkpoint cosigned: the body of a C2SP tlog-witness add-checkpoint
 * request, with the records that prove whose key signed the checkpoint.
 */
const RequestFile = z.strictObject({
  causeway: z.literal('witness-request/1'),
  tenant: TenantSlug,
  /** The first record and every rotation, ascending. */
  keys: z.array(KeyRecord).min(1).max(1000),
  body: z.string().max(128 * 1024),
});

export interface WitnessRequest {
  readonly tenant: string;
  readonly keys: readonly KeyRecord[];
  /** The size the witness is believed to have seen last; 0 for none. */
  readonly old: number;
  readonly proof: readonly Buffer[];
  readonly note: Note;
}

export interface RequestParts {
  readonly tenant: string;
  readonly keys: readonly KeyRecord[];
  readonly old: number;
  readonly proof: readonly Buffer[];
  /** The checkpoint, as text. */
  readonly note: string;
}

export function writeRequest({ tenant, keys, old, proof, note }: RequestParts): string {
  const hashes = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
  const file: z.infer<typeof RequestFile> = {
    causeway: 'witness-request/1',
    tenant,
    keys: [...keys],
    body: `old ${old}\n${hashes}\n${note}`,
  };
  return `${JSON.stringify(file)}\n`;
}

/** @throws CausewayError `bad-input` (`witness-request`) when the text is no request. Attacker-controlled. */
export function readRequest(text: string): WitnessRequest {
  if (text.length > MAX_REQUEST) throw malformed('it is too long');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed('it is not JSON', cause);
  }
  const file = RequestFile.safeParse(value);
  if (!file.success) throw malformed('it is not of the form of a witness request', file.error);
  const { tenant, keys, body } = file.data;
  return { tenant, keys, ...readBody(body) };
}

/** C2SP tlog-witness: the old size, the proof's hashes, an empty line, the checkpoint. */
export function readBody(body: string): Pick<WitnessRequest, 'old' | 'proof' | 'note'> {
  const end = body.indexOf('\n\n');
  if (end === -1) throw malformed('there is no checkpoint in it');
  const [first = '', ...hashes] = body.slice(0, end).split('\n');
  const old = /^old (0|[1-9][0-9]{0,15})$/.exec(first)?.[1];
  if (old === undefined || !Number.isSafeInteger(Number(old))) throw malformed('it does not begin with the old size');
  if (hashes.length > MAX_PROOF) throw malformed('its proof has too many hashes');
  const proof = hashes.map((hash) => {
    const bytes = decodeBase64(hash);
    if (bytes?.length !== 32) throw malformed('its proof is not of hashes');
    return bytes;
  });
  const note = parseNote(body.slice(end + 2));
  if (typeof note === 'string') throw malformed(note);
  return { old: Number(old), proof, note };
}

function malformed(what: string, cause?: unknown): CausewayError {
  const text = `This is not a request to a witness: ${what}.`;
  return new CausewayError('bad-input', text, { cause, reason: 'witness-request' });
}
