import { type Framework, groupOf } from './framework.ts';

/** The LGPD, written from the law. */
export const LGPD: Framework = {
  id: 'lgpd',
  name: 'LGPD',
  source:
    'Lei nº 13.709 of 14 August 2018 (Brazil), with Resolução CD/ANPD nº 15 of 24 April 2024 on communicating security incidents.',
  licence: 'Law, free to use. Names and explanations are our own words, and no legal advice.',
  note: 'A choice of articles, written from the law: no open data set of it exists. Whether an incident has to be communicated is for people to judge.',
  clocks: [
    {
      id: 'lgpd-access',
      criterion: '19',
      name: 'Full statement to the data subject',
      limit: { value: 15, unit: 'days' },
      startsWith: 'the request of the data subject',
      extension: null,
      source: 'Lei nº 13.709/2018, Art. 19, II; in simplified form the answer is due at once (Art. 19, I)',
    },
    {
      id: 'lgpd-breach',
      criterion: '48',
      name: 'Communication of an incident to the ANPD and to data subjects',
      limit: { value: 3, unit: 'working-days' },
      startsWith: 'knowing that the incident affected personal data',
      extension: null,
      source: 'Resolução CD/ANPD nº 15/2024; Lei nº 13.709/2018, Art. 48, asks for a reasonable time',
    },
  ],
  criteria: [
    ...groupOf('Principles and grounds', [
      [
        '6',
        'Principles',
        'Good faith and ten principles, among them purpose, necessity, security, prevention and being able to show what was done.',
      ],
      ['7', 'Grounds for processing', 'Personal data is processed only on one of the grounds of the law.'],
      [
        '8',
        'Consent',
        'Consent is given in writing or another way that shows the will, for stated purposes, and can be withdrawn.',
      ],
      ['9', 'Information for data subjects', 'Data subjects get clear information on the processing of their data.'],
      [
        '15',
        'When processing ends',
        'Processing ends when its purpose is reached, its time is over, consent is withdrawn or the authority orders it.',
      ],
      [
        '16',
        'Deletion after the end',
        'Data is deleted after processing ends, except for what the law allows to be kept.',
      ],
    ]),
    ...groupOf('Rights of data subjects', [
      [
        '18',
        'Rights of the data subject',
        'Confirmation, access, correction, anonymization or deletion, portability, information on sharing, withdrawal of consent.',
      ],
      ['19', 'Confirmation and access', 'How, in which form and by when confirmation and access are given.'],
      [
        '20',
        'Review of automated decisions',
        'Decisions taken by automated processing alone can be reviewed on request, and their criteria explained.',
      ],
    ]),
    ...groupOf('Controller, operator and officer', [
      [
        '37',
        'Records of processing operations',
        'Controller and operator keep records of the operations they carry out.',
      ],
      ['38', 'Impact report', 'The authority may ask the controller for an impact report on its processing.'],
      [
        '39',
        'Instructions to the operator',
        'The operator processes by the instructions of the controller, who verifies that.',
      ],
      [
        '41',
        'Data protection officer',
        'The controller names an officer, publicly, who receives complaints and guides the staff.',
      ],
    ]),
    ...groupOf('Security and good practice', [
      [
        '46',
        'Security measures',
        'Technical and administrative measures protect personal data, from design on, against unauthorized access and against loss, change or leakage.',
      ],
      [
        '47',
        'Everybody keeps data secure',
        'Whoever takes part in processing answers for its security, also after it has ended.',
      ],
      [
        '48',
        'Communicating incidents',
        'Incidents that may bring relevant risk or harm are communicated to the authority and to data subjects.',
      ],
      [
        '49',
        'Systems built for security',
        'Systems for personal data are structured to meet security requirements and good practice.',
      ],
      [
        '50',
        'Good practice and governance',
        'Rules of good practice and a privacy governance programme, whose working can be shown.',
      ],
    ]),
  ],
};
