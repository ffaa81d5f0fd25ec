import { type ControlDefinition, gdpr, iso, kvkk, lgpd, soc2 } from './control-definition.ts';
import { defineTest } from './define-test.ts';
import { beginRecent, isRecent, type Recent, remember } from './recent.ts';
import { type ByText, DAY, HOUR, late, name, readCount, readList, readText, readTime, slot } from './record-values.ts';

/** A working day, and a little. */
const SESSION_MOST_MS = 12 * HOUR;

const TOKENS: ControlDefinition = {
  id: 'IA-01',
  name: 'Session tokens',
  kind: 'technical',
  objective:
    'A session token is signed and checked for signature, issuer, audience, expiry and workspace at every call; it ends with its session.',
  frequency: 'event',
  effort: 'M',
  remedy:
    'Check every token in full at every call, keep its life within a working day, and record what is refused and why.',
  criteria: [
    soc2('CC6.1', 'Whoever calls is authenticated by a token that cannot be made up.'),
    soc2('CC6.6', 'Tokens from elsewhere are refused.'),
    iso('A.8.5', 'Authentication goes on for as long as the session does.'),
    iso('A.5.17', 'What authenticates is short-lived and bound to one session.'),
    gdpr('32', 'Confidentiality of processing by authenticated access.'),
    lgpd('46', 'A technical measure of authentication.'),
    kvkk('12', 'A technical measure of authentication.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ ended: Recent; tokens: Recent }>(
    'IA-01',
    {
      actions: ['auth.token_issued', 'auth.token_rejected', 'auth.user_signed_out'],
      occurrenceRule:
        'Each token issued (auth.token_issued, success) and each token refused (auth.token_rejected, denied).',
      deviationRule:
        'A token that lives longer than 12 hours (too-long); a token that was issued before (issued-twice), or for a session that had ended (session-ended), among the last 5,000 at least.',
      begin: () => ({ ended: beginRecent(), tokens: beginRecent() }),
      take: (state, { time, record: { action, outcome, data } }, sink) => {
        if (action === 'auth.token_rejected') {
          if (outcome === 'denied') sink.occurrence();
          return;
        }
        if (outcome !== 'success') return;
        const session = readText(data.session);
        if (action === 'auth.user_signed_out') {
          if (session !== null) remember(state.ended, session);
          return;
        }
        sink.occurrence();
        const expiresAt = readTime(data.expiresAt);
        if (expiresAt === null || expiresAt - time > SESSION_MOST_MS) {
          sink.deviation('too-long', 'The token lives longer than 12 hours, or it does not say until when.');
        }
        const token = readText(data.token);
        if (token !== null && isRecent(state.tokens, token)) {
          sink.deviation('issued-twice', 'The same token was issued before.');
        }
        if (token !== null) remember(state.tokens, token);
        if (session !== null && isRecent(state.ended, session)) {
          sink.deviation('session-ended', `The session ${name(session)} had ended before.`);
        }
      },
    },
    'watched',
  ),
};

/** From the fifth failure in a row nobody is looked at for 30 seconds; the time of two records differs a little from that. */
const LOCKED_FROM = 5;
const LOCK_MS = 25_000;
const ENROL_MS = DAY;

type Factor = { enrolled: boolean; first: { seq: number; time: number } | null };
type SignIns = { factors: ByText<Factor>; failures: ByText<{ time: number; attempts: number }> };

const SIGN_IN: ControlDefinition = {
  id: 'IA-02',
  name: 'Password, second factor and lockout',
  kind: 'technical',
  objective:
    'People come in with a password and a second factor; failed attempts slow the next ones down, also for addresses nobody has.',
  frequency: 'event',
  effort: 'S',
  remedy:
    'Have everybody set up a second factor on their first day, and lock an account for a while after five failures.',
  criteria: [
    soc2('CC6.1', 'People are authenticated by two factors before they get in.'),
    soc2('CC6.2', 'Credentials are given to people who were registered, and changes of them are on record.'),
    soc2('CC6.6', 'Guessing passwords is slowed down.'),
    iso('A.5.17', 'Passwords and second factors are set up, changed and reset on record.'),
    iso('A.8.5', 'People prove who they are by two factors, and guessing is slowed down.'),
    iso('A.5.16', 'Each sign-in is of one identified person.'),
    gdpr('32', 'Confidentiality of processing by authenticated access.'),
    lgpd('46', 'A technical measure of authentication.'),
    kvkk('12', 'A technical measure of authentication.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<SignIns>(
    'IA-02',
    {
      actions: ['auth.user_signed_in', 'auth.sign_in_failed', 'auth.mfa_enrolled', 'tenant.user_removed'],
      occurrenceRule:
        'Each sign-in of a person (auth.user_signed_in, success, by an actor of the type user, with another method than unlock), and each refused one (auth.sign_in_failed, denied, of whatever actor and method).',
      deviationRule:
        'A person with a second factor let in by the method password with secondFactor null (factor-skipped); a person who signs in so and has set up no second factor a day later (no-second-factor, about the first such sign-in; put right when one is set up or the person is removed); a failed attempt that was looked at less than 25 seconds after the fifth or a later failure in a row (not-slowed).',
      begin: () => ({ factors: {}, failures: {} }),
      take: (state, { seq, time, record: { action, outcome, actor, target, data } }, sink) => {
        if (action === 'auth.sign_in_failed') {
          if (outcome !== 'denied') return;
          sink.occurrence();
          const account = slot(target.id);
          const attempts = readCount(data.attempts);
          // attempts that the lock kept out are told in one record; strangers share a name
          if (attempts === null || data.reason === 'rate-limited' || !/^(u|key)-/.test(target.id)) return;
          const before = state.failures[account];
          if (attempts > LOCKED_FROM && before !== undefined && before.attempts >= LOCKED_FROM) {
            const apart = time - before.time;
            if (apart >= 0 && apart < LOCK_MS) {
              sink.deviation(
                'not-slowed',
                `Failure ${attempts} of ${name(target.id)} came ${apart} ms after the one before.`,
              );
            }
          }
          if (attempts >= LOCKED_FROM) state.failures[account] = { time, attempts };
          else delete state.failures[account];
          return;
        }
        if (outcome !== 'success') return;
        const user = action === 'auth.user_signed_in' ? actor.id : readText(data.user);
        if (user === null) return;
        const factor = state.factors[slot(user)] ?? { enrolled: false, first: null };
        const settled = (): void => {
          const { first } = factor;
          if (first === null) return;
          if (time > first.time + ENROL_MS) late(sink, 'no-second-factor', noFactor(user), first.seq);
          factor.first = null;
        };
        state.factors[slot(user)] = factor;
        switch (action) {
          case 'tenant.user_removed':
            settled();
            delete state.factors[slot(user)];
            return;
          case 'auth.mfa_enrolled':
            if (data.method === 'recovery-codes') return;
            factor.enrolled = data.method !== 'none';
            if (factor.enrolled) settled();
            return;
          case 'auth.user_signed_in':
            if (actor.type !== 'user' || data.method === 'unlock') return;
            sink.occurrence();
            if (data.method !== 'password' || data.secondFactor !== null) return;
            if (factor.enrolled)
              sink.deviation('factor-skipped', `${name(user)} was let in without the second factor.`);
            else factor.first ??= { seq, time };
        }
      },
      settle: ({ factors }, at, sink) => {
        for (const [key, { first }] of Object.entries(factors)) {
          if (first !== null && at > first.time + ENROL_MS) {
            sink.deviation('no-second-factor', noFactor(key.slice(1)), first.seq);
          }
        }
      },
    },
    'watched',
  ),
};

function noFactor(user: string): string {
  return `${name(user)} signed in by password and had no second factor a day later.`;
}

const KEY_MOST_MS = 366 * DAY;

type ApiKey = { seq: number; expiresAt: number | null; wrong: string[]; revoked: boolean };

const API_KEYS: ControlDefinition = {
  id: 'IA-03',
  name: 'API keys',
  kind: 'technical',
  objective:
    'An API key has scopes and an end, is shown once and kept as a hash only, and is of no use once it is revoked or over.',
  frequency: 'event',
  effort: 'S',
  remedy: 'Give each key the scopes it needs and an end within a year; keep SHA-256 of it and nothing else.',
  criteria: [
    soc2('CC6.1', 'Programs are authenticated by keys that can be read nowhere.'),
    soc2('CC6.2', 'Keys are given and revoked on record.'),
    soc2('CC6.3', 'A key may do only what its scopes say.'),
    iso('A.5.17', 'Keys are handed out, kept and revoked under control.'),
    iso('A.8.2', 'The rights of a key are narrowed to its scopes.'),
    gdpr('32', 'Confidentiality of processing by programs.'),
    lgpd('46', 'A technical measure of authentication of programs.'),
    kvkk('12', 'A technical measure of authentication of programs.'),
  ],
  needsOccurrence: false,
  selfCheck: true,
  test: defineTest<{ keys: ByText<ApiKey> }>(
    'IA-03',
    {
      actions: ['auth.api_key_created', 'auth.api_key_revoked', 'auth.user_signed_in'],
      occurrenceRule:
        'Each key made (auth.api_key_created, success) and each key revoked (auth.api_key_revoked, success).',
      deviationRule:
        'A key without an end within 366 days (no-end) or without scopes (no-scopes), put right when it is revoked; a sign-in with a key after it was revoked or over (used-after-end).',
      begin: () => ({ keys: {} }),
      take: ({ keys }, { seq, time, record: { action, outcome, actor, data } }, sink) => {
        if (outcome !== 'success') return;
        if (action === 'auth.user_signed_in') {
          const key = actor.type === 'api_key' ? keys[slot(actor.id)] : undefined;
          if (key === undefined) return;
          if (key.revoked || (key.expiresAt !== null && time > key.expiresAt)) {
            sink.deviation('used-after-end', `The API key ${name(actor.id)} was accepted after its end.`);
          }
          return;
        }
        sink.occurrence();
        const id = readText(data.apiKey);
        if (id === null) return;
        if (action === 'auth.api_key_revoked') {
          const key = keys[slot(id)];
          if (key === undefined) return;
          for (const kind of key.wrong) sink.fixed(kind, key.seq);
          keys[slot(id)] = { ...key, wrong: [], revoked: true };
          return;
        }
        const expiresAt = readTime(data.expiresAt);
        const wrong: string[] = [];
        if (expiresAt === null || expiresAt > time + KEY_MOST_MS) {
          wrong.push('no-end');
          sink.deviation('no-end', `The API key ${name(id)} has no end within 366 days.`);
        }
        if (readList(data.scopes).length === 0) {
          wrong.push('no-scopes');
          sink.deviation('no-scopes', `The API key ${name(id)} has no scopes.`);
        }
        keys[slot(id)] = { seq, expiresAt, wrong, revoked: false };
      },
    },
    'watched',
  ),
};

export const PEOPLE_CONTROLS: readonly ControlDefinition[] = [TOKENS, SIGN_IN, API_KEYS];
