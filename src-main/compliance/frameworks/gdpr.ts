import { type Framework, groupOf } from './framework.ts';

/** The articles of the GDPR that a system like this can have records about, paragraphs kept together under their article. */
export const GDPR: Framework = {
  id: 'gdpr',
  name: 'GDPR',
  source: 'Regulation (EU) 2016/679, articles 5, 6, 15 to 17, 20, 25, 28, 30 and 32 to 35.',
  licence: 'Law, free to use. Names and explanations are our own words, and no legal advice.',
  note: 'A choice of articles, not all of the regulation. Whether an incident is a personal data breach is for people to judge: the console keeps the times and not the judgement.',
  clocks: [
    {
      id: 'gdpr-request',
      criterion: '15',
      name: 'Answer to a request of a data subject',
      limit: { value: 1, unit: 'months' },
      startsWith: 'receipt of the request',
      extension: 'two further months, if the data subject is told within the first month, with the reasons',
      source: 'Regulation (EU) 2016/679, Article 12(3)',
    },
    {
      id: 'gdpr-breach',
      criterion: '33',
      name: 'Notification of a breach to the supervisory authority',
      limit: { value: 72, unit: 'hours' },
      startsWith: 'becoming aware of the personal data breach',
      extension: 'a later notification has to give the reasons for the delay',
      source: 'Regulation (EU) 2016/679, Article 33(1)',
    },
  ],
  criteria: [
    ...groupOf('Principles', [
      [
        '5',
        'Principles, and being able to show them',
        'Lawfulness, purpose, minimization, accuracy, limits on keeping, security; and being able to demonstrate all of it.',
      ],
      ['6', 'Lawful basis', 'Processing needs one of six grounds.'],
    ]),
    ...groupOf('Rights of data subjects', [
      ['15', 'Access', 'Data subjects learn whether and how their data is processed, and get a copy.'],
      ['16', 'Rectification', 'Wrong data is corrected and incomplete data completed.'],
      ['17', 'Erasure', 'Data is erased without undue delay where one of the grounds applies and no exception does.'],
      [
        '20',
        'Portability',
        'Data subjects get the data they provided in a structured, common, machine-readable format.',
      ],
    ]),
    ...groupOf('Controller and processor', [
      [
        '25',
        'Protection by design and by default',
        'Measures such as minimization and pseudonymization are built in, and only what is needed is processed by default.',
      ],
      [
        '28',
        'Processors',
        'Only processors with sufficient guarantees are used, by contract and on documented instructions.',
      ],
      [
        '30',
        'Records of processing activities',
        'Controllers and processors keep a written record of their processing activities.',
      ],
    ]),
    ...groupOf('Security and breaches', [
      [
        '32',
        'Security of processing',
        'Measures fit to the risk: encryption, confidentiality, integrity, availability, resilience, restoring after an incident, and regular testing.',
      ],
      [
        '33',
        'Telling the authority of a breach',
        'Breaches are notified to the authority and documented with their effects and the remedy.',
      ],
      ['34', 'Telling data subjects of a breach', 'Those affected are told where the risk to them is high.'],
      ['35', 'Impact assessment', 'Processing likely to carry high risk is assessed beforehand.'],
    ]),
  ],
};
