import type { FrameworkId } from '#shared/model/control.ts';
import { FRAMEWORK_DATA } from '../frameworks/frameworks.ts';
import { type FoundControl, foundControls, type MachineInput } from './machine-input.ts';
import { chainResource, type Members, metadataOf } from './oscal-common.ts';
import { documentOf, uuidsFor } from './oscal-uuids.ts';
import { criterionToken, dateTime, listed, markupLine, markupLines, property } from './oscal-values.ts';
import type { UuidOf } from './uuid-v5.ts';

/**
 * The control register as an OSCAL component definition: one component a control, with the criteria it helps to meet by
 * framework. No catalogue of the frameworks is referred to, since none may be published: their resources say what they are.
 * @throws CausewayError `bad-input` when no control was evaluated
 */
export function componentDefinition(input: MachineInput): Members {
  const uuidOf = uuidsFor(input);
  const controls = foundControls(input);
  return documentOf(input, 'component-definition', {
    metadata: metadataOf(input, 'The control register'),
    components: controls.map((control) => componentOf(control, input, uuidOf)),
    'back-matter': {
      resources: [
        chainResource(input, uuidOf),
        ...input.frameworks.map((framework) => frameworkResource(framework, uuidOf)),
      ],
    },
  });
}

function componentOf(control: FoundControl, { frameworks }: MachineInput, uuidOf: UuidOf): Members {
  const { definition, found, status, owner, due } = control;
  return {
    uuid: uuidOf(`component:${definition.id}`),
    type: definition.kind === 'technical' ? 'software' : 'process-procedure',
    title: markupLine(`${definition.id} ${definition.name}`),
    description: markupLines(definition.objective),
    props: [
      property('control', definition.id),
      property('status', status),
      property('kind', definition.kind),
      property('frequency', found.frequency),
      ...(owner === null ? [] : [property('owner', owner)]),
      ...(due === null ? [] : [property('due', dateTime(due))]),
    ],
    ...listed(
      'control-implementations',
      frameworks.flatMap((framework) => implementationOf(control, framework, uuidOf)),
    ),
    remarks: markupLines(found.reasons.join('\n') || `Status: ${status}`),
  };
}

function implementationOf(control: FoundControl, framework: FrameworkId, uuidOf: UuidOf): readonly Members[] {
  const { definition, status } = control;
  const criteria = control.criteria.filter((criterion) => criterion.framework === framework);
  if (criteria.length === 0) return [];
  return [
    {
      uuid: uuidOf(`implementation:${definition.id}:${framework}`),
      source: `#${uuidOf(`resource:framework:${framework}`)}`,
      description: markupLines(`What ${definition.id} contributes to ${FRAMEWORK_DATA[framework].name}.`),
      'implemented-requirements': criteria.map((criterion) => ({
        uuid: uuidOf(`requirement:${definition.id}:${framework}:${criterion.id}`),
        'control-id': criterionToken(criterion),
        description: markupLines(criterion.why),
        props: [property('implementation-status', statusWord(status)), property('criterion', criterion.id)],
      })),
    },
  ];
}

function statusWord(status: FoundControl['status']): string {
  switch (status) {
    case 'in-place':
      return 'implemented';
    case 'gap':
      return 'not-implemented';
    case 'partial':
    case 'not-applicable':
      return status;
  }
}

function frameworkResource(framework: FrameworkId, uuidOf: UuidOf): Members {
  const { name, source, licence, note } = FRAMEWORK_DATA[framework];
  return {
    uuid: uuidOf(`resource:framework:${framework}`),
    title: markupLine(name),
    description: markupLines(`${licence}\n\n${note}`),
    citation: { text: markupLine(source) },
  };
}
