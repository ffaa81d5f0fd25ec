import { z } from 'zod';
import { type FileFormat, readSignedFile, type SignedFile, writeSignedFile } from '#main/audit/signed-file.ts';
import type { DeviceKey } from '#main/identity/device-key.ts';
import { ChainId, TenantSlug } from '#shared/model/audit-record.ts';
import { Digest } from '#shared/model/evidence.ts';

export const MAX_ANSWER_FILE = 64 * 1024;

/** A decision, and everything it is bound to. */
export const FileAnswer = z.strictObject({
  tenant: TenantSlug,
  chain: ChainId,
  remediation: z.string().min(1).max(64),
  /** Of the request that was answered. */
  requestDigest: Digest,
  /** Record that put the request on its chain. */
  issued: Digest,
  /** Record of the proposal. */
  requestHash: Digest,
  planDigest: Digest,
  policyVersion: Digest,
  decision: z.enum(['approve', 'reject']),
  /** In clear: it travels to the other console, which puts it on record sealed. */
  justification: z.string().trim().min(10).max(8000),
  decidedAt: z.iso.datetime({ precision: 3 }),
  /** How the person proved at that moment to be themselves. */
  reauthentication: z.enum(['password', 'totp']),
});
export type FileAnswer = Readonly<z.infer<typeof FileAnswer>>;

const ANSWER: FileFormat<FileAnswer> = {
  name: 'causeway-answer/1',
  maxBytes: MAX_ANSWER_FILE,
  content: FileAnswer,
  what: 'an answer to a request for a decision',
  reason: 'answer-file',
};

export function writeAnswerFile(answer: FileAnswer, key: DeviceKey): Promise<Buffer> {
  return writeSignedFile(ANSWER, answer, key);
}

/** @throws CausewayError `bad-input` (`answer-file`). The signature is not checked here: by which key is for the caller. */
export function readAnswerFile(bytes: Uint8Array): SignedFile<FileAnswer> {
  return readSignedFile(ANSWER, bytes);
}
