import { type ControlDefinition, gdpr, iso, kvkk, lgpd, soc2 } from './control-definition.ts';
import { defineTest } from './define-test.ts';
import { type ByText, DAY, name, readText, slot } from './record-values.ts';

/** Doors to the network. */
const CORS: ControlDefinition = {
  id: 'SC-04',
  name: 'CORS allow-list',
  kind: 'technical',
  objective: 'Pages of other origins may call only when their origin is on a list, and never all of them.',
  frequency: 'event',
  effort: 'S',
  remedy:
    'Answer cross-origin requests from an allow-list of exact origins, refuse others on record, and never answer with *.',
  criteria: [
    soc2('CC6.6', 'Calls from pages elsewhere are kept off.'),
    soc2('CC6.1', 'Only pages of origins on the list have access.'),
    iso('A.8.26', 'Interfaces to the web answer only whom they are for.'),
    iso('A.8.20', 'The door to the network answers only whom it is for.'),
    gdpr('32', 'Confidentiality of processing against pages elsewhere.'),
    lgpd('46', 'A technical measure against access by others.'),
    kvkk('12', 'A technical measure against access by others.'),
  ],
  needsOccurrence: false,
  selfCheck: true,
  test: defineTest<{ open: number | null }>(
    'SC-04',
    {
      actions: ['auth.access_denied', 'tenant.configuration_changed'],
      occurrenceRule:
        'Each call refused for its origin (auth.access_denied with the reason origin) and each change of the list (tenant.configuration_changed, cors.origins).',
      deviationRule: 'A list that lets every origin in (any-origin); put right by the next list that does not.',
      begin: () => ({ open: null }),
      take: (state, { seq, record: { action, outcome, data } }, sink) => {
        if (action === 'auth.access_denied') {
          if (outcome === 'denied' && data.reason === 'origin') sink.occurrence();
          return;
        }
        if (outcome !== 'success' || data.setting !== 'cors.origins') return;
        sink.occurrence();
        const every = (readText(data.new) ?? '').includes('*');
        if (every && state.open === null) {
          state.open = seq;
          sink.deviation('any-origin', 'Pages of every origin may call.');
        } else if (!every && state.open !== null) {
          sink.fixed('any-origin', state.open);
          state.open = null;
        }
      },
    },
    'watched',
  ),
};

const REPLAY_MS = DAY;

type Taken = { seq: number; time: number; incident: string };

const HMAC: ControlDefinition = {
  id: 'SC-05',
  name: 'Signed webhooks',
  kind: 'technical',
  objective: 'A webhook counts only with an HMAC-SHA256 over its body, within a few minutes, and once.',
  frequency: 'event',
  effort: 'M',
  remedy: 'Take webhooks in only with a valid HMAC-SHA256, a time within the replay window and an idempotency key.',
  criteria: [
    soc2('CC6.6', 'Messages from outside are authenticated.'),
    soc2('CC6.7', 'What is sent between systems cannot be changed unnoticed.'),
    soc2('PI1.2', 'Inputs are authentic and taken once.'),
    iso('A.5.14', 'A message that was changed on its way is refused.'),
    iso('A.8.26', 'The interface for webhooks checks who calls, when and how often.'),
    iso('A.8.24', 'An HMAC protects each message against being made up.'),
    gdpr('32', 'What is processed came from who it says it came from.'),
  ],
  needsOccurrence: false,
  selfCheck: true,
  test: defineTest<{ taken: ByText<Taken>; merged: ByText<number> }>(
    'SC-05',
    {
      actions: ['incident.created', 'incident.merged', 'auth.access_denied'],
      occurrenceRule:
        'Each incident a webhook brought (incident.created by an actor of the type webhook) and each webhook refused (auth.access_denied by one).',
      deviationRule:
        'A webhook taken without the digest of its body (no-digest); the same body taken a second time within a day (taken-twice, put right when one incident is merged).',
      begin: () => ({ taken: {}, merged: {} }),
      take: ({ taken, merged }, { seq, time, record: { action, outcome, actor, target, links, data } }, sink) => {
        const incident = links?.incident ?? target.id;
        if (action === 'incident.merged') {
          const about = merged[slot(incident)];
          if (outcome === 'failure' || about === undefined) return;
          delete merged[slot(incident)];
          sink.fixed('taken-twice', about);
          return;
        }
        if (actor.type !== 'webhook') return;
        if (action === 'auth.access_denied') {
          if (outcome === 'denied') sink.occurrence();
          return;
        }
        if (outcome !== 'success') return;
        sink.occurrence();
        const digest = readText(data.payloadDigest);
        if (digest === null) {
          sink.deviation('no-digest', `The webhook behind ${name(incident)} was taken without the digest of its body.`);
          return;
        }
        const before = taken[slot(digest)];
        if (before !== undefined && time - before.time <= REPLAY_MS) {
          sink.deviation(
            'taken-twice',
            `The body of the webhook behind ${name(incident)} was taken in record ${before.seq} already.`,
          );
          merged[slot(incident)] = seq;
          merged[slot(before.incident)] = seq;
        }
        taken[slot(digest)] = { seq, time, incident };
      },
    },
    'watched',
  ),
};

export const NETWORK_CONTROLS: readonly ControlDefinition[] = [CORS, HMAC];
