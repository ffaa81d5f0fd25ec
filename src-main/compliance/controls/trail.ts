import { SAMPLE_DRAW } from '../register/sample-draw.ts';
import { type ControlDefinition, gdpr, iso, kvkk, lgpd, soc2 } from './control-definition.ts';
import { defineTest, isByConsole } from './define-test.ts';
import { type ByText, HOUR, name, readText, slot } from './record-values.ts';
import { beginWaiting, stillWaiting, takeFirst, type Waiting } from './waiting.ts';

/** The chain itself: that nothing in it can be changed unnoticed. */
const APPEND_ONLY: ControlDefinition = {
  id: 'AU-01',
  name: 'Append-only audit chain',
  kind: 'technical',
  objective: 'Records are chained, signed and only ever added: the database itself refuses to change or delete one.',
  frequency: 'weekly',
  effort: 'M',
  remedy: 'Run the self-attack: it tries to change, delete and replace records, and has to be refused each time.',
  criteria: [
    soc2('CC7.2', 'What happens is recorded where it cannot be taken back.'),
    soc2('CC7.3', 'Events can be evaluated from records that were not edited.'),
    soc2('CC4.1', 'Controls are evaluated on records that hold.'),
    soc2('CC2.1', 'Information on controls is complete and unchanged.'),
    soc2('PI1.5', 'Records are kept complete and unchanged.'),
    iso('A.8.15', 'Logs are protected against tampering.'),
    iso('A.5.33', 'Records are protected against loss and falsification.'),
    iso('A.5.28', 'Evidence is collected so that it stands.'),
    gdpr('5', 'Accountability: that processing was lawful can be shown.'),
    gdpr('32', 'The history of processing cannot be changed unnoticed.'),
    lgpd('46', 'A technical measure for integrity.'),
    kvkk('12', 'A technical measure for integrity.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ open: number | null }>(
    'AU-01',
    {
      actions: ['tenant.control_updated'],
      occurrenceRule:
        'Each self-attack on the store that was refused (tenant.control_updated of the framework console, control audit-store-append-only, success, by the console itself).',
      deviationRule:
        'A self-attack that got through (attack-got-through); put right by the next one that is refused. Each problem found with the records while they were counted, and each contradiction of the history known from elsewhere and not acknowledged (integrity): open for as long as it is found.',
      begin: () => ({ open: null }),
      take: (state, { seq, record }, sink) => {
        const { outcome, data } = record;
        if (data.framework !== 'console' || data.control !== 'audit-store-append-only' || !isByConsole(record)) return;
        if (outcome === 'success' && data.newStatus === 'in-place') {
          sink.occurrence();
          if (state.open !== null) sink.fixed('attack-got-through', state.open);
          state.open = null;
        } else if (state.open === null) {
          state.open = seq;
          sink.deviation('attack-got-through', 'An attack on the store was not refused.');
        }
      },
    },
    'occurrence',
  ),
};

const SIGNING_KEY: ControlDefinition = {
  id: 'AU-02',
  name: 'Signing key custody and rotation',
  kind: 'technical',
  objective:
    'The key that signs the chain is held by the keychain or KMS, is on record, and is handed over to a new one each year, agreed by two.',
  frequency: 'annual',
  effort: 'S',
  remedy: 'Rotate the signing key at least once a year, and keep it in the keychain or in KMS.',
  criteria: [
    soc2('CC6.1', 'Keys are made, kept and changed under control.'),
    soc2('CC6.3', 'A key that is no longer used is taken out of use.'),
    iso('A.8.24', 'The signing key is made, kept and retired under control.'),
    iso('A.5.33', 'The signatures that protect records are of a key in known hands.'),
    gdpr('32', 'Whoever has the key could forge the history; its custody is controlled.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ approved: number | null }>(
    'AU-02',
    {
      actions: ['tenant.created', 'credential.key_rotated', 'tenant.protection_change_approved'],
      occurrenceRule:
        "The introduction of the chain's first key (tenant.created) and each rotation of the signing key (credential.key_rotated, purpose signing, success).",
      deviationRule:
        'A rotation without the approval (tenant.protection_change_approved, signing-key-rotation) right before it (not-approved).',
      begin: () => ({ approved: null }),
      take: (state, { seq, record: { action, outcome, data } }, sink) => {
        if (outcome !== 'success') return;
        if (action === 'tenant.protection_change_approved') {
          if (data.change === 'signing-key-rotation') state.approved = seq;
          return;
        }
        if (action === 'credential.key_rotated' && data.purpose !== 'signing') return;
        sink.occurrence();
        if (action === 'credential.key_rotated' && state.approved !== seq - 1) {
          sink.deviation('not-approved', 'The signing key was changed without the approval right before it.');
        }
      },
    },
    'watched',
  ),
};

const VERIFICATION: ControlDefinition = {
  id: 'AU-03',
  name: 'Continuous verification',
  kind: 'technical',
  objective:
    'The whole chain is read and verified again and again; a break is told and stands on record until people acknowledge it.',
  frequency: 'weekly',
  effort: 'S',
  remedy: 'Verify the trail at least once a week, and acknowledge by two people what is found.',
  criteria: [
    soc2('CC4.1', 'That the records hold is evaluated continuously.'),
    soc2('CC7.1', 'Changes that nobody made on purpose are detected.'),
    soc2('CC7.2', 'The trail is monitored for tampering.'),
    soc2('CC4.2', 'What was found is told and put right.'),
    soc2('PI1.5', 'Stored records are verified to be complete.'),
    iso('A.8.16', 'The trail is read again and again for anything that does not hold.'),
    iso('A.8.15', 'The integrity of logs is verified.'),
    iso('A.5.36', 'Compliance of the trail with its rules is reviewed.'),
    gdpr('32', 'Regular testing of the effectiveness of measures.'),
    lgpd('46', 'A technical measure for integrity.'),
    kvkk('12', 'Audits of the measures are carried out.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ open: number[] }>(
    'AU-03',
    {
      actions: ['tenant.audit_verified', 'tenant.protection_change_approved'],
      occurrenceRule: 'Each verification of the store (tenant.audit_verified, subject store), whatever it found.',
      deviationRule:
        'A verification of the store that did not find it valid (not-valid); put right by the next that does, or by an acknowledgement of the break on record (break-acknowledgement).',
      begin: () => ({ open: [] }),
      take: (state, { seq, record: { action, outcome, data } }, sink) => {
        const settle = (): void => {
          for (const about of state.open) sink.fixed('not-valid', about);
          state.open = [];
        };
        if (action === 'tenant.protection_change_approved') {
          if (outcome === 'success' && data.change === 'break-acknowledgement') settle();
          return;
        }
        if (data.subject !== 'store') return;
        sink.occurrence();
        if (data.verdict === 'valid') return settle();
        state.open.push(seq);
        const problems = typeof data.problems === 'number' ? data.problems : 'an unknown number of';
        sink.deviation('not-valid', `The trail was found ${name(data.verdict)}, with ${problems} problems.`);
      },
    },
    'watched',
  ),
};

const OUTSIDE: ControlDefinition = {
  id: 'AU-04',
  name: 'Checkpoints and witnesses outside',
  kind: 'technical',
  objective:
    'Signed checkpoints are kept outside of the database and by witnesses, so that cutting or going back is noticed.',
  frequency: 'event',
  effort: 'S',
  remedy:
    'Choose a folder outside of this computer that is given the checkpoints, or have another console witness them.',
  criteria: [
    soc2('CC7.1', 'A database that was rolled back is detected.'),
    soc2('CC7.2', 'What the trail said is known outside of it.'),
    soc2('A1.2', 'What is needed to compare a restored trail with is kept elsewhere.'),
    iso('A.8.15', 'Logs are protected by copies of their state elsewhere.'),
    iso('A.8.13', 'What proves the state of the trail is kept apart from it.'),
    iso('A.5.33', 'Records are protected against being replaced.'),
    gdpr('32', 'A history that was replaced as a whole is noticed.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ folders: ByText<true>; open: number | null }>(
    'AU-04',
    {
      actions: ['tenant.configuration_changed'],
      occurrenceRule:
        'Each folder that begins to be given checkpoints (tenant.configuration_changed, witness-folder) and each witness that is trusted or was seen (witness.trusted-key, witness.seen).',
      deviationRule:
        'The last folder taken away without another one (none-left); put right when one is given checkpoints again.',
      begin: () => ({ folders: {}, open: null }),
      take: (state, { seq, record: { outcome, data } }, sink) => {
        if (outcome !== 'success') return;
        const next = readText(data.new);
        if (data.setting === 'witness.trusted-key' || data.setting === 'witness.seen') {
          if (next !== null) sink.occurrence();
          return;
        }
        if (data.setting !== 'witness-folder') return;
        const old = readText(data.old);
        if (old !== null) delete state.folders[slot(old)];
        if (next !== null) {
          state.folders[slot(next)] = true;
          sink.occurrence();
          if (state.open !== null) sink.fixed('none-left', state.open);
          state.open = null;
        } else if (Object.keys(state.folders).length === 0 && state.open === null) {
          state.open = seq;
          sink.deviation('none-left', 'No folder is given the checkpoints of the trail any more.');
        }
      },
    },
    'watched',
  ),
};

const EXPORT_WITHIN_MS = HOUR;

type Export = { seq: number; time: number };

const EXPORTS: ControlDefinition = {
  id: 'AU-05',
  name: 'Exports with a digest',
  kind: 'technical',
  objective: 'Whatever leaves the console (trail, reports, data of a person) is on record with the digest of the file.',
  frequency: 'event',
  effort: 'S',
  remedy: 'Export through the console, which records the digest of each file; compare it before relying on one.',
  criteria: [
    soc2('CC2.1', 'Information given out can be tied to its record.'),
    soc2('CC2.3', 'What is given to outsiders is on record.'),
    soc2('CC6.7', 'What is taken out is restricted and recorded.'),
    soc2('PI1.4', 'Output is complete and can be compared.'),
    soc2('C1.1', 'Confidential information that leaves is accounted for.'),
    iso('A.5.14', 'Transfer of information is on record.'),
    iso('A.5.28', 'Evidence can be tied to where it came from.'),
    iso('A.8.12', 'Each file that leaves is on record with its digest, so that a leak can be traced.'),
    gdpr('5', 'Accountability for what was given out.'),
    gdpr('30', 'To whom data were given is on record.'),
    lgpd('37', 'Operations with data are on record.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<{ open: ByText<Waiting<Export>> }>(
    'AU-05',
    {
      actions: ['tenant.audit_exported', 'tenant.report_generated', 'tenant.data_exported'],
      occurrenceRule:
        'Each export on record with the digest of its file (tenant.audit_exported, tenant.report_generated and tenant.data_exported, success, with a digest; the record of a drawn sample, of kind sample-draw, is none).',
      deviationRule:
        'An export of the trail without a digest (it stands in the file itself) that no record with the digest of that format follows within an hour (no-digest).',
      begin: () => ({ open: {} }),
      take: ({ open }, { seq, time, record: { action, outcome, data } }, sink) => {
        const digest = readText(data.digest);
        const key = slot(readText(data.format) ?? '');
        if (action === 'tenant.audit_exported') {
          if (outcome === 'failure') {
            takeFirst(open[key]); // no file came of it
            return;
          }
          if (digest === null && outcome === 'success') {
            const waiting = open[key] ?? beginWaiting();
            waiting.items.push({ seq, time });
            open[key] = waiting;
            return;
          }
        }
        if (outcome !== 'success' || digest === null || data.kind === SAMPLE_DRAW) return;
        sink.occurrence();
        if (action !== 'tenant.audit_exported') return;
        const waiting = takeFirst(open[key]);
        if (waiting !== undefined && time > waiting.time + EXPORT_WITHIN_MS) {
          sink.deviation('no-digest', NO_DIGEST, waiting.seq);
          sink.fixed('no-digest', waiting.seq);
        }
      },
      settle: ({ open }, at, sink) => {
        for (const { seq, time } of Object.values(open).flatMap(stillWaiting)) {
          if (at > time + EXPORT_WITHIN_MS) sink.deviation('no-digest', NO_DIGEST, seq);
        }
      },
    },
    'watched',
  ),
};

const NO_DIGEST = 'The trail was exported, and no record with the digest of the file followed.';

export const TRAIL_CONTROLS: readonly ControlDefinition[] = [APPEND_ONLY, SIGNING_KEY, VERIFICATION, OUTSIDE, EXPORTS];
