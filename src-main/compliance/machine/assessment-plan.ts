import { foundControls, type MachineInput } from './machine-input.ts';
import {
  assessmentAssets,
  chainResource,
  type Members,
  metadataOf,
  objectivesAndMethods,
  reviewedControls,
} from './oscal-common.ts';
import { documentOf, uuidsFor } from './oscal-uuids.ts';
import { dateTime } from './oscal-values.ts';

/**
 * The plan that assessment results have to refer to: what was going to be looked at and how. A stub, since the console plans
 * no audits: the window, the controls, the rules of each, and the one activity.
 * @throws CausewayError `bad-input` when no control was evaluated
 */
export function assessmentPlan(input: MachineInput): Members {
  const { window } = input;
  const uuidOf = uuidsFor(input);
  const controls = foundControls(input);
  const everything = { type: 'component', 'include-all': {} };
  return documentOf(input, 'assessment-plan', {
    metadata: metadataOf(input, 'Plan of the evaluation of an audit chain'),
    'import-ssp': {
      href: `#${uuidOf('resource:system')}`,
      remarks:
        'There is no system security plan in OSCAL. The component definition that goes with this describes the controls.',
    },
    'local-definitions': {
      'objectives-and-methods': objectivesAndMethods(controls),
      activities: [
        {
          uuid: uuidOf('activity:evaluate'),
          title: 'Read the whole chain and count',
          description:
            'Every record from the first is read, its hash computed and its link checked. Occurrences and deviations of each control in the window are counted by its rules. Anybody can do it again from the exported chain.',
        },
      ],
    },
    'reviewed-controls': reviewedControls(controls),
    'assessment-subjects': [everything],
    'assessment-assets': assessmentAssets(input, uuidOf),
    tasks: [
      {
        uuid: uuidOf('task:evaluate'),
        type: 'action',
        title: 'Evaluate the observation window',
        timing: { 'within-date-range': { start: dateTime(window.from), end: dateTime(window.to) } },
        'associated-activities': [{ 'activity-uuid': uuidOf('activity:evaluate'), subjects: [everything] }],
      },
    ],
    'back-matter': {
      resources: [
        chainResource(input, uuidOf),
        {
          uuid: uuidOf('resource:system'),
          title: 'The system that was evaluated',
          description: 'Described by the component definition made of the same chain.',
        },
      ],
    },
  });
}
