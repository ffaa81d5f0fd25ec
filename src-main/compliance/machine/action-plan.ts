import { foundControls, type MachineInput } from './machine-input.ts';
import { assessmentAssets, chainResource, criterionProperties, type Members, metadataOf } from './oscal-common.ts';
import { controlObservation, exceptionObservation, findingOf, riskOf } from './oscal-findings.ts';
import { documentOf, uuidsFor } from './oscal-uuids.ts';
import { dateTime, markupLine, markupLines, markupList, property } from './oscal-values.ts';

/**
 * OSCAL plan of action and milestones: one item for each control that is a gap or in place in part. null when there is none:
 * OSCAL has no plan without items, and inventing one would be a claim.
 * @throws CausewayError `bad-input` when no control was evaluated
 */
export function actionPlan(input: MachineInput): Members | null {
  const uuidOf = uuidsFor(input);
  const open = foundControls(input).filter(({ status }) => status === 'gap' || status === 'partial');
  if (open.length === 0) return null;
  return documentOf(input, 'plan-of-action-and-milestones', {
    metadata: metadataOf(input, 'Gaps of the control register'),
    'system-id': { 'identifier-type': 'https://ietf.org/rfc/rfc4122', id: uuidOf('system') },
    'local-definitions': {
      components: open.map(({ definition, status }) => ({
        uuid: uuidOf(`component:${definition.id}`),
        type: definition.kind === 'technical' ? 'software' : 'process-procedure',
        title: markupLine(`${definition.id} ${definition.name}`),
        description: markupLines(definition.objective),
        status: { state: 'other', remarks: markupLine(`In the register: ${status}.`) },
      })),
      'assessment-assets': assessmentAssets(input, uuidOf),
    },
    observations: open.flatMap((control) => [
      controlObservation(control, input, uuidOf),
      ...control.found.exceptions.map((exception) => exceptionObservation(exception, input, uuidOf)),
    ]),
    risks: open.map((control) => riskOf(control, uuidOf)),
    findings: open.map((control) => findingOf(control, uuidOf)),
    'poam-items': open.map((control) => {
      const { definition, found, status, owner, due } = control;
      return {
        uuid: uuidOf(`poam-item:${definition.id}`),
        title: markupLine(`${definition.id} ${definition.name}`),
        description: `${markupList(found.reasons.length === 0 ? [`Status: ${status}`] : found.reasons)}\n\n${markupLines(definition.remedy)}`,
        props: [
          property('status', status),
          property('effort', definition.effort),
          property('track', definition.kind),
          ...(owner === null ? [] : [property('owner', owner)]),
          ...(due === null ? [] : [property('due', dateTime(due))]),
          ...criterionProperties(control),
        ],
        'related-findings': [{ 'finding-uuid': uuidOf(`finding:${definition.id}`) }],
        'related-risks': [{ 'risk-uuid': uuidOf(`risk:${definition.id}`) }],
      };
    }),
    'back-matter': { resources: [chainResource(input, uuidOf)] },
  });
}
