import { z } from 'zod';
import { isObject } from './json-read.ts';

/**
 * Where a value does not fit its schema, by rules another program can follow (chain format, section 6): every misfit has a
 * JSON pointer, and the least of them is named. What the schema library says of a failure is its own affair.
 */
export class Misfit {
  #least: string | null = null;

  /** The least pointer found so far by UTF-16 code units; null when everything fits. */
  get least(): string | null {
    return this.#least;
  }

  at(pointer: string): void {
    if (this.#least === null || pointer < this.#least) this.#least = pointer;
  }

  /** Every member called `__proto__`: schemas pass it over. */
  proto(value: unknown, pointer = ''): void {
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) this.proto(value[index], `${pointer}/${index}`);
    } else if (isObject(value)) {
      for (const name of Object.keys(value)) {
        const member = join(pointer, name);
        if (name === '__proto__') this.at(member);
        this.proto(value[name], member);
      }
    }
  }

  /** Compares a value with a schema; `value` undefined is a missing member. */
  check(schema: z.core.$ZodType, value: unknown, pointer = ''): void {
    if (schema instanceof z.ZodOptional) {
      if (value !== undefined) this.check(schema.unwrap(), value, pointer);
    } else if (schema instanceof z.ZodNullable) {
      if (value !== null) this.check(schema.unwrap(), value, pointer);
    } else if (schema instanceof z.ZodObject) this.#object(schema, value, pointer);
    else if (schema instanceof z.ZodArray) this.#array(schema, value, pointer);
    else if (schema instanceof z.ZodTuple) this.#tuple(schema, value, pointer);
    else if (schema instanceof z.ZodRecord) this.#record(schema, value, pointer);
    else if (schema instanceof z.ZodDiscriminatedUnion) this.#discriminated(schema, value, pointer);
    else if (!z.safeParse(schema, value).success) this.at(pointer);
  }

  #object(schema: z.ZodObject, value: unknown, pointer: string): void {
    if (!isObject(value)) {
      this.at(pointer);
      return;
    }
    const { shape } = schema;
    for (const [name, member] of Object.entries(shape)) {
      this.check(member, Object.hasOwn(value, name) ? value[name] : undefined, join(pointer, name));
    }
    for (const name of Object.keys(value)) if (!Object.hasOwn(shape, name)) this.at(join(pointer, name));
  }

  #array(schema: z.ZodArray, value: unknown, pointer: string): void {
    if (!Array.isArray(value) || !fitsLength(schema, value)) this.at(pointer);
    if (!Array.isArray(value)) return;
    for (let index = 0; index < value.length; index++) this.check(schema.element, value[index], `${pointer}/${index}`);
  }

  #tuple(schema: z.ZodTuple, value: unknown, pointer: string): void {
    const { items } = schema.def;
    if (!Array.isArray(value) || value.length !== items.length) this.at(pointer);
    else for (const [index, item] of items.entries()) this.check(item, value[index], `${pointer}/${index}`);
  }

  #record(schema: z.ZodRecord, value: unknown, pointer: string): void {
    if (!isObject(value)) {
      this.at(pointer);
      return;
    }
    for (const name of Object.keys(value)) {
      const member = join(pointer, name);
      if (!z.safeParse(schema.keyType, name).success) this.at(member);
      this.check(schema.valueType, value[name], member);
    }
  }

  #discriminated(schema: z.ZodDiscriminatedUnion, value: unknown, pointer: string): void {
    if (!isObject(value)) {
      this.at(pointer);
      return;
    }
    const name = schema.def.discriminator;
    const branch = schema.options.find(
      (option) => option instanceof z.ZodObject && z.safeParse(option.shape[name] ?? z.never(), value[name]).success,
    );
    if (branch === undefined) this.at(join(pointer, name));
    else this.check(branch, value, pointer);
  }
}

/** The least pointer at which a value does not fit; null when it does. */
export function findMisfit(schema: z.core.$ZodType, value: unknown): string | null {
  const misfit = new Misfit();
  misfit.check(schema, value);
  return misfit.least;
}

const lengths = new WeakMap<z.ZodArray, z.ZodArray>();

/** The array's own checks, apart from its items. */
function fitsLength(schema: z.ZodArray, value: readonly unknown[]): boolean {
  let own = lengths.get(schema);
  if (own === undefined) {
    own = schema.clone({ ...schema.def, element: z.unknown() });
    lengths.set(schema, own);
  }
  return own.safeParse(value).success;
}

function join(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
