import { type ControlDefinition, gdpr, iso, kvkk, lgpd, soc2 } from './control-definition.ts';
import { defineTest, NOTHING_OWN } from './define-test.ts';
import { beginRecent, isRecent, type Recent, remember } from './recent.ts';
import { type ByText, name, readText, slot } from './record-values.ts';

/** Agents and the data they bring in. */
const POLICY: ControlDefinition = {
  id: 'AC-05',
  name: 'Guardrail policy decisions',
  kind: 'technical',
  objective:
    'Every guarded step of an agent is decided by the policies in force before it is done; a policy that cannot be evaluated says no.',
  frequency: 'event',
  effort: 'M',
  remedy: 'Have the policy engine asked before every guarded step, and record its verdict, reason and policy version.',
  criteria: [
    soc2('CC5.2', 'What agents may do is decided by policies in force.'),
    soc2('CC6.1', 'Access to the cloud is decided at each step.'),
    soc2('CC6.8', 'Steps nobody allowed are prevented.'),
    soc2('CC7.2', 'Refused steps are on record as anomalies to look at.'),
    soc2('PI1.2', 'What goes into a change is checked against policies.'),
    iso('A.5.15', 'The rules of access are decided and recorded at each step.'),
    iso('A.8.3', 'What an agent may reach is decided by the policies at each step.'),
    iso('A.8.18', 'What could override controls is restricted.'),
    gdpr('25', 'Restrictions are built in and decide by default.'),
    lgpd('46', 'A technical measure that decides before anything is done.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ leases: ByText<ByText<true>>; undecided: ByText<true> }>(
    'AC-05',
    {
      actions: [
        'investigation.policy_decided',
        'investigation.system_called',
        'credential.issued',
        'credential.revoked',
        'credential.expired',
      ],
      occurrenceRule: 'Each decision of the policies (investigation.policy_decided).',
      deviationRule:
        'A change an agent announced to the cloud under a live lease (investigation.system_called, phase intent) that the policies had not allowed under that lease before (not-decided).',
      begin: () => ({ leases: {}, undecided: {} }),
      take: ({ leases }, { record: { action, actor, target, links, data } }, sink) => {
        const key = slot(links?.lease ?? target.id);
        switch (action) {
          case 'investigation.policy_decided': {
            sink.occurrence();
            const allowed = leases[slot(links?.lease ?? '')];
            const what = readText(data.action);
            if (allowed !== undefined && data.decision === 'allow' && what !== null) allowed[slot(what)] = true;
            return;
          }
          case 'credential.issued':
            leases[key] = {};
            return;
          case 'credential.revoked':
          case 'credential.expired':
            delete leases[key];
            return;
          case 'investigation.system_called': {
            const lease = actor.type === 'agent' && data.phase === 'intent' ? leases[key] : undefined;
            const operation = readText(data.operation) ?? '';
            if (lease === undefined || lease[slot(operation)]) return;
            sink.deviation('not-decided', `${name(operation)} was sent by ${name(actor.id)} without a decision on it.`);
          }
        }
      },
    },
    'watched',
  ),
};

const VALIDATION: ControlDefinition = {
  id: 'SI-01',
  name: 'Input validation',
  kind: 'technical',
  objective:
    'What comes in over IPC, from files, from agents and models, and what goes into a record passes a strict schema or is refused.',
  frequency: 'weekly',
  effort: 'S',
  remedy:
    'Put a strict schema behind every edge, refuse what does not fit it, and keep the self-check of the edges running.',
  criteria: [
    soc2('PI1.2', 'Inputs are complete and valid, or refused.'),
    soc2('CC6.8', 'What was not meant to come in does not come in.'),
    soc2('CC7.1', 'Faulty output of agents is detected.'),
    soc2('PI1.1', 'What an input has to look like is written down as a schema.'),
    iso('A.8.26', 'Requirements on input are enforced.'),
    iso('A.8.28', 'Secure coding: nothing from outside is trusted.'),
    iso('A.8.7', 'Hostile input is refused at the edge, by its schema.'),
    gdpr('32', 'Nothing malformed gets into what is processed or recorded.'),
    lgpd('46', 'A technical measure for integrity.'),
    kvkk('12', 'A technical measure for integrity.'),
  ],
  needsOccurrence: false,
  selfCheck: true,
  test: defineTest<{ refused: Recent }>(
    'SI-01',
    {
      actions: ['investigation.output_rejected', 'investigation.findings_submitted', 'investigation.hypotheses_ranked'],
      occurrenceRule: 'Each output of an agent or a model refused by its schema (investigation.output_rejected).',
      deviationRule:
        'Findings or a ranking of the same digest as an output that had been refused (accepted-anyway), among the last 5,000 refused at least.',
      begin: () => ({ refused: beginRecent() }),
      take: ({ refused }, { record: { action, data } }, sink) => {
        if (action === 'investigation.output_rejected') {
          sink.occurrence();
          const digest = readText(data.digest);
          if (digest !== null) remember(refused, digest);
          return;
        }
        const taken = readText(
          action === 'investigation.findings_submitted' ? data.findingsDigest : data.rankingDigest,
        );
        if (taken !== null && isRecent(refused, taken)) {
          sink.deviation('accepted-anyway', 'What had been refused by its schema was taken afterwards.');
        }
      },
    },
    'occurrence',
  ),
};

const AT_REST: ControlDefinition = {
  id: 'SC-02',
  name: 'Encryption at rest',
  kind: 'technical',
  objective: 'What people wrote and who they are rests on disk encrypted, under a key of the keychain.',
  frequency: 'weekly',
  effort: 'M',
  remedy:
    'Keep personal data and workspace data encrypted under a keychain key, and have the self-check read the files raw.',
  criteria: [
    soc2('CC6.1', 'Data at rest are protected by encryption.'),
    soc2('CC6.7', 'Data on a device are protected when it is taken away.'),
    soc2('C1.1', 'Confidential information is protected where it rests.'),
    iso('A.8.24', 'Cryptography protects data at rest.'),
    iso('A.7.10', 'Storage media hold nothing readable.'),
    iso('A.8.1', 'What is on the device of a user is protected.'),
    gdpr('32', 'Personal data rest encrypted on disk.'),
    lgpd('46', 'A technical measure of encryption.'),
    kvkk('12', 'A technical measure of encryption.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest('SC-02', NOTHING_OWN, 'occurrence'),
};

const ISOLATION: ControlDefinition = {
  id: 'SC-03',
  name: 'Tenant isolation',
  kind: 'technical',
  objective: 'Each workspace is a database of its own under its own keys; no query or token of one reaches another.',
  frequency: 'weekly',
  effort: 'M',
  remedy:
    'Keep each tenant in files and keys of its own, and have the self-check try to open one with the means of another.',
  criteria: [
    soc2('CC6.1', 'Data of one tenant cannot be reached from another.'),
    soc2('C1.1', 'Confidential information of tenants is kept apart.'),
    soc2('CC6.6', 'Tokens of another tenant are refused.'),
    iso('A.8.22', 'What belongs to different tenants is segregated.'),
    iso('A.8.3', 'Nothing of one tenant can be reached with the means of another.'),
    iso('A.5.23', 'Tenants are kept apart as they would be in a cloud service.'),
    gdpr('32', 'Data of one tenant stay confidential from others.'),
    lgpd('46', 'A technical measure of separation.'),
    kvkk('12', 'A technical measure of separation.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<Record<string, never>>(
    'SC-03',
    {
      actions: ['auth.token_rejected', 'auth.access_denied'],
      occurrenceRule:
        'Each token or call refused because it is of another tenant (auth.token_rejected and auth.access_denied with the reason tenant).',
      deviationRule: '',
      begin: () => ({}),
      take: (_, { record: { outcome, data } }, sink) => {
        if (outcome === 'denied' && data.reason === 'tenant') sink.occurrence();
      },
    },
    'occurrence',
  ),
};

export const GUARDRAIL_CONTROLS: readonly ControlDefinition[] = [POLICY, VALIDATION, AT_REST, ISOLATION];
