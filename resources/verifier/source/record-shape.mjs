// Where a record does not fit section 1 or its action's schema: the least pointer is named.
import { eachProto, isObject } from './json.mjs';
import { ACTIONS, isRecord, shapeNamed } from './shapes.mjs';

/** The least pointer, by UTF-16 code units, of those that `search` finds; null if it finds none. */
export function leastMisfit(search) {
  let least = null;
  search((pointer) => {
    if (least === null || pointer < least) least = pointer;
  });
  return least;
}

/** What is wrong with a record's members by section 1 and its action's shape, or null. */
export function flawOfRecord(record, { tidy, text }) {
  const { action, data } = record;
  const known = typeof action === 'string' && ACTIONS.has(action);
  const dataShape = known ? shapeNamed(action) : null;
  const plain = isRecord(record, '') && dataShape?.(data, '/data') === true && tidy && !text.includes('__proto__');
  if (plain && leastMisfit((misfit) => rulesOfRecord(record, misfit)) === null) return null;
  const least = leastMisfit((misfit) => {
    isRecord(record, '', misfit);
    if (isObject(data)) dataShape?.(data, '/data', misfit);
    eachProto(record, '', misfit);
    rulesOfRecord(record, misfit);
  });
  return least === null ? null : `${least} does not fit ${known ? action : 'a record'}`;
}

function rulesOfRecord({ seq, action, outcome, actor, onBehalfOf, data }, misfit) {
  if ((seq === 1) !== (action === 'tenant.created')) misfit('/action');
  if (seq === 1 && outcome !== 'success') misfit('/outcome');
  if (isObject(actor) && actor.type === 'user' && typeof actor.name === 'string') misfit('/actor/name');
  if (isObject(onBehalfOf) && onBehalfOf.type === 'user' && typeof onBehalfOf.name === 'string') {
    misfit('/onBehalfOf/name');
  }
  if (action === 'credential.key_rotated' && isObject(data)) {
    if ((data.purpose === 'signing') !== Object.hasOwn(data, 'newKey')) misfit('/data/newKey');
  }
}
