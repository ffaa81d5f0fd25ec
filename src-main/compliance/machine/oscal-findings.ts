import type { ReportException } from '#shared/model/report.ts';
import { count } from '../reports/blocks/cells.ts';
import type { FoundControl, MachineInput } from './machine-input.ts';
import {
  criterionProperties,
  implementationStatus,
  type Members,
  methodsOf,
  objectiveId,
  toolOrigin,
} from './oscal-common.ts';
import { dateTime, listed, markupLine, markupLines, markupList, property } from './oscal-values.ts';
import type { UuidOf } from './uuid-v5.ts';

/** What a control's records were seen to say: observations, the finding that rests on them, and the risk it leaves. */
export function controlObservation(control: FoundControl, input: MachineInput, uuidOf: UuidOf): Members {
  const { definition, found } = control;
  const { population, periods } = found;
  const missed = periods.filter(({ state }) => state === 'missed').length;
  return {
    uuid: uuidOf(`observation:${definition.id}`),
    title: markupLine(`Records of ${definition.id} ${definition.name}`),
    description: markupLines(
      `${count(population.count, 'record shows', 'records show')} it operating in the window${ofPeriods(found)}; ${count(found.exceptions.length, 'exception')}.`,
    ),
    props: [
      property('frequency', found.frequency),
      ...(periods.length === 0
        ? []
        : [
            property('periods-expected', found.expected),
            property('periods-met', found.actual),
            property('periods', periods.length),
            property('periods-missed', missed),
          ]),
      ...(found.last === null ? [] : [property('last-record', found.last.seq), property('last-time', found.last.time)]),
      ...(found.hidden === 0 ? [] : [property('would-be-hidden-by-filter', found.hidden)]),
    ],
    methods: methodsOf(control),
    types: ['control-objective'],
    origins: [toolOrigin(uuidOf)],
    subjects: [{ 'subject-uuid': uuidOf(`component:${definition.id}`), type: 'component' }],
    'relevant-evidence': [
      {
        href: `#${uuidOf('resource:chain')}`,
        description: 'The records counted, in the chain.',
        props: [
          property('population', population.count),
          ...(population.root === null ? [] : [property('population-root', population.root, { class: 'RFC6962' })]),
          ...(found.sample.length === 0 ? [] : [property('sample-size', found.sample.length)]),
          // seqs in the order drawn, a few to a property: a value is one line that people can still read
          ...inParts(found.sample, 50).map((part, at) =>
            property('sample', part.join(','), { class: `part-${at + 1}` }),
          ),
        ],
      },
    ],
    collected: dateTime(input.evaluation.head.time),
  };
}

/** Of a control that operates each time something happens, no record says how often that should have been. */
function ofPeriods({ periods, expected, actual }: FoundControl['found']): string {
  return periods.length === 0 ? '' : `, in ${actual} of ${count(expected, 'period')} of its cadence that counted`;
}

/** That a person said the control does not apply. Why stands sealed in the record. */
export function notApplicableObservation(control: FoundControl, input: MachineInput, uuidOf: UuidOf): Members {
  const said = input.evaluation.register.controls[control.definition.id]?.notApplicable ?? null;
  return {
    uuid: uuidOf(`observation:${control.definition.id}`),
    title: markupLine(`${control.definition.id} ${control.definition.name} does not apply`),
    description: markupLines(control.found.reasons.join('\n') || 'It is said on record not to apply.'),
    ...(said === null
      ? {}
      : {
          props: [
            property('said-by', said.by),
            property('said-at', dateTime(said.time)),
            property('justification-record', said.justification.seq),
            property('justification-commitment', said.justification.sealed),
          ],
        }),
    methods: ['EXAMINE'],
    types: ['control-objective'],
    origins: [toolOrigin(uuidOf)],
    subjects: [{ 'subject-uuid': uuidOf(`component:${control.definition.id}`), type: 'component' }],
    collected: dateTime(input.evaluation.head.time),
  };
}

