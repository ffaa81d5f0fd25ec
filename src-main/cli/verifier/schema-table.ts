import { z } from 'zod';
import { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { KeyDescription, RecordEnvelope } from '#shared/model/audit-record.ts';

/**
 * The schemas of a record, of a key and of the data of each action as plain data for a verifier that shares no code with
 * this program. A shape is the name of another one, or a list: its kind and what bounds it.
 *
 *   ["s", min, max, pattern]   a string; lengths in UTF-16 code units, null where there is no bound
 *   ["t"]                      a time: RFC 3339, UTC, three fraction digits
 *   ["b64", max]               base64 with padding
 *   ["i", min, max]            an integer within ±(2^53−1)
 *   ["e", value, …]            one of these values
 *   ["b"] ["z"] ["x"]          a truth value, null, anything
 *   ["o", {member: shape}]     an object of these members only; "?" after the name: may be absent
 *   ["r", key, value]          an object of any members
 *   ["a", item, min, max]      an array
 *   ["u", shape, …]            one of these
 */
export type Shape = string | readonly [string, ...unknown[]];

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | false;
  readonly propertyNames?: JsonSchema;
}

const SHAPE_KEYWORDS = new Set([
  '$schema',
  ...['type', 'const', 'enum', 'anyOf', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum'],
  ...['items', 'minItems', 'maxItems', 'properties', 'required', 'additionalProperties', 'propertyNames'],
  'contentEncoding',
]);

/**
 * The table as text, one shape a line: `name=` and the list as JSON, or for an object its members as `member:name`. Shapes
 * have short names, so that the table is small; those of records, keys and actions have their own.
 */
export function schemaTable(): string {
  const roots: Record<string, Shape> = { Record: toShape(RecordEnvelope), Key: toShape(KeyDescription) };
  for (const [action, schema] of Object.entries(AUDIT_DATA)) roots[action] = toShape(schema);
  const names = new Map<string, string>([[JSON.stringify(toShape(AuditAction)), 'Action']]);
  const lines: string[] = [];
  const nameOf = (shape: Shape): string => {
    const text = JSON.stringify(shape);
    let name = names.get(text);
    if (name === undefined) {
      name = shortName(names.size - 1);
      names.set(text, name);
      lines.push(`${name}=${writeShape(shape, nameOf)}`);
    }
    return name;
  };
  const ends = Object.entries(roots).map(([name, shape]) => `${name}=${writeShape(shape, nameOf)}`);
  return [...lines, ...ends].join('\n');
}

function writeShape(shape: Shape, nameOf: (shape: Shape) => string): string {
  if (typeof shape === 'string') throw new Error('a shape is named only here');
  const [kind, ...parts] = shape;
  if (kind === 'o') {
    const members = Object.entries(parts[0] as Readonly<Record<string, Shape>>);
    return members.map(([member, value]) => `${member}:${nameOf(value)}`).join(' ');
  }
  if (kind === 'e') return JSON.stringify(shape);
  return JSON.stringify([
    kind,
    ...parts.map((part) => (Array.isArray(part) ? nameOf(part as unknown as Shape) : part)),
  ]);
}

/** a, b, … z, aa, ab, … */
function shortName(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : shortName(Math.floor(index / 26) - 1) + letter;
}

function toShape(schema: z.ZodType): Shape {
  return fromJson(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema);
}

function fromJson(schema: JsonSchema): Shape {
  const unknown = Object.keys(schema).filter((keyword) => !SHAPE_KEYWORDS.has(keyword));
  if (unknown.length > 0) throw new Error(`no shape for the keywords ${unknown.join()}`);
  if (schema.const !== undefined) return ['e', schema.const];
  if (schema.enum !== undefined) return ['e', ...schema.enum];
  if (schema.anyOf !== undefined) return ['u', ...schema.anyOf.map(fromJson)];
  switch (schema.type) {
    case undefined:
      return ['x'];
    case 'null':
      return ['z'];
    case 'boolean':
      return ['b'];
    case 'integer':
      return trim(['i', own(schema.minimum), own(schema.maximum)]);
    case 'string':
      return fromString(schema);
    case 'array':
      if (schema.items === undefined) throw new Error('an array without items has no shape');
      return trim(['a', fromJson(schema.items), schema.minItems ?? null, schema.maxItems ?? null]);
    case 'object':
      return fromObject(schema);
    default:
      throw new Error(`no shape for the type ${schema.type}`);
  }
}

/** The bounds of every integer are not repeated. */
function own(bound: number | undefined): number | null {
  return bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? null : bound;
}

function fromString({ format, pattern, minLength, maxLength }: JsonSchema): Shape {
  if (format === 'date-time') return ['t'];
  if (format === 'base64') return ['b64', maxLength ?? null];
  if (format !== undefined && format !== 'uuid') throw new Error(`no shape for the format ${format}`);
  return trim(['s', minLength ?? null, maxLength ?? null, pattern ?? null]);
}

function fromObject({ properties, required = [], additionalProperties, propertyNames }: JsonSchema): Shape {
  if (properties === undefined) {
    if (!additionalProperties || propertyNames === undefined) throw new Error('an object without members has no shape');
    return ['r', fromJson(propertyNames), fromJson(additionalProperties)];
  }
  if (additionalProperties !== false) throw new Error('an object of more members than it names has no shape');
  const members = Object.entries(properties).map(([name, member]) => [
    required.includes(name) ? name : `${name}?`,
    fromJson(member),
  ]);
  return ['o', Object.fromEntries(members)];
}

function trim(shape: readonly [string, ...unknown[]]): Shape {
  let end = shape.length;
  while (end > 1 && shape[end - 1] === null) end--;
  return shape.slice(0, end) as unknown as Shape;
}
