import fc from 'fast-check';
import { z } from 'zod';

/** Values that fit a schema, and such as nearly do. Knows the schemas records are made of. */
export function fitting(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    const absent = schema instanceof z.ZodNullable ? null : undefined;
    return fc.oneof(fc.constant(absent), fitting(schema.unwrap()));
  }
  if (schema instanceof z.ZodObject) {
    const members = Object.entries(schema.shape).map(([name, member]) => [name, fitting(member)] as const);
    return fc.record(Object.fromEntries(members)).map(withoutUndefined);
  }
  if (schema instanceof z.ZodArray) {
    const shortest = [0, 1, 2].find(
      (length) => schema.clone({ ...schema.def, element: z.unknown() }).safeParse(Array(length).fill(0)).success,
    );
    return fc.array(fitting(schema.element), { minLength: shortest ?? 0, maxLength: 3 });
  }
  if (schema instanceof z.ZodRecord) return fc.dictionary(fc.string({ maxLength: 5 }), fitting(schema.valueType));
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map((option) => fitting(option)));
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNumber) return numbers(schema);
  if (schema instanceof z.ZodUnknown) return fc.constant({});
  return texts(schema);
}

function numbers(schema: z.ZodNumber): fc.Arbitrary<unknown> {
  const min = Math.max(schema.minValue ?? 0, Number.MIN_SAFE_INTEGER);
  const max = Math.min(schema.maxValue ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, min + 100_000) }));
}

const AWKWARD = ['é', '€', '𝄞', '"', '\\', '\n', '\u007f', '\u2028', '/', 'ﬀ'];
const SAMPLES: readonly fc.Arbitrary<string>[] = [
  fc.string({ minLength: 64, maxLength: 64, unit: fc.constantFrom(...'0123456789abcdef') }),
  fc.string({ minLength: 40, maxLength: 40, unit: fc.constantFrom(...'0123456789abcdef') }),
  fc.string({ minLength: 16, maxLength: 16, unit: fc.constantFrom(...'0123456789abcdef') }),
  fc.string({ minLength: 43, maxLength: 43, unit: fc.constantFrom(...'AZaz09_-') }),
  fc.string({ minLength: 12, maxLength: 12, unit: fc.constantFrom(...'0123456789') }),
  fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...'az09-') }),
  fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.uuid({ version: 4 }),
  fc.constantFrom('0.5', '1', '0', '-12.25', '1.000', 'YWJj'),
  fc.constant(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`),
  fc.constantFrom('arn:aws:iam::123456789012:role/x', 'arn:aws:ecs:eu-west-1:123456789012:service/a/b', 'arn:aws:x:"y'),
  fc.string({ minLength: 1, maxLength: 30 }),
  fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', ' ', ...AWKWARD) }),
];

function texts(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const usable = SAMPLES.filter((sample) =>
    fc.sample(sample, { numRuns: 5, seed: 1 }).some((text) => z.safeParse(schema, text).success),
  );
  if (usable.length === 0) throw new Error('no sample text fits a schema');
  return fc.oneof(...usable).filter((text) => z.safeParse(schema, text).success);
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

/** The same value with one thing changed somewhere: a member gone, added, of another type, or slightly other. */
export function spoiled(value: unknown): fc.Arbitrary<unknown> {
  const here = fc.constantFrom<unknown>(null, 0, -1, 1.5, 2 ** 53, '', 'x', 'x'.repeat(1025), [], {}, true, {
    sealed: 'x',
  });
  if (Array.isArray(value) && value.length > 0) {
    const inside = fc
      .nat({ max: value.length - 1 })
      .chain((at) => spoiled(value[at]).map((item) => value.with(at, item)));
    return fc.oneof({ weight: 4, arbitrary: inside }, { weight: 1, arbitrary: here });
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    const names = fc.constantFrom(...Object.keys(value));
    const members = value as Readonly<Record<string, unknown>>;
    const inside = names.chain((name) => spoiled(members[name]).map((member) => ({ ...members, [name]: member })));
    const gone = names.map((name) => Object.fromEntries(Object.entries(members).filter(([other]) => other !== name)));
    const more = fc.constantFrom('a/b', 'm~n', 'zz', 'é', '10').map((name) => ({ ...members, [name]: 1 }));
    return fc.oneof({ weight: 6, arbitrary: inside }, { weight: 1, arbitrary: fc.oneof(gone, more, here) });
  }
  return here;
}
