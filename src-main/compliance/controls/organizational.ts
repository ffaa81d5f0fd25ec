import type { ControlId, Effort, Frequency } from '#shared/model/control.ts';
import { ACCESS_REVIEWS } from './access-review.ts';
import { type ControlCriterion, type ControlDefinition, gdpr, iso, kvkk, lgpd, soc2 } from './control-definition.ts';
import { changeOf, defineTest } from './define-test.ts';
import { DAY, readTime } from './record-values.ts';

/** What was done is to be put on record within so long. Milliseconds. */
export const RECORDED_WITHIN_MS = 31 * DAY;

type Performances = { late: number[] };

/** What people do at a cadence, and say on record that they did, with what shows it. */
function performed(
  id: ControlId,
  name: string,
  objective: string,
  terms: { readonly frequency: Frequency; readonly effort: Effort; readonly remedy: string },
  criteria: readonly ControlCriterion[],
): ControlDefinition {
  const test = defineTest<Performances>(
    id,
    {
      actions: ['tenant.control_updated'],
      occurrenceRule:
        'Each time a person recorded that it was done (tenant.control_updated of this control, success, performed, by a user). It counts as of the time it was done (change.on), at the latest that of the record.',
      deviationRule:
        'What was put on record more than 31 days after it was done (recorded-late; put right by the next one recorded in time), and each period of its cadence in which it was not done.',
      begin: () => ({ late: [] }),
      take: (state, entry, sink) => {
        const { seq, time, record } = entry;
        if (record.data.control !== id || record.outcome !== 'success' || record.actor.type !== 'user') return;
        const change = changeOf(entry);
        if (change?.kind !== 'performed') return;
        const on = readTime(change.on) ?? time;
        sink.occurrence(on);
        if (time - on > RECORDED_WITHIN_MS) {
          state.late.push(seq);
          const [done, recorded] = [on, time].map((instant) => new Date(instant).toISOString().slice(0, 10));
          sink.deviation('recorded-late', `It was done on ${done}, and put on record on ${recorded}.`);
          return;
        }
        for (const about of state.late) sink.fixed('recorded-late', about);
        state.late = [];
      },
    },
    'none',
  );
  return {
    id,
    name,
    kind: 'organizational',
    objective,
    ...terms,
    criteria,
    test,
    needsOccurrence: true,
    selfCheck: false,
  };
}

const ANNUAL = { frequency: 'annual' } as const;

const SECURITY_OWNER = performed(
  'PM-01',
  'Security owner',
  'One named person is answerable for security and privacy, has the means for it, and reports to who leads the organization.',
  {
    ...ANNUAL,
    effort: 'S',
    remedy: 'Name a security owner, write down what they decide and answer for, and confirm it each year.',
  },
  [
    soc2('CC1.3', 'Who is answerable for security is set.'),
    soc2('CC1.5', 'Somebody is held to account for controls.'),
    soc2('CC1.2', 'Who oversees controls is apart from who runs them.'),
    soc2('CC2.2', 'People know whom to turn to about security.'),
    iso('A.5.2', 'Roles and responsibilities for information security.'),
    iso('A.5.4', 'Management asks for security of everybody.'),
    gdpr('32', 'An organizational measure: somebody is responsible.'),
    lgpd('41', 'A person in charge of data is named.'),
    kvkk('12', 'An administrative measure: somebody is responsible.'),
  ],
);

const OVERSIGHT = performed(
  'PM-02',
  'Management review',
  'Who leads the organization looks at the state of controls, exceptions and risks each quarter, and decides what follows.',
  {
    frequency: 'quarterly',
    effort: 'S',
    remedy:
      'Hold a review of the register and its exceptions each quarter, and keep the minutes with what was decided.',
  },
  [
    soc2('CC1.2', 'Those who oversee look at how controls perform.'),
    soc2('CC2.3', 'What outsiders have to be told is decided.'),
    soc2('CC3.1', 'Objectives are set clearly enough to see risks to them.'),
    soc2('CC4.1', 'Controls are evaluated by those who lead.'),
    soc2('CC4.2', 'Deficiencies reach those who have to act.'),
    soc2('CC5.1', 'Controls are chosen to bring risks down.'),
    iso('A.5.4', 'Management follows up on security.'),
    iso('A.5.35', 'Information security is reviewed independently.'),
    iso('A.5.36', 'Compliance with policies is reviewed.'),
    gdpr('32', 'Regular evaluation of the effectiveness of measures.'),
    kvkk('12', 'Audits that the law asks of the controller.'),
  ],
);

