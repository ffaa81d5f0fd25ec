import type { ControlStatus } from '#shared/model/control.ts';
import { SYNTHETIC_CHAIN, SYNTHETIC_MARK } from '#shared/model/synthetic.ts';
import { FRAMEWORK_DATA } from '../frameworks/frameworks.ts';
import { type FoundControl, isMadeUp, type MachineInput } from './machine-input.ts';
import {
  dateTime,
  listed,
  markupLine,
  markupLines,
  OSCAL_VERSION,
  type Property,
  property,
  token,
} from './oscal-values.ts';
import type { UuidOf } from './uuid-v5.ts';

export type Members = Readonly<Record<string, unknown>>;

/** NIST's namespace of the property that says how something is assessed. */
const RMF = 'http://csrc.nist.gov/ns/rmf';

const ABOUT =
  'Made from the records of an audit chain. UUIDs are of version 5: the same evaluation gives the same ones. People are named by their pseudonymous ids.';

export function metadataOf(input: MachineInput, title: string): Members {
  const { evaluation, made, window } = input;
  const madeUp = isMadeUp(input);
  return {
    title: markupLine(madeUp ? `${SYNTHETIC_MARK}: ${title}` : title),
    'last-modified': dateTime(made.at),
    version: `records-${evaluation.range.first}-${evaluation.range.last}`,
    'oscal-version': OSCAL_VERSION,
    props: [
      ...(madeUp ? [property('synthetic', 'true', { remarks: SYNTHETIC_CHAIN })] : []),
      property('tenant', evaluation.tenant),
      property('chain', evaluation.chain),
      property('window-from', dateTime(window.from)),
      property('window-to', dateTime(window.to)),
      property('made-by', made.by),
      property('made-on-device', made.device),
      property('build', `${made.build.name} ${made.build.version}`),
    ],
    remarks: madeUp ? `${SYNTHETIC_CHAIN} ${ABOUT}` : ABOUT,
  };
}

/** The evidence everything rests on: it is handed over as a file of its own, which verifies by itself. */
export function chainResource({ evaluation }: MachineInput, uuidOf: UuidOf): Members {
  const { checkpoint } = evaluation;
  return {
    uuid: uuidOf('resource:chain'),
    title: markupLine(`Audit chain ${evaluation.chain}`),
    description:
      'The signed, hash-chained records that were read, all of them. Exported as a chain file, they verify without this product.',
    props: [
      property('first-record', evaluation.range.first),
      property('last-record', evaluation.range.last),
      property('head-hash', evaluation.head.hash, { class: 'SHA-256' }),
      property('head-time', dateTime(evaluation.head.time)),
      ...(checkpoint === null
        ? []
        : [
            property('checkpoint-size', checkpoint.size),
            property('checkpoint-root', checkpoint.root, { class: 'RFC6962' }),
            property('checkpoint-time', dateTime(checkpoint.at)),
          ]),
    ],
  };
}

/** The program that read and counted. */
export function assessmentAssets({ made }: MachineInput, uuidOf: UuidOf): Members {
  return {
    components: [
      {
        uuid: uuidOf('component:tool'),
        type: 'software',
        title: markupLine(`${made.build.name} ${made.build.version}`),
        description:
          'Reads the chain, computes each hash again, and counts occurrences and deviations by the rules of each control.',
        status: { state: 'operational' },
      },
    ],
    'assessment-platforms': [
      {
        uuid: uuidOf('platform'),
        title: 'The console the evaluation was made with',
        'uses-components': [{ 'component-uuid': uuidOf('component:tool') }],
      },
    ],
  };
}

export function toolOrigin(uuidOf: UuidOf): Members {
  return { actors: [{ type: 'tool', 'actor-uuid': uuidOf('component:tool') }] };
}

/** Which controls were looked at. Those said not to apply are named and left out of it. */
export function reviewedControls(controls: readonly FoundControl[]): Members {
  const none = controls.filter(({ status }) => status === 'not-applicable');
  return {
    description:
      'Controls are those of the register, by its ids. The criteria of frameworks that each helps to meet are properties of its finding: their texts are protected and not reproduced.',
    'control-selections': [
      {
        'include-controls': controls.map(({ definition }) => ({ 'control-id': token(definition.id) })),
        ...listed(
          'exclude-controls',
          none.map(({ definition }) => ({ 'control-id': token(definition.id) })),
        ),
        ...(none.length === 0
          ? {}
          : { remarks: 'Excluded are controls a person said, on record and with a justification, not to apply.' }),
      },
    ],
    'control-objective-selections': [
      {
        'include-objectives': controls.map((control) => ({ 'objective-id': objectiveId(control) })),
        ...listed(
          'exclude-objectives',
          none.map((control) => ({ 'objective-id': objectiveId(control) })),
        ),
      },
    ],
  };
}

/** What each control is there for and how it is assessed, since no catalogue says so. */
export function objectivesAndMethods(controls: readonly FoundControl[]): readonly Members[] {
  return controls.map((control) => {
    const { definition } = control;
    return {
      'control-id': token(definition.id),
      description: markupLines(definition.name),
      parts: [
        { id: objectiveId(control), name: 'assessment-objective', prose: markupLines(definition.objective) },
        ...methodsOf(control).map((method) => ({
          id: token(`${definition.id}_${method.toLowerCase()}`),
          name: 'assessment-method',
          props: [{ name: 'method', ns: RMF, value: method }],
          prose: markupLines(
            method === 'TEST'
              ? 'Its self-check is run by the console, and the result is put on record.'
              : `Occurrences: ${definition.test.occurrenceRule}\n\nDeviations: ${definition.test.deviationRule}`,
          ),
        })),
      ],
    };
  });
}

export function objectiveId({ definition }: FoundControl): string {
  return token(`${definition.id}_obj`);
}

export function methodsOf({ definition }: FoundControl): readonly ('EXAMINE' | 'TEST')[] {
  return definition.selfCheck ? ['EXAMINE', 'TEST'] : ['EXAMINE'];
}

export function criterionProperties({ criteria }: FoundControl): readonly Property[] {
  return criteria.map(({ framework, id, why }) =>
    property('criterion', `${FRAMEWORK_DATA[framework].name} ${id}`, { class: framework, remarks: why }),
  );
}

/** `partial` has no place in a finding's state, which is satisfied or not; it stands here. */
export function implementationStatus(status: ControlStatus): Members {
  switch (status) {
    case 'in-place':
      return { state: 'implemented' };
    case 'partial':
      return { state: 'partial' };
    case 'gap':
      return {
        state: 'planned',
        remarks:
          'Not in place. What would close the gap is written down; whether it has been begun is not said by this.',
      };
    case 'not-applicable':
      return { state: 'not-applicable' };
  }
}
