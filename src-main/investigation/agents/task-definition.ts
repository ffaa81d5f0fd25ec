import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { TaskDefinition } from '../inspection.ts';
import { showSetting, showText } from '../remediation/definition-fields.ts';
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

function fieldsOf(described: Described): Readonly<Record<string, string>> {
  const fields: [string, string | number | undefined][] = [
    ['cpu', described.cpu],
    ['memory', described.memory],
    ['taskRole', described.taskRoleArn],
    ['executionRole', described.executionRoleArn],
  ];
  for (const container of described.containerDefinitions) {
    const at = (field: string) => `${container.name}.${field}`;
    fields.push(
      [at('image'), container.image],
      [at('cpu'), container.cpu],
      [at('memory'), container.memory],
      [at('memoryReservation'), container.memoryReservation],
      [at('command'), summarise(container.command)],
      [at('entryPoint'), summarise(container.entryPoint)],
      ...container.environment.map(({ name, value }): [string, string] => [
        at(`environment.${name}`),
        showSetting(name, value),
      ]),
      ...container.secrets.map(({ name, valueFrom }): [string, string] => [at(`secrets.${name}`), valueFrom]),
    );
  }
  return Object.fromEntries(
    fields.flatMap(([name, value]) => (value === undefined ? [] : [[showText(name), showText(String(value))]])),
  );
}

/** Arguments may hold secrets: they are compared by digest. */
function summarise(words: readonly string[] | undefined): string | undefined {
  if (words === undefined) return undefined;
  const digest = createHash('sha256').update(JSON.stringify(words), 'utf8').digest('hex');
  return `${words.length} words, sha256:${digest.slice(0, 12)}`;
}
