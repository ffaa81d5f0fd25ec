import { z } from 'zod';
import { type KeyChoice, KmsReference } from '#main/audit/signers/key-reference.ts';
import { canonicalDigest } from '#main/platform/digest.ts';
import { PolicyText } from '#shared/ipc/protection-views.ts';
import { KeyId } from '#shared/model/audit-record.ts';
import { Digest } from '#shared/model/evidence.ts';

/** What a person asks for: a change of what protects the trail and the workspace. */
export type ProtectionChange =
  | { readonly kind: 'policy-change'; readonly text: string }
  | { readonly kind: 'key-rotation'; readonly to: KeyChoice }
  /** Ids of the breaks the person was shown: exactly those that are open. */
  | { readonly kind: 'break-acknowledgement'; readonly breaks: readonly string[] };

const KeyTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keychain') }),
  z.strictObject({ kind: z.literal('sandbox-kms') }),
  KmsReference,
]);

/**
 * A change as it is kept and carried out. A policy names the version it was written against and its own, a rotation the
 * key that signed when it was asked for.
 */
export const KeptChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('policy-change'), text: PolicyText, base: Digest, version: Digest }),
  z.strictObject({ kind: z.literal('key-rotation'), to: KeyTarget, from: KeyId }),
  z.strictObject({ kind: z.literal('break-acknowledgement'), breaks: z.array(z.string().max(64)).min(1).max(200) }),
]);
export type KeptChange = Readonly<z.infer<typeof KeptChange>>;

/** What a request is bound to, beside the change itself. */
export interface Binding {
  readonly tenant: string;
  readonly chain: string;
  readonly id: string;
  readonly requestedBy: string;
  /** RFC 3339 with milliseconds. */
  readonly expiresAt: string;
}

/**
 * Lowercase hex SHA-256 over the RFC 8785 form of everything that would be done, where, for whom and until when: what the
 * second person agrees to, and what the record of the request holds.
 */
export function digestOfRequest(change: KeptChange, binding: Binding): string {
  const { tenant, chain, id, requestedBy, expiresAt } = binding;
  const parameters = parametersOf(change);
  return canonicalDigest({ version: 1, tenant, chain, kind: change.kind, parameters, id, requestedBy, expiresAt })
    .digest;
}

function parametersOf(change: KeptChange): unknown {
  switch (change.kind) {
    case 'policy-change':
      return { base: change.base, version: change.version, text: change.text };
    case 'key-rotation':
      return { from: change.from, to: change.to };
    case 'break-acknowledgement':
      return { breaks: [...change.breaks].sort() };
  }
}

/** The digest the record of an approval names: of a policy its version, so that the chain says which one is in force. */
export function approvedDigest(change: KeptChange, digest: string): string {
  return change.kind === 'policy-change' ? change.version : digest;
}
