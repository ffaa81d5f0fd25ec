import { type ControlDefinition, gdpr, iso, kvkk, lgpd, soc2 } from './control-definition.ts';
import { defineTest } from './define-test.ts';
import { humanBehind, PEOPLE_ACTIONS, type PeopleOnRecord, takePeople } from './people-on-record.ts';
import { type ByText, name, readCount, readText, slot } from './record-values.ts';

/** Who may do what, and that it ends with the person. */
const ROLES: ControlDefinition = {
  id: 'AC-01',
  name: 'Role-based access',
  kind: 'technical',
  objective:
    'Every call is decided by the role of whoever makes it, from one permission matrix; nobody gives themselves a role.',
  frequency: 'event',
  effort: 'M',
  remedy:
    'Have every channel and command ask the permission policies, refuse what they do not allow, and record the refusal.',
  criteria: [
    soc2('CC6.1', 'Access to what is protected is decided by rules and refused otherwise.'),
    soc2('CC6.3', 'Access follows roles; giving, changing and taking them is on record.'),
    soc2('CC5.2', 'A technical control that enforces who may do what.'),
    soc2('C1.1', 'Confidential records are shown only to those whose role allows it.'),
    iso('A.5.15', 'The rules of access are enforced at each call.'),
    iso('A.5.18', 'Rights are given, changed and taken on record.'),
    iso('A.8.3', 'Access to information is restricted by role.'),
    gdpr('32', 'Confidentiality of processing by restricting who has access.'),
    gdpr('25', 'Personal data are by default not accessible to everybody.'),
    lgpd('46', 'A technical measure against access without authorisation.'),
    kvkk('12', 'A technical measure against unlawful access.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ people: PeopleOnRecord; own: ByText<number> }>(
    'AC-01',
    {
      actions: [
        'auth.access_denied',
        'tenant.user_added',
        'tenant.user_role_changed',
        'tenant.user_removed',
        ...PEOPLE_ACTIONS,
      ],
      occurrenceRule:
        'Each refused call (auth.access_denied), and each person added, removed or given another role (tenant.user_added, tenant.user_removed, tenant.user_role_changed) without the outcome failure.',
      deviationRule:
        'A role somebody changed for themselves, also through an alias or an API key of theirs; put right when somebody else changes it, or removes the person.',
      begin: () => ({ people: {}, own: {} }),
      take: (state, { seq, record }, sink) => {
        takePeople(state.people, record);
        const { action, outcome, actor, data } = record;
        if (action === 'auth.api_key_created' || action === 'tenant.configuration_changed') return;
        if (action === 'auth.access_denied') {
          if (outcome === 'denied') sink.occurrence();
          return;
        }
        if (outcome !== 'success') return;
        sink.occurrence();
        const user = readText(data.user);
        if (user === null || action === 'tenant.user_added') return;
        const by = humanBehind(state.people, actor.id);
        const self = actor.type !== 'system' && by === humanBehind(state.people, user);
        const open = state.own[slot(user)];
        if (self && action === 'tenant.user_role_changed') {
          if (open !== undefined) return;
          state.own[slot(user)] = seq;
          sink.deviation('own-role', `${name(user)} gave themselves the role ${name(data.new)}.`);
        } else if (open !== undefined) {
          delete state.own[slot(user)];
          sink.fixed('own-role', open);
        }
      },
    },
    'watched',
  ),
};

type Left = { removed: number; open: number };
type Leaving = { removed: ByText<Left>; belongings: ByText<string>; of: ByText<ByText<true>> };

const LEAVING: ControlDefinition = {
  id: 'AC-02',
  name: 'Access ends with the person',
  kind: 'technical',
  objective: 'Whoever is removed loses every session and API key with it, and cannot come in again.',
  frequency: 'event',
  effort: 'S',
  remedy: 'End the sessions and revoke the API keys of a person in the same act that removes them.',
  criteria: [
    soc2('CC6.2', 'Access is taken away when it is no longer authorised.'),
    soc2('CC6.3', 'Access of people who leave is removed.'),
    iso('A.5.18', 'Rights of access are removed with the person.'),
    iso('A.5.11', 'What gave access is given back when somebody leaves.'),
    iso('A.6.5', 'What follows from leaving is carried out and on record.'),
    gdpr('32', 'Access of people who left would be access without need.'),
    lgpd('46', 'A technical measure against access of people who left.'),
    kvkk('12', 'A technical measure against access of people who left.'),
  ],
  needsOccurrence: false,
  selfCheck: true,
  test: defineTest<Leaving>(
    'AC-02',
    {
      actions: [
        'tenant.user_added',
        'tenant.user_removed',
        'auth.user_signed_in',
        'auth.user_signed_out',
        'auth.api_key_created',
        'auth.api_key_revoked',
      ],
      occurrenceRule: 'Each person removed (tenant.user_removed, success).',
      deviationRule:
        'Sessions or API keys of the person that are not on record as ended when the removal is recorded (access-left; put right when the last of them ends), and each sign-in by a removed person (signed-in-after-removal).',
      begin: () => ({ removed: {}, belongings: {}, of: {} }),
      take: (state, { seq, record: { action, outcome, actor, data } }, sink) => {
        const user = readText(data.user);
        const own = (person: string): ByText<true> => {
          const kept = state.of[slot(person)] ?? {};
          state.of[slot(person)] = kept;
          return kept;
        };
        const gain = (thing: string, person: string): void => {
          state.belongings[thing] = person;
          own(person)[thing] = true;
        };
        const lose = (thing: string): void => {
          const person = state.belongings[thing];
          if (person === undefined) return;
          delete state.belongings[thing];
          delete own(person)[thing];
          const left = state.removed[slot(person)];
          if (left === undefined || left.open === 0) return;
          left.open -= 1;
          if (left.open === 0) sink.fixed('access-left', left.removed);
        };
        switch (action) {
          case 'tenant.user_added':
            if (user !== null && outcome === 'success') delete state.removed[slot(user)];
            return;
          case 'tenant.user_removed': {
            if (user === null) return;
            if (outcome !== 'success') {
              delete state.removed[slot(user)]; // it was not done after all
              return;
            }
            sink.occurrence();
            const open = Object.keys(state.of[slot(user)] ?? {}).length;
            state.removed[slot(user)] = { removed: seq, open };
            if (open > 0) {
              sink.deviation('access-left', `${name(user)} was removed, and ${open} sessions or API keys did not end.`);
            }
            return;
          }
          case 'auth.user_signed_in': {
            const session = readText(data.session);
            if (outcome !== 'success' || actor.type !== 'user' || session === null) return;
            if (state.removed[slot(actor.id)] !== undefined) {
              sink.deviation('signed-in-after-removal', `${name(actor.id)} was removed and signed in again.`);
            }
            gain(slot('session', session), actor.id);
            return;
          }
          case 'auth.user_signed_out': {
            const session = readText(data.session);
            if (outcome === 'success' && session !== null) lose(slot('session', session));
            return;
          }
          case 'auth.api_key_created': {
            const key = readText(data.apiKey);
            if (outcome === 'success' && actor.type === 'user' && key !== null) gain(slot('key', key), actor.id);
            return;
          }
          case 'auth.api_key_revoked': {
            const key = readText(data.apiKey);
            if (outcome === 'success' && key !== null) lose(slot('key', key));
          }
        }
      },
    },
    'watched',
  ),
};

/** A clock that is asked twice is not the same both times. */
const TOLERANCE_MS = 5000;

const RATE_LIMITING: ControlDefinition = {
  id: 'AC-04',
  name: 'Rate limiting',
  kind: 'technical',
  objective:
    'Floods of requests are slowed down, per person and workspace; when the limiter itself fails, the answer is no.',
  frequency: 'event',
  effort: 'S',
  remedy:
    'Limit requests per person and workspace, refuse while the limiter cannot be asked, and record what it refuses.',
  criteria: [
    soc2('CC6.1', 'Guessing by trying is slowed down until it is of no use.'),
    soc2('CC6.6', 'Floods from outside are kept off.'),
    soc2('A1.1', 'No single caller uses up the capacity all need.'),
    iso('A.8.6', 'Use of capacity is limited.'),
    iso('A.8.5', 'Authentication withstands guessing.'),
    gdpr('32', 'Availability and resilience of processing.'),
    lgpd('46', 'A technical measure against guessing and flooding.'),
    kvkk('12', 'A technical measure against guessing and flooding.'),
  ],
  needsOccurrence: false,
  selfCheck: true,
  test: defineTest<{ until: ByText<{ until: number; seq: number }> }>(
    'AC-04',
    {
      actions: ['auth.rate_limited', 'auth.user_signed_in'],
      occurrenceRule: 'Each refusal by the limiter (auth.rate_limited).',
      deviationRule:
        'A sign-in of an account by password before the wait told to it was over (let-through), about the record of the wait.',
      begin: () => ({ until: {} }),
      take: (state, { seq, time, record: { action, outcome, target, actor, data } }, sink) => {
        if (action === 'auth.rate_limited') {
          if (outcome !== 'denied') return;
          sink.occurrence();
          const wait = readCount(data.retryAfterMs);
          if (data.limit === 'sign-in' && wait !== null) state.until[slot(target.id)] = { until: time + wait, seq };
          return;
        }
        const waiting = state.until[slot(actor.id)];
        if (outcome !== 'success' || actor.type !== 'user' || waiting === undefined) return;
        delete state.until[slot(actor.id)];
        const { until, seq: about } = waiting;
        if (data.method === 'password' && time < until - TOLERANCE_MS) {
          sink.deviation(
            'let-through',
            `${name(actor.id)} was let in before the wait was over (record ${seq}).`,
            about,
          );
        }
      },
    },
    'watched',
  ),
};

export const ACCESS_CONTROLS: readonly ControlDefinition[] = [ROLES, LEAVING, RATE_LIMITING];
