import type { z } from 'zod';
import type { TaskDefinition } from '../inspection.ts';
import {
  type DefinitionField,
  hiddenField,
  plainField,
  settingField,
  showText,
} from '../remediation/definition-fields.ts';
import type { TaskDefinitionAnswer } from './infrastructure-answers.ts';

type Described = z.infer<typeof TaskDefinitionAnswer>['taskDefinition'];

/** A described task definition reduced to what plans compare and need. */
export function toTaskDefinition(described: Described, digest: string): TaskDefinition {
  return {
    arn: described.taskDefinitionArn,
    family: described.family,
    revision: described.revision,
    active: described.status === 'ACTIVE',
    namesRoles: described.taskRoleArn !== undefined || described.executionRoleArn !== undefined,
    fields: fieldsOf(described),
    stored: { digest, pointer: '/taskDefinition' },
  };
}

function fieldsOf(described: Described): Readonly<Record<string, DefinitionField>> {
  const plain = (name: string, value: string | number | undefined): readonly [string, DefinitionField][] =>
    value === undefined ? [] : [[showText(name), plainField(String(value))]];
  const hidden = (name: string, words: readonly string[] | undefined): readonly [string, DefinitionField][] =>
    words === undefined ? [] : [[showText(name), hiddenField(JSON.stringify(words))]];
  const containers = described.containerDefinitions.flatMap((container) => {
    const at = (field: string) => `${container.name}.${field}`;
    return [
      ...plain(at('image'), container.image),
      ...plain(at('cpu'), container.cpu),
      ...plain(at('memory'), container.memory),
      ...plain(at('memoryReservation'), container.memoryReservation),
      // Arguments may hold secrets, too.
      ...hidden(at('command'), container.command),
      ...hidden(at('entryPoint'), container.entryPoint),
      ...container.environment.map(({ name, value }): [string, DefinitionField] => [
        showText(at(`environment.${name}`)),
        settingField(name, value),
      ]),
      ...container.secrets.flatMap(({ name, valueFrom }) => plain(at(`secrets.${name}`), valueFrom)),
    ];
  });
  return Object.fromEntries([
    ...plain('cpu', described.cpu),
    ...plain('memory', described.memory),
    ...plain('taskRole', described.taskRoleArn),
    ...plain('executionRole', described.executionRoleArn),
    ...containers,
  ]);
}
