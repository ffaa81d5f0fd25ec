import { type FoundControl, foundControls, type MachineInput } from './machine-input.ts';
import {
  assessmentAssets,
  chainResource,
  type Members,
  metadataOf,
  objectivesAndMethods,
  reviewedControls,
  toolOrigin,
} from './oscal-common.ts';
import {
  controlObservation,
  exceptionObservation,
  findingOf,
  notApplicableObservation,
  riskOf,
} from './oscal-findings.ts';
import { documentOf, uuidsFor } from './oscal-uuids.ts';
import { dateTime, listed, markupLine, markupLines, markupList, property, token } from './oscal-values.ts';
import type { UuidOf } from './uuid-v5.ts';

/**
 * OSCAL assessment results of one window. A finding is `satisfied` or `not-satisfied`: a control that is in place in part is
 * not satisfied, and its implementation status says `partial`. A control said not to apply has an observation and no finding.
 * @param plan the file of the plan they refer to: it is carried along, since a file beside it gets lost or is another one
 * @throws CausewayError `bad-input` when no control was evaluated
 */
export function assessmentResults(input: MachineInput, plan: Buffer): Members {
  const { evaluation, window } = input;
  const uuidOf = uuidsFor(input);
  const controls = foundControls(input);
  const broken = evaluation.integrity.state === 'broken';
  const judged = controls.filter(({ status }) => status !== 'not-applicable');
  const open = judged.filter(({ status }) => status !== 'in-place');
  return documentOf(input, 'assessment-results', {
    metadata: metadataOf(input, 'Results of the evaluation of an audit chain'),
    'import-ap': { href: `#${uuidOf('resource:assessment-plan')}` },
    'local-definitions': { 'objectives-and-methods': objectivesAndMethods(controls) },
    results: [
      {
        uuid: uuidOf('result'),
        title: markupLine(`Records 1 to ${evaluation.range.last}${broken ? ': the chain does not hold together' : ''}`),
        description: markupLines(
          `Of ${evaluation.records} records, ${evaluation.inScope} are in scope. Times are those of the records; the newest is of ${evaluation.head.time}.`,
        ),
        start: dateTime(window.from),
        end: dateTime(window.to),
        props: resultProperties(input),
        'local-definitions': {
          components: controls.map((control) => componentOf(control, uuidOf)),
          'assessment-assets': assessmentAssets(input, uuidOf),
        },
        'reviewed-controls': reviewedControls(controls),
        observations: [
          integrityObservation(input, uuidOf),
          ...controls.flatMap((control) => observationsOf(control, input, uuidOf)),
        ],
        ...listed('risks', [
          ...(broken ? [integrityRisk(input, uuidOf)] : []),
          ...open.map((control) => riskOf(control, uuidOf)),
        ]),
        ...listed(
          'findings',
          judged.map((control) => findingOf(control, uuidOf)),
        ),
        remarks:
          'Records show what operated, when, and what did not. They do not show that a criterion is met, that what they do not mention did not happen, or that what people typed is true.',
      },
    ],
    'back-matter': {
      resources: [
        chainResource(input, uuidOf),
        {
          uuid: uuidOf('resource:assessment-plan'),
          title: 'The assessment plan these results refer to',
          base64: {
            filename: 'assessment-plan.oscal.json',
            'media-type': 'application/oscal+json',
            value: plan.toString('base64'),
          },
        },
      ],
    },
  });
}

function resultProperties({ evaluation }: MachineInput) {
  return [
    property('records', evaluation.records),
    property('in-scope', evaluation.inScope),
    ...evaluation.excluded.map(({ reason, count }) => property('excluded', count, { remarks: reason })),
    ...(evaluation.root === null ? [] : [property('population-root', evaluation.root, { class: 'RFC6962' })]),
    ...(evaluation.seed === null ? [] : [property('sample-seed', evaluation.seed, { class: 'SHA-256' })]),
  ];
}

function componentOf({ definition, status }: FoundControl, uuidOf: UuidOf): Members {
  return {
    uuid: uuidOf(`component:${definition.id}`),
    type: definition.kind === 'technical' ? 'software' : 'process-procedure',
    title: markupLine(`${definition.id} ${definition.name}`),
    description: markupLines(definition.objective),
    props: [property('control', token(definition.id))],
    status:
      status === 'in-place'
        ? { state: 'operational' }
        : { state: 'other', remarks: markupLine(`In the register: ${status}.`) },
  };
}

function observationsOf(control: FoundControl, input: MachineInput, uuidOf: UuidOf): readonly Members[] {
  const exceptions = control.found.exceptions.map((exception) => exceptionObservation(exception, input, uuidOf));
  const first =
    control.status === 'not-applicable'
      ? notApplicableObservation(control, input, uuidOf)
      : controlObservation(control, input, uuidOf);
  return [first, ...exceptions];
}

function integrityObservation({ evaluation }: MachineInput, uuidOf: UuidOf): Members {
  const { state, checked, problems, problemCount, acknowledged } = evaluation.integrity;
  const texts = problems.map(({ seq, text }) => `Record ${seq}: ${text}`);
  return {
    uuid: uuidOf('observation:integrity'),
    title: 'Whether the records hold together',
    description:
      state === 'holds'
        ? markupLines(
            `The hash and the link of each of ${checked} records were computed and hold. Signatures were not checked in this reading.`,
          )
        : `${markupLine(`${problemCount} problems were found in ${checked} records:`)}\n\n${markupList(texts)}`,
    props: [
      property('integrity', state),
      property('checked', checked),
      property('problems', problemCount),
      ...acknowledged.map(({ seq }) => property('acknowledged-break', seq)),
    ],
    methods: ['TEST'],
    types: ['discovery'],
    origins: [toolOrigin(uuidOf)],
    'relevant-evidence': [{ href: `#${uuidOf('resource:chain')}`, description: 'The whole chain.' }],
    collected: dateTime(evaluation.head.time),
  };
}

function integrityRisk({ evaluation }: MachineInput, uuidOf: UuidOf): Members {
  return {
    uuid: uuidOf('risk:integrity'),
    title: 'The chain does not hold together',
    description: markupLines(
      `${evaluation.integrity.problemCount} problems: records may have been altered, removed or damaged.`,
    ),
    statement: 'No figure in these results is better than the records it was counted from.',
    status: 'open',
    origins: [toolOrigin(uuidOf)],
    'related-observations': [{ 'observation-uuid': uuidOf('observation:integrity') }],
  };
}