export function exceptionObservation(exception: ReportException, input: MachineInput, uuidOf: UuidOf): Members {
  return {
    uuid: exceptionUuid(exception, uuidOf),
    title: markupLine(`Exception ${exception.id}`),
    description: markupLines(exception.text),
    props: [
      property('exception', exception.kind),
      property('exception-state', exception.state),
      ...(exception.seq === null ? [] : [property('record', exception.seq)]),
      ...(exception.time === null ? [] : [property('exception-time', dateTime(exception.time))]),
      ...(exception.fixedBy === null ? [] : [property('fixed-by-record', exception.fixedBy)]),
    ],
    methods: ['EXAMINE'],
    types: ['finding'],
    origins: [toolOrigin(uuidOf)],
    'relevant-evidence': [
      { href: `#${uuidOf('resource:chain')}`, description: 'The record it is about, in the chain.' },
    ],
    collected: dateTime(input.evaluation.head.time),
  };
}

/** `satisfied` only for what is in place: everything less than that is not satisfied. */
export function findingOf(control: FoundControl, uuidOf: UuidOf): Members {
  const { definition, found, status } = control;
  const satisfied = status === 'in-place';
  return {
    uuid: uuidOf(`finding:${definition.id}`),
    title: markupLine(`${definition.id} ${definition.name}`),
    description: markupList(found.reasons.length === 0 ? [`Status: ${status}`] : found.reasons),
    props: [
      property('status', status),
      property('kind', definition.kind),
      ...(control.owner === null ? [] : [property('owner', control.owner)]),
      ...criterionProperties(control),
    ],
    origins: [toolOrigin(uuidOf)],
    target: {
      type: 'objective-id',
      'target-id': objectiveId(control),
      title: markupLine(definition.name),
      status: { state: satisfied ? 'satisfied' : 'not-satisfied', reason: satisfied ? 'pass' : 'fail' },
      'implementation-status': implementationStatus(status),
    },
    'related-observations': observationUuids(control, uuidOf).map((uuid) => ({ 'observation-uuid': uuid })),
    ...(satisfied ? {} : { 'related-risks': [{ 'risk-uuid': uuidOf(`risk:${definition.id}`) }] }),
  };
}

/** What is left open where a control is not in place. `planned`: a person set a day for it. */
export function riskOf(control: FoundControl, uuidOf: UuidOf): Members {
  const { definition, found, status, due } = control;
  const day = due === null ? null : dateTime(due);
  const title = markupLine(
    `${definition.id} ${definition.name} is ${status === 'gap' ? 'not in place' : 'in place in part'}`,
  );
  return {
    uuid: uuidOf(`risk:${definition.id}`),
    title,
    description: markupList(found.reasons.length === 0 ? [`Status: ${status}`] : found.reasons),
    statement: markupLines(`The objective is not met in full: ${definition.objective}`),
    props: [property('effort', definition.effort)],
    status: 'open',
    origins: [toolOrigin(uuidOf)],
    ...(day === null ? {} : { deadline: day }),
    remediations: [
      {
        uuid: uuidOf(`remediation:${definition.id}`),
        lifecycle: day === null ? 'recommendation' : 'planned',
        title: markupLine(`What would close ${definition.id}`),
        description: markupLines(definition.remedy),
        ...listed(
          'tasks',
          day === null
            ? []
            : [
                {
                  uuid: uuidOf(`task:${definition.id}`),
                  type: 'milestone',
                  title: markupLine(`${definition.id} is due`),
                  timing: { 'on-date': { date: day } },
                },
              ],
        ),
      },
    ],
    'related-observations': observationUuids(control, uuidOf).map((uuid) => ({ 'observation-uuid': uuid })),
  };
}

function observationUuids({ definition, found }: FoundControl, uuidOf: UuidOf): readonly string[] {
  return [
    uuidOf(`observation:${definition.id}`),
    ...found.exceptions.map((exception) => exceptionUuid(exception, uuidOf)),
  ];
}

function exceptionUuid({ id }: ReportException, uuidOf: UuidOf): string {
  return uuidOf(`exception:${id}`);
}

function inParts<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
