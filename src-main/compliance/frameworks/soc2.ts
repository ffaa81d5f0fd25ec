import { type Framework, groupOf } from './framework.ts';

/** SOC 2: the 61 leaves of the AICPA Trust Services Criteria (33 common, 28 of the four other categories). */
export const SOC2: Framework = {
  id: 'soc2',
  name: 'SOC 2 Trust Services Criteria',
  source: 'AICPA, TSP section 100, 2017 Trust Services Criteria with the points of focus revised in 2022: ids only.',
  licence:
    'The text of the criteria belongs to the AICPA and is not reproduced. Ids are facts; names and explanations are our own words.',
  note: 'A criterion is met by an organization and its controls, never by records alone. Which of the categories besides security are in a report is agreed with the audit firm.',
  clocks: [],
  criteria: [
    ...groupOf('CC1 Control environment', [
      [
        'CC1.1',
        'Integrity and ethical values',
        'People are told what conduct is expected, and departing from it has consequences.',
      ],
      [
        'CC1.2',
        'Independent oversight',
        'Those who oversee the organization are independent of its management and look at how controls develop and perform.',
      ],
      [
        'CC1.3',
        'Structure, reporting lines and authority',
        'It is settled who reports to whom, who may decide what, and who answers for which objective.',
      ],
      ['CC1.4', 'Competent people', 'People with the skills the work needs are found, developed and kept.'],
      ['CC1.5', 'Answering for controls', 'Each person answers for the part of internal control that is theirs.'],
    ]),
    ...groupOf('CC2 Communication and information', [
      [
        'CC2.1',
        'Information fit for control',
        'Controls work with information that is relevant, complete and of known quality.',
      ],
      [
        'CC2.2',
        'Telling people inside',
        'Objectives and duties of internal control reach those inside who need to know them.',
      ],
      [
        'CC2.3',
        'Telling people outside',
        'Customers, suppliers and authorities learn what concerns the working of controls, and can tell something back.',
      ],
    ]),
    ...groupOf('CC3 Risk assessment', [
      [
        'CC3.1',
        'Objectives clear enough to assess risk',
        'Objectives are precise enough that what threatens them can be named.',
      ],
      [
        'CC3.2',
        'Risks found and analysed',
        'Risks to the objectives are looked for across the organization and weighed, so that it can be decided what to do about them.',
      ],
      ['CC3.3', 'Fraud considered', 'The assessment of risk asks how somebody could deceive, misuse or override.'],
      [
        'CC3.4',
        'Changes that matter to control',
        'Changes that could weaken internal control are noticed and assessed.',
      ],
    ]),
    ...groupOf('CC4 Monitoring', [
      [
        'CC4.1',
        'Checking that controls are there and work',
        'Controls are evaluated continuously, at intervals, or both.',
      ],
      [
        'CC4.2',
        'Deficiencies reported and followed up',
        'Weaknesses reach those who have to put them right in time, and those who oversee them.',
      ],
    ]),
    ...groupOf('CC5 Control activities', [
      [
        'CC5.1',
        'Controls that answer to risks',
        'Control activities are chosen that bring risks down to what is acceptable, duties being kept apart where needed.',
      ],
      [
        'CC5.2',
        'General controls over technology',
        'The technology that objectives depend on is itself under general controls.',
      ],
      [
        'CC5.3',
        'Policies and the procedures behind them',
        'What is expected is written as policy, and procedures put it into practice.',
      ],
    ]),
    ...groupOf('CC6 Logical and physical access', [
      [
        'CC6.1',
        'Logical protection of information assets',
        'Software, infrastructure and architecture keep everybody from protected information who has no business with it: identities, authentication, permissions, keys and encryption.',
      ],
      [
        'CC6.2',
        'Giving and ending credentials',
        'Users are registered and authorized before they get credentials, and lose them when they no longer need access.',
      ],
      [
        'CC6.3',
        'Access by role, with least privilege',
        'Access is given, changed and taken away according to role, with the least privilege and duties kept apart.',
      ],
      ['CC6.4', 'Physical access', 'Only authorized persons get to facilities and to protected equipment.'],
      [
        'CC6.5',
        'Protection until data is gone',
        'Protection of an asset ends only after its data and software cannot be read or recovered any more.',
      ],
      [
        'CC6.6',
        'Threats from outside the boundary',
        'Access from outside the boundary of the system is guarded against.',
      ],
      [
        'CC6.7',
        'Information in transit and on the move',
        'Who may transmit, move or remove information is restricted, and it is protected on the way.',
      ],
      [
        'CC6.8',
        'Unauthorized and malicious software',
        'Software that is not authorized or is malicious is prevented, or found and dealt with.',
      ],
    ]),
    ...groupOf('CC7 System operations', [
      [
        'CC7.1',
        'Detecting new weaknesses',
        'Changes of configuration that open weaknesses, and newly known vulnerabilities, are detected.',
      ],
      [
        'CC7.2',
        'Watching for anomalies',
        'Components and their operation are watched for signs of attack, disaster and error, and what is found is analysed.',
      ],
      [
        'CC7.3',
        'Judging security events',
        'Events are evaluated for whether objectives were or could be missed, and acted on if so.',
      ],
      [
        'CC7.4',
        'Responding to incidents',
        'Incidents are handled by a defined programme: understood, contained, remedied, communicated.',
      ],
      [
        'CC7.5',
        'Recovering from incidents',
        'What is needed to recover from incidents is determined, built and carried out.',
      ],
    ]),
    ...groupOf('CC8 Change management', [
      [
        'CC8.1',
        'Changes authorized, tested, approved, put in place',
        'Changes to infrastructure, data, software and procedures go from request through approval to the system in a controlled way.',
      ],
    ]),
    ...groupOf('CC9 Risk mitigation', [
      [
        'CC9.1',
        'Disruption of the business',
        'What could interrupt the business is met with measures chosen and prepared beforehand.',
      ],
      [
        'CC9.2',
        'Vendors and partners',
        'Risks that come with suppliers and business partners are assessed and managed.',
      ],
    ]),
    ...groupOf('A1 Availability', [
      ['A1.1', 'Capacity', 'Use and capacity are measured, so that more can be provided before it is lacking.'],
      [
        'A1.2',
        'Environment, backup and recovery',
        'Protection against the environment, backups and means of recovery are designed, run and maintained.',
      ],
      ['A1.3', 'Testing recovery', 'It is tried out that recovery works as planned.'],
    ]),
    ...groupOf('C1 Confidentiality', [
      [
        'C1.1',
        'Knowing and keeping confidential information',
        'Confidential information is identified, and kept as long and as well as was promised.',
      ],
      [
        'C1.2',
        'Disposing of confidential information',
        'Confidential information is disposed of when its time is over.',
      ],
    ]),
    ...groupOf('PI1 Processing integrity', [
      [
        'PI1.1',
        'Knowing what is to be processed',
        'What data means and what processing has to achieve is defined and communicated to those who use it.',
      ],
      ['PI1.2', 'Complete and accurate inputs', 'Inputs are checked for being complete and accurate.'],
      ['PI1.3', 'Processing as defined', 'Processing follows its definition, and departures are found and corrected.'],
      ['PI1.4', 'Outputs complete, accurate, on time', 'Outputs reach those they are for, as specified.'],
      [
        'PI1.5',
        'Stored items stay what they are',
        'Inputs, items in process and outputs are stored completely, accurately and in time.',
      ],
    ]),
    ...groupOf('P1 Notice', [
      [
        'P1.1',
        'Telling people about their data',
        'Data subjects are told how their personal data is handled, also when that changes.',
      ],
    ]),
    ...groupOf('P2 Choice and consent', [
      [
        'P2.1',
        'Choice and consent',
        'Data subjects are told their choices, and consent is obtained where it is needed.',
      ],
    ]),
    ...groupOf('P3 Collection', [
      ['P3.1', 'Collecting no more than intended', 'Personal data is collected only as the objectives require.'],
      [
        'P3.2',
        'Explicit consent where it is required',
        'Where explicit consent is required, it is obtained before collection, and what refusing means is explained.',
      ],
    ]),
    ...groupOf('P4 Use, retention and disposal', [
      ['P4.1', 'Using it for its purpose', 'Personal data is used for the purposes that were stated.'],
      ['P4.2', 'Keeping it as long as needed', 'Personal data is kept for a defined time.'],
      [
        'P4.3',
        'Disposing of it securely',
        'Personal data is disposed of in a way that does not allow it to come back.',
      ],
    ]),
    ...groupOf('P5 Access', [
      [
        'P5.1',
        'Access for data subjects',
        'Data subjects who are identified can look at their data and get a copy, or are told why not.',
      ],
      [
        'P5.2',
        'Correction',
        'Data is corrected, completed or supplemented on request, and those it was passed on to are told.',
      ],
    ]),
    ...groupOf('P6 Disclosure and notification', [
      ['P6.1', 'Passing data on with consent', 'Personal data goes to third parties with the consent that is needed.'],
      [
        'P6.2',
        'A record of authorized disclosures',
        'Disclosures that were authorized are recorded completely and in time.',
      ],
      [
        'P6.3',
        'A record of unauthorized disclosures',
        'Disclosures that were not authorized, breaches among them, are recorded completely and in time.',
      ],
      [
        'P6.4',
        'Commitments of third parties',
        'Vendors and others with access to personal data commit to protecting it, and are checked on.',
      ],
      [
        'P6.5',
        'Third parties tell of disclosures',
        'Third parties commit to telling about actual or suspected unauthorized disclosure, and that is acted on.',
      ],
      ['P6.6', 'Notifying of breaches', 'Those affected, authorities and others are notified of breaches.'],
      [
        'P6.7',
        'An account of what is held and passed on',
        'A data subject can get an account of the personal data held and of its disclosures.',
      ],
    ]),
    ...groupOf('P7 Quality', [
      ['P7.1', 'Accurate and current data', 'Personal data is kept accurate, up to date, complete and relevant.'],
    ]),
    ...groupOf('P8 Monitoring and enforcement', [
      [
        'P8.1',
        'Inquiries, complaints and disputes',
        'Inquiries, complaints and disputes are taken up and settled, and compliance is watched.',
      ],
    ]),
  ],
};
