import type { Criterion, Framework } from './framework.ts';

/** Subjects of the questions, in our own words. 3.1.2 is absent: version 6 gave it up for 1.6.3, 5.2.8 and 5.2.9. */
const SUBJECTS: readonly (readonly [chapter: string, questions: readonly (readonly [id: string, name: string])[]])[] = [
  [
    '1 Policies and organization',
    [
      ['1.1.1', 'Security policies'],
      ['1.2.1', 'Management of information security'],
      ['1.2.2', 'Security responsibilities'],
      ['1.2.3', 'Security in projects'],
      ['1.2.4', 'Duties shared with outside IT providers'],
      ['1.3.1', 'Inventory of information assets'],
      ['1.3.2', 'Classification by need of protection'],
      ['1.3.3', 'Approved outside IT services'],
      ['1.3.4', 'Approved software'],
      ['1.4.1', 'Management of security risks'],
      ['1.5.1', 'Compliance with own policies'],
      ['1.5.2', 'Independent review'],
      ['1.6.1', 'Reporting of security events'],
      ['1.6.2', 'Handling of security events'],
      ['1.6.3', 'Readiness for crises'],
    ],
  ],
  [
    '2 Human resources',
    [
      ['2.1.1', 'Suitability of people for sensitive work'],
      ['2.1.2', 'Contractual duties of people'],
      ['2.1.3', 'Awareness and training'],
      ['2.1.4', 'Mobile work'],
    ],
  ],
  [
    '3 Physical security',
    [
      ['3.1.1', 'Security zones'],
      ['3.1.3', 'Supporting assets'],
      ['3.1.4', 'Mobile devices and media'],
    ],
  ],
  [
    '4 Identity and access',
    [
      ['4.1.1', 'Means of identification'],
      ['4.1.2', 'Access of users to services and systems'],
      ['4.1.3', 'Accounts and login information'],
      ['4.2.1', 'Access rights'],
    ],
  ],
  [
    '5 IT and cyber security',
    [
      ['5.1.1', 'Cryptography'],
      ['5.1.2', 'Information in transfer'],
      ['5.2.1', 'Changes'],
      ['5.2.2', 'Separate environments'],
      ['5.2.3', 'Malware'],
      ['5.2.4', 'Event logs'],
      ['5.2.5', 'Vulnerabilities'],
      ['5.2.6', 'Technical checks of systems'],
      ['5.2.7', 'Networks'],
      ['5.2.8', 'Continuity of IT services'],
      ['5.2.9', 'Backup and recovery'],
      ['5.3.1', 'Security of new systems'],
      ['5.3.2', 'Requirements of network services'],
      ['5.3.3', 'Leaving outside IT services'],
      ['5.3.4', 'Information in shared outside services'],
    ],
  ],
  [
    '6 Suppliers',
    [
      ['6.1.1', 'Security at suppliers and partners'],
      ['6.1.2', 'Confidentiality agreements'],
    ],
  ],
  [
    '7 Compliance',
    [
      ['7.1.1', 'Legal and contractual requirements'],
      ['7.1.2', 'Protection of personal data'],
    ],
  ],
];

/** TISAX: the information security questions of VDA ISA 6, by id. */
export const TISAX: Framework = {
  id: 'tisax',
  name: 'TISAX (VDA ISA 6)',
  source: 'VDA Information Security Assessment, version 6.0.2, catalogue of information security: ids only.',
  licence:
    'The catalogue is under CC BY-ND 4.0 with terms of its own on adapted texts, so none of its text is here. Ids are facts; names are our own words for the subject.',
  note: 'The catalogues of prototype protection and data protection are left out. Maturity levels are for the assessor: records say that something operated, not how mature it is.',
  clocks: [],
  criteria: SUBJECTS.flatMap(([group, questions]) =>
    questions.map(
      ([id, name]): Criterion => ({
        id,
        group,
        name,
        explanation: `Question ${id} of the catalogue; what it asks for in full is to be read in VDA ISA 6.`,
      }),
    ),
  ),
};