const POLICIES = performed(
  'PL-01',
  'Policy suite',
  'Policies on security, acceptable use, access, change, incidents, continuity, suppliers and privacy are written, approved and known.',
  {
    ...ANNUAL,
    effort: 'L',
    remedy: 'Write the policies, have them approved, give them to everybody, and review them each year.',
  },
  [
    soc2('CC1.1', 'What is expected of everybody is written down.'),
    soc2('CC2.2', 'Everybody inside is told of the policies.'),
    soc2('CC2.3', 'Commitments are made known outside.'),
    soc2('CC5.3', 'Controls are put into policies and procedures.'),
    soc2('P1.1', 'What the organization does with personal data is written down.'),
    iso('A.5.1', 'Policies for information security.'),
    iso('A.5.10', 'What may be done with information and devices is written down.'),
    iso('A.5.37', 'How things are operated is written down.'),
    iso('A.5.31', 'What law and contracts ask is known.'),
    gdpr('5', 'How the principles are kept to is written down.'),
    lgpd('50', 'Rules of good practice and governance.'),
    kvkk('12', 'An administrative measure: policies.'),
  ],
);

const PERSONNEL = performed(
  'PS-01',
  'People before and during work',
  'People are screened as the law allows, sign terms and confidentiality, know their duties, and hand everything back when they leave.',
  {
    ...ANNUAL,
    effort: 'M',
    remedy:
      'Keep signed terms and confidentiality of everybody, and a list of what happens when somebody joins or leaves.',
  },
  [
    soc2('CC1.1', 'People commit to what is expected of them.'),
    soc2('CC1.4', 'People who fit their duties are found and kept.'),
    soc2('CC1.5', 'Terms say what people answer for.'),
    iso('A.6.1', 'People are screened before they begin, as the law allows.'),
    iso('A.6.2', 'Terms of employment say what people do for security.'),
    iso('A.6.4', 'What follows when policies are not kept.'),
    iso('A.6.5', 'What goes on after leaving is agreed and reminded of.'),
    iso('A.6.6', 'Everybody with access has agreed to confidentiality.'),
    gdpr('32', 'People act on instruction and are bound to confidentiality.'),
    kvkk('12', 'People may not disclose what they learn.'),
  ],
);

const RISKS = performed(
  'RA-01',
  'Risk assessment',
  'Risks to security, availability, confidentiality, privacy and of fraud are found, rated and treated each year and when much changes.',
  {
    ...ANNUAL,
    effort: 'M',
    remedy:
      'Assess the risks with those who know the system, write down how each is treated and by whom, and attach the register of risks.',
  },
  [
    soc2('CC3.1', 'What risks are measured against is set.'),
    soc2('CC3.2', 'Risks to the objectives are found and rated.'),
    soc2('CC3.3', 'Whether somebody could gain by fraud is asked each time.'),
    soc2('CC3.4', 'Changes that bring risks are looked at.'),
    soc2('CC5.1', 'Which controls are there follows from the risks.'),
    soc2('CC9.1', 'Disruptions are prepared for by their risk.'),
    iso('A.5.7', 'Threats that were learned of go into the assessment.'),
    iso('A.5.8', 'Risks of what is being built are part of it.'),
    gdpr('32', 'Measures are chosen by the risk for people.'),
    gdpr('35', 'Impact assessments where risks are high.'),
    lgpd('38', 'Report on the impact on data protection.'),
    kvkk('12', 'Measures are chosen by the risk for people.'),
  ],
);

const CLASSIFICATION = performed(
  'RA-02',
  'Data classification',
  'What data there are, how confidential they are, who owns them and how each class is handled is written down.',
  {
    ...ANNUAL,
    effort: 'M',
    remedy:
      'List the data, give each a class and an owner, and say how each class is stored, passed on and disposed of.',
  },
  [
    soc2('C1.1', 'Which information is confidential is written down.'),
    soc2('C1.2', 'What has to be disposed of, and when, is known.'),
    soc2('CC2.1', 'What information there is, is known.'),
    soc2('CC3.2', 'What has to be protected is known.'),
    iso('A.5.9', 'Inventory of information and its owners.'),
    iso('A.5.12', 'Information is put into classes by what it needs.'),
    iso('A.5.13', 'How each class is marked is written down.'),
    gdpr('30', 'The categories of personal data are known.'),
    lgpd('37', 'What data are processed is on record.'),
    kvkk('16', 'Categories of data are registered.'),
  ],
);

