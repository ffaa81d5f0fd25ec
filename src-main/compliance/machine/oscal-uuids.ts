import { createHash } from 'node:crypto';
import type { MachineInput } from './machine-input.ts';
import { foundControls } from './machine-input.ts';
import { type UuidOf, uuidsOf, uuidsWithin } from './uuid-v5.ts';

/** What stays itself whatever is found of it: its UUID is that of the chain's thing, in every document. */
const THING = /^(system|platform|component:.+|activity:.+|resource:system|resource:framework:.+)$/;

/**
 * UUIDs of everything in the OSCAL documents of one evaluation. What is said of a thing is another statement once the window,
 * the frameworks, the last record or anything found is another: OSCAL lets programs take equal UUIDs for equal content.
 */
export function uuidsFor(input: MachineInput): UuidOf {
  const { evaluation, window, frameworks } = input;
  const { chain, range, head, checkpoint, integrity, records, inScope, excluded, root, seed } = evaluation;
  const found = foundControls(input).map(({ definition, found, status, owner, due }) => {
    const said = evaluation.register.controls[definition.id]?.notApplicable ?? null;
    return [definition.id, found, status, owner, due, said];
  });
  const all = [
    window,
    [...frameworks],
    range,
    head,
    checkpoint,
    integrity,
    records,
    inScope,
    excluded,
    root,
    seed,
    found,
  ];
  const things = uuidsOf(chain);
  const said = uuidsWithin(chain, digestOf(all));
  return (name) => (THING.test(name) ? things(name) : said(name));
}

/**
 * A document under the UUID of its whole content, with who made it and when: OSCAL wants another one whenever any of it changes.
 * @param model the name of the document's one member
 */
export function documentOf<T extends object>(input: MachineInput, model: string, content: T) {
  const uuid = uuidsOf(input.evaluation.chain)(`document:${model}:${digestOf(content)}`);
  return { [model]: { uuid, ...content } };
}

/** The order members were made in is none of the content. Texts may hold what no JCS text can: JSON escapes it. */
function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex');
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
