import { type Framework, groupOf } from './framework.ts';

/** The KVKK, written from the law, with the regulation on disposal. */
export const KVKK: Framework = {
  id: 'kvkk',
  name: 'KVKK',
  source:
    'Law No. 6698 on the Protection of Personal Data of 24 March 2016 (Türkiye); the Regulation on Deletion, Destruction or Anonymization of Personal Data of 28 October 2017; decision 2019/10 of the Board on breaches.',
  licence: 'Law, free to use. Names and explanations are our own words, and no legal advice.',
  note: 'A choice of articles, written from the law: no open data set of it exists. Records of disposal are kept for three years, so an erasure certificate outlives the tenant and holds no personal data.',
  clocks: [
    {
      id: 'kvkk-request',
      criterion: '13',
      name: 'Answer to an application of a data subject',
      limit: { value: 30, unit: 'days' },
      startsWith: 'receipt of the application',
      extension: null,
      source: 'Law No. 6698, Article 13(2)',
    },
    {
      id: 'kvkk-breach',
      criterion: '12',
      name: 'Notification of a breach to the Board',
      limit: { value: 72, unit: 'hours' },
      startsWith: 'learning of the breach',
      extension: 'a later notification has to give the reasons for the delay',
      source: 'Law No. 6698, Article 12(5), as read by decision 2019/10 of the Board',
    },
    {
      id: 'kvkk-disposal-records',
      criterion: '7',
      name: 'Keeping records of disposal',
      limit: { value: 3, unit: 'years' },
      startsWith: 'deletion, destruction or anonymization',
      extension: 'longer where other law requires it',
      source: 'Regulation on Deletion, Destruction or Anonymization of Personal Data, Article 7(3)',
    },
  ],
  criteria: [
    ...groupOf('Principles and conditions', [
      [
        '4',
        'Principles',
        'Lawfulness and fairness, accuracy, stated purposes, proportion, and keeping no longer than needed.',
      ],
      ['5', 'Conditions of processing', 'Explicit consent, or one of the other conditions of the law.'],
      [
        '6',
        'Special categories of data',
        'Special categories are processed only under stricter conditions and with measures the Board sets.',
      ],
      [
        '7',
        'Deletion, destruction, anonymization',
        'Data is disposed of when the reasons for processing are gone, and the disposal is on record.',
      ],
      ['8', 'Passing data on', 'Data is transferred to others only under the conditions of processing.'],
      [
        '9',
        'Passing data on abroad',
        'Data is transferred abroad only with an adequacy decision, suitable safeguards or an exception.',
      ],
    ]),
    ...groupOf('Duties and rights', [
      ['10', 'Duty to inform', 'Data subjects are informed when their data is obtained.'],
      [
        '11',
        'Rights of the data subject',
        'Knowing of processing, information, correction, deletion, objection to automated results, and damages.',
      ],
      [
        '12',
        'Security of data',
        'Technical and administrative measures against unlawful processing and access; audits; and telling of breaches.',
      ],
    ]),
    ...groupOf('Application, complaint and registry', [
      [
        '13',
        'Application to the controller',
        'Applications of data subjects are answered with reasons in the time set.',
      ],
      ['14', 'Complaint to the Board', 'Data subjects may complain to the Board after applying to the controller.'],
      ['16', 'Registry of controllers', 'Controllers enter themselves in the public registry before they process.'],
    ]),
  ],
};