const VENDORS = performed(
  'SR-01',
  'Vendor inventory',
  'Who supplies what, which data they have, what they were assessed for and what the contract asks is listed and looked at each year.',
  {
    ...ANNUAL,
    effort: 'M',
    remedy:
      'List the vendors with what they do and hold, ask each for its report, and have data processing agreements signed.',
  },
  [
    soc2('CC9.2', 'Risks of vendors are assessed and managed.'),
    soc2('CC3.2', 'Risks from vendors are part of the risks.'),
    soc2('P6.4', 'Third parties commit to protect personal data.'),
    soc2('P6.1', 'To whom personal data are given is known.'),
    iso('A.5.19', 'Security in supplier relationships.'),
    iso('A.5.20', 'Agreements say what suppliers do for security.'),
    iso('A.5.21', 'What suppliers themselves depend on is asked.'),
    iso('A.5.22', 'Services of suppliers are watched and reviewed.'),
    iso('A.5.23', 'Cloud services are chosen, used and left by a set way.'),
    gdpr('28', 'Processors give guarantees, by contract.'),
    lgpd('39', 'Those who process for the organization act on its instruction.'),
    kvkk('12', 'The controller answers for its processors.'),
  ],
);

const TRAINING = performed(
  'AT-01',
  'Security and privacy training',
  'Everybody is trained in security and privacy when they begin and each year; who took part is on record.',
  { ...ANNUAL, effort: 'S', remedy: 'Train everybody, and attach the list of who took part and what it was about.' },
  [
    soc2('CC1.4', 'People are made able to do their duties.'),
    soc2('CC2.2', 'Everybody knows their part in security.'),
    soc2('CC1.1', 'What is expected of everybody is explained to them.'),
    iso('A.6.3', 'Awareness, education and training.'),
    gdpr('32', 'People who process data are instructed.'),
    lgpd('50', 'Training is one of the educational actions the law asks for.'),
    kvkk('12', 'An administrative measure: training.'),
  ],
);

const PHYSICAL = performed(
  'PE-01',
  'Physical access',
  'Places with systems or papers are entered by those who may; who may, and the records of the doors, are looked at.',
  {
    ...ANNUAL,
    effort: 'S',
    remedy:
      'Write down who may enter where, look at the records of doors or of the provider, and attach what was found.',
  },
  [
    soc2('CC6.4', 'Physical access is restricted to those who may.'),
    soc2('CC6.5', 'Equipment is wiped before it leaves.'),
    soc2('A1.2', 'Systems are protected from their surroundings.'),
    iso('A.7.1', 'Where the boundaries of protected places are is written down and looked at.'),
    iso('A.7.2', 'Who may enter, and who entered, is looked at.'),
    iso('A.7.3', 'How offices and rooms are closed is looked at.'),
    iso('A.7.4', 'How rooms are watched is looked at.'),
    iso('A.7.7', 'That nothing lies open on desks and screens is looked at.'),
    iso('A.7.9', 'Equipment that is taken outside is accounted for.'),
    iso('A.7.14', 'Equipment is wiped before it is given away.'),
    gdpr('32', 'Places with personal data are entered only by those who may.'),
    kvkk('12', 'Places with personal data are entered only by those who may.'),
  ],
);

const TABLETOP = performed(
  'IR-02',
  'Incident tabletop',
  'The response to an incident, with telling authorities and people in time, is rehearsed each year, and learned from.',
  {
    ...ANNUAL,
    effort: 'S',
    remedy:
      'Rehearse an incident from alarm to notification, and attach the course, what was learned and what follows.',
  },
  [
    soc2('CC7.3', 'How events are evaluated is rehearsed.'),
    soc2('CC7.4', 'Those who respond have rehearsed how.'),
    soc2('CC7.5', 'Recovery is rehearsed and learned from.'),
    soc2('P6.3', 'How breaches of personal data are recorded is rehearsed.'),
    soc2('P6.6', 'Telling people and authorities is rehearsed.'),
    iso('A.5.24', 'The response is planned and prepared.'),
    iso('A.5.5', 'Which authorities have to be told, and how, is rehearsed.'),
    iso('A.5.27', 'What the rehearsal showed is learned from.'),
    iso('A.6.8', 'Everybody who takes part learns where events are reported.'),
    gdpr('33', 'Telling the authority within 72 hours is rehearsed.'),
    gdpr('34', 'Telling data subjects is rehearsed.'),
    lgpd('48', 'Telling authority and people within three working days is rehearsed.'),
    kvkk('12', 'Telling the Board within 72 hours is rehearsed.'),
  ],
);

const CONTINUITY = performed(
  'CP-02',
  'Continuity exercise',
  'How work goes on when systems, a region or people are not there is written down and tried out each year.',
  {
    ...ANNUAL,
    effort: 'M',
    remedy: 'Write down how long what may be down, try out the recovery, and attach how long it took.',
  },
  [
    soc2('A1.3', 'The procedures for recovery are tried out each year.'),
    soc2('CC9.1', 'What to do when something is not there is prepared for.'),
    soc2('A1.1', 'How much capacity is needed when part of it fails is known.'),
    iso('A.5.29', 'How security is kept while work is disrupted is tried out.'),
    iso('A.5.30', 'Readiness of systems for continuity.'),
    iso('A.8.14', 'Whether what stands in for another takes over is tried out.'),
    gdpr('32', 'Availability can be restored after an incident.'),
  ],
);

