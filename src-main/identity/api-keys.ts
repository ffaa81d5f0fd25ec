import { hash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { ApiKeyView, NewApiKey } from '#shared/ipc/access-views.ts';
import { Permission, type Role } from '#shared/model/access.ts';
import { requireActor, requireHuman, requireOwnerFor } from './authority.ts';
import type { ApiKeyEntry } from './people-entries.ts';
import { actorOf, deviceOf, type Principal } from './principal.ts';
import type { Rejections } from './rejections.ts';
import { newId, type Room, toTime, toTimeOrNull } from './room.ts';
import { findPerson, humanBehind, requirePerson } from './roster.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SECRET_BYTES = 32;
const KEY = /^cwk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
/** Compared with when there is no such key, so that the answer takes as long. */
const NOBODYS = '0'.repeat(64);

const Input = z.strictObject({
  label: z.string().trim().min(1).max(100),
  scopes: z.array(Permission).min(1).max(32),
  days: z.int().min(1).max(365),
});
export interface NewApiKeyInput {
  readonly label: string;
  readonly scopes: readonly Permission[];
  readonly days: number;
}

export interface ApiKeys {
  list(): readonly ApiKeyView[];
  /** Made for oneself only. The key is shown this once. */
  create(by: Principal, input: NewApiKeyInput): Promise<z.infer<typeof NewApiKey>>;
  revoke(by: Principal, id: string): Promise<ApiKeyView>;
  /** @throws CausewayError `sign-in-required` with the reason `api-key` */
  verify(key: string): Promise<Principal>;
}

export interface ApiKeysOptions {
  readonly room: Room;
  readonly rejections: Rejections;
  /** What a role may do; a key is never given or left more. */
  readonly allowed?: ((role: Role) => readonly Permission[]) | undefined;
}

const viewOf = (id: string, entry: ApiKeyEntry): ApiKeyView => ({
  id,
  label: entry.label,
  owner: entry.owner,
  scopes: [...entry.scopes],
  createdAt: toTime(entry.createdAt),
  expiresAt: toTimeOrNull(entry.expiresAt),
  lastUsedAt: toTimeOrNull(entry.lastUsedAt),
  revokedAt: toTimeOrNull(entry.revokedAt),
});
const hashOf = (secret: string) => hash('sha256', secret, 'hex');

export function createApiKeys({ room, rejections, allowed }: ApiKeysOptions): ApiKeys {
  const { db, clock, recorder } = room;
  const common = (by: Pick<Principal, 'type' | 'id'>, id: string) => ({
    outcome: 'success' as const,
    actor: actorOf(by),
    target: { type: 'api_key', id },
    device: deviceOf(room),
  });
  /** When the use of a key was last put on record; a terminal command asks many times. */
  const noted = new Map<string, number>();

  const refuse = async (key: string, id: string | null, reason: string): Promise<never> => {
    await rejections.note(key, {
      action: 'auth.sign_in_failed',
      outcome: 'denied',
      actor: { type: 'api_key', id: id ?? 'unknown' },
      target: { type: 'api_key', id: id ?? 'unknown' },
      device: deviceOf(room),
      data: { method: 'api-key', reason, attempts: 1 },
    });
    const text =
      'This API key is not valid here: it is wrong, revoked, expired, or its owner has left. Make a new one.';
    throw new CausewayError('sign-in-required', text, { reason: 'api-key' });
  };
  const whyUnusable = ({ revokedAt, expiresAt, owner }: ApiKeyEntry): string | null => {
    if (revokedAt !== null) return 'revoked';
    if (expiresAt !== null && expiresAt <= clock.now()) return 'expired';
    return findPerson(room, owner) === null ? 'owner-removed' : null;
  };

  return {
    list: () => db.list('api-key').map(([id, entry]) => viewOf(id, entry)),
    create: async (by, input) => {
      const owner = requireHuman(room, by);
      const parsed = Input.safeParse(input);
      if (!parsed.success) {
        const text = 'Give the key a name, at least one permission, and 1 to 365 days.';
        throw new CausewayError('bad-input', text, { reason: 'api-key', cause: parsed.error });
      }
      const { label, days } = parsed.data;
      const scopes = [...new Set(parsed.data.scopes)];
      const mine = allowed?.(owner.entry.role);
      const beyond = mine === undefined ? [] : scopes.filter((scope) => !mine.includes(scope));
      if (beyond.length > 0) {
        const text = `You may not do this yourself, so a key of yours cannot: ${beyond.join(', ')}.`;
        throw new CausewayError('denied', text, { reason: 'scope' });
      }
      const id = newId(room, 'key');
      const secret = Buffer.from(room.random.bytes(SECRET_BYTES)).toString('base64url');
      const now = clock.now();
      const expiresAt = now + days * DAY;
      const data = { apiKey: id, scopes, expiresAt: toTime(expiresAt) };
      const times = { createdAt: now, expiresAt, lastUsedAt: null, revokedAt: null };
      const entry = { label, owner: owner.id, scopes, ...times, secret: hashOf(secret) };
      await recorder.act([{ ...common(by, id), action: 'auth.api_key_created', data }], 'so no key was made', () =>
        db.change((change) => change.put('api-key', id, entry)),
      );
      room.notify('people');
      return { apiKey: viewOf(id, entry), key: `cwk_${id.slice('key-'.length)}_${secret}` };
    },
    revoke: async (by, id) => {
      const actor = requireActor(room, by);
      const entry = db.get('api-key', id);
      if (entry === null) throw new CausewayError('not-found', 'There is no such API key.');
      if (entry.revokedAt !== null) return viewOf(id, entry);
      const owner = findPerson(room, entry.owner);
      if (owner !== null && owner.id !== actor.id) requireOwnerFor(actor, owner.entry.role);
      const data = { apiKey: id, reason: 'revoked' };
      const record = { ...common(by, id), action: 'auth.api_key_revoked' as const, data };
      const revoked = await recorder.act([record], 'so the key still works', () => {
        const gone = { ...(db.get('api-key', id) ?? entry), revokedAt: clock.now() };
        db.change((change) => change.put('api-key', id, gone));
        return gone;
      });
      room.notify('people');
      return viewOf(id, revoked);
    },
    verify: async (key) => {
      const [, hex, secret = ''] = KEY.exec(key) ?? [];
      const id = hex === undefined ? null : `key-${hex}`;
      const entry = id === null ? null : db.get('api-key', id);
      const given = Buffer.from(hashOf(secret), 'hex');
      const right = timingSafeEqual(given, Buffer.from(entry?.secret ?? NOBODYS, 'hex'));
      if (id === null || entry === null || !right) return refuse(key, entry === null ? null : id, 'wrong-key');
      const fault = whyUnusable(entry);
      if (fault !== null) return refuse(key, id, fault);
      const now = clock.now();
      const before = noted.get(id);
      if (before === undefined || now < before || now - before >= HOUR) {
        const data = { session: id, method: 'api-key', secondFactor: null };
        const input = { ...common({ type: 'api_key', id }, id), action: 'auth.user_signed_in' as const, data };
        await recorder.signIn(input, 'so the key was not accepted');
        noted.set(id, now);
      }
      const current = db.get('api-key', id); // it may have been revoked while the record was written
      if (current === null || whyUnusable(current) !== null) return refuse(key, id, 'revoked');
      if (current.lastUsedAt === null || Math.abs(now - current.lastUsedAt) >= MINUTE) {
        db.change((change) => change.put('api-key', id, { ...current, lastUsedAt: now }));
      }
      const { role } = requirePerson(room, current.owner).entry;
      const mine = allowed?.(role);
      return {
        type: 'api_key',
        id,
        human: humanBehind(room, id),
        name: current.label,
        role,
        tenant: room.tenant,
        session: id,
        device: room.device,
        scopes: mine === undefined ? [...current.scopes] : current.scopes.filter((scope) => mine.includes(scope)),
      };
    },
  };
}
