import type { EvidenceTest } from '#main/compliance/evaluation/evidence-test.ts';
import type { CountedControl, EvaluationRules } from '#main/compliance/evaluation/rules.ts';
import type { RegisterState } from '#main/compliance/register/register-state.ts';

/**
 * Rules made for tests of counting, apart from the product's controls: roles changed and changed back, notes that are
 * reviewed, and one that cannot read what it is shown.
 */
const changedRoles: EvidenceTest = {
  actions: ['tenant.user_role_changed', 'tenant.control_updated'],
  occurrenceRule: 'each role that is changed',
  deviationRule: 'somebody made an owner, until the same one is made something else; open at the end: made an admin',
  begin: () => ({ owners: {}, admins: [] }),
  take: (folded, { seq, record }, sink) => {
    const state = folded as { owners: Record<string, number>; admins: number[] };
    if (record.action === 'tenant.control_updated') {
      const { control, change } = record.data as { control: string; change?: { kind: string; next?: never } };
      if (control === 'TE-01' && change?.kind === 'cadence' && change.next !== undefined) sink.cadence(change.next);
      return;
    }
    const { user, new: role } = record.data as { user: string; new: string };
    sink.occurrence();
    const made = state.owners[user];
    if (role === 'owner') {
      state.owners[user] = seq;
      sink.deviation('owner-made', `${user} was made an owner`);
    } else if (made !== undefined) {
      sink.fixed('owner-made', made);
      delete state.owners[user];
    }
    if (role === 'admin') state.admins.push(seq);
  },
  settle: (folded, _at, sink) => {
    for (const seq of (folded as { admins: number[] }).admins) sink.deviation('admin-open', 'still an admin', seq);
  },
};

const notes: EvidenceTest = {
  actions: ['incident.note_added'],
  occurrenceRule: 'each note',
  deviationRule: 'none',
  begin: () => ({}),
  take: (_state, _entry, sink) => sink.occurrence(),
};

/** Throws at what an attacker could have written. */
const fragile: EvidenceTest = {
  actions: ['tenant.configuration_changed'],
  occurrenceRule: 'each setting',
  deviationRule: 'none',
  begin: () => ({}),
  take: (_state, { record }, sink) => {
    if (record.data.setting === 'boom') throw new TypeError('it cannot be read');
    sink.occurrence();
  },
};

export const TEST_CONTROLS: readonly CountedControl[] = [
  { id: 'TE-01', kind: 'technical', frequency: 'monthly', test: changedRoles },
  { id: 'TE-02', kind: 'organizational', frequency: 'quarterly', test: notes },
  { id: 'TE-03', kind: 'technical', frequency: 'event', test: fragile },
];

const EMPTY: RegisterState = {
  controls: {},
  campaigns: [],
  plan: null,
  sampleProfile: null,
  notes: [],
  bundles: [],
  reports: [],
};

export const TEST_RULES: EvaluationRules = {
  digest: 'd'.repeat(64),
  controls: TEST_CONTROLS,
  registerActions: ['tenant.report_generated'],
  beginRegister: () => structuredClone(EMPTY),
  takeRegister: (state, { seq, time, record }) => {
    const { data, actor } = record as { data: Record<string, string>; actor: { id: string } };
    const { framework = '', from = '', to = '', format = '', digest = '' } = data;
    const made = {
      seq,
      time: new Date(time).toISOString(),
      by: actor.id,
      kind: '',
      framework,
      from,
      to,
      format,
      digest,
    };
    return { ...state, reports: [{ ...made, document: null, exceptions: null, inScope: null }, ...state.reports] };
  },
  judgeStatus: ({ last, open }) => ({
    status: open.length > 0 ? 'partial' : last === null ? 'gap' : 'in-place',
    reasons: open.map(({ id }) => id),
  }),
  collectors: {
    actors: () => {
      const seen: Record<string, number> = {};
      return {
        actions: ['incident.note_added'],
        take: ({ record }) => {
          seen[record.actor.id] = (seen[record.actor.id] ?? 0) + 1;
        },
        end: ({ last }) => ({ seen, last: last.seq }),
      };
    },
  },
};