const VULNERABILITIES = performed(
  'SI-03',
  'Vulnerability handling',
  'Known vulnerabilities of what is built and used are looked for each quarter, rated, and mended in the time their rating allows.',
  {
    frequency: 'quarterly',
    effort: 'M',
    remedy: 'Scan dependencies and systems, have a penetration test each year, and attach what was found and mended.',
  },
  [
    soc2('CC7.1', 'Known vulnerabilities are looked for at a cadence.'),
    soc2('CC3.4', 'New vulnerabilities are looked at as changes.'),
    soc2('CC4.1', 'Separate evaluations such as penetration tests.'),
    soc2('CC8.1', 'Changes that mend are made in time.'),
    iso('A.8.8', 'Technical vulnerabilities are managed.'),
    iso('A.8.29', 'What is built is tested for security.'),
    iso('A.8.25', 'What is found goes back into how things are built.'),
    gdpr('32', 'That measures are effective is tested regularly.'),
    lgpd('46', 'A measure against known weaknesses.'),
    kvkk('12', 'A measure against known weaknesses.'),
  ],
);

const PROCESSING_RECORD = performed(
  'PT-04',
  'Record of processing',
  'What personal data are processed, why, on which ground, for how long, and who gets them is on record, with impact assessments where risks are high.',
  {
    ...ANNUAL,
    effort: 'M',
    remedy:
      'Write the record of processing, name the ground of each, assess the impact where it may be high, and register where the law asks.',
  },
  [
    soc2('P3.1', 'Personal data are collected for stated purposes.'),
    soc2('P3.2', 'Consent is asked where it is the ground.'),
    soc2('P4.1', 'What data may be used for is written down.'),
    soc2('P6.2', 'Who was given personal data is on record.'),
    soc2('P6.5', 'Third parties have agreed to tell of breaches.'),
    iso('A.5.34', 'Privacy and protection of personal data.'),
    iso('A.5.31', 'What the law asks of each processing is known.'),
    gdpr('6', 'The ground of each processing is known.'),
    gdpr('30', 'The record of processing activities is kept and looked at.'),
    gdpr('35', 'Processing with a high risk is assessed before it begins.'),
    lgpd('7', 'The ground of each processing is known.'),
    lgpd('37', 'Operations with personal data are on record.'),
    lgpd('38', 'The report on the impact is written where it is asked for.'),
    kvkk('5', 'The condition of each processing is known.'),
    kvkk('16', 'What has to be registered with the registry is.'),
  ],
);

const REQUESTS = performed(
  'PT-05',
  'Privacy notice and requests',
  'People are told what is done with their data, and their requests for access, correction, erasure and a copy are answered in time.',
  {
    ...ANNUAL,
    effort: 'M',
    remedy: 'Publish the notice, say where requests go, keep a log of requests with dates, and review both each year.',
  },
  [
    soc2('P1.1', 'A notice says what is done with personal data.'),
    soc2('P2.1', 'Choices are explained, and consent is asked.'),
    soc2('P5.1', 'People who ask get to see their data.'),
    soc2('P5.2', 'People can have their data corrected.'),
    soc2('P6.7', 'People learn to whom their data were given.'),
    soc2('P7.1', 'Data are corrected when somebody says they are wrong.'),
    soc2('P8.1', 'Complaints are taken and answered.'),
    iso('A.5.34', 'Rights of the people data are about.'),
    gdpr('15', 'Requests for access are answered within a month.'),
    gdpr('16', 'Requests for rectification are carried out.'),
    gdpr('17', 'Requests for erasure have a way in and are answered.'),
    gdpr('20', 'Whoever asks gets their data in a form to take elsewhere.'),
    lgpd('9', 'The notice says what the law asks to be told.'),
    lgpd('18', 'Requests of data subjects have a way in and are answered.'),
    lgpd('19', 'Requests for access are answered within 15 days.'),
    kvkk('10', 'People are told what the law asks when data are taken.'),
    kvkk('11', 'Requests of data subjects have a way in and are answered.'),
    kvkk('13', 'Requests are answered within 30 days.'),
  ],
);

export const ORGANIZATIONAL_CONTROLS: readonly ControlDefinition[] = [
  SECURITY_OWNER,
  OVERSIGHT,
  POLICIES,
  PERSONNEL,
  RISKS,
  CLASSIFICATION,
  ACCESS_REVIEWS,
  VENDORS,
  TRAINING,
  PHYSICAL,
  TABLETOP,
  CONTINUITY,
  VULNERABILITIES,
  PROCESSING_RECORD,
  REQUESTS,
];
