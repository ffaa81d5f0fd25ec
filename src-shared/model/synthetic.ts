/** Who begins the chain of an example, by record 1 of it: hashed and signed as all of it is, so it cannot be taken off. */
export const EXAMPLE_GENERATOR = 'Causeway example';

/** What everything that comes out of such a chain says first. */
export const SYNTHETIC_CHAIN =
  'Everything in this chain is made up: an example of Causeway, and no evidence of anything.';

/** The same where there is room for no more than a name. */
export const SYNTHETIC_MARK = 'Made-up example';

/** By the data of the record a chain begins with: whether everything in the chain is made up. */
export function isSyntheticChain(first: unknown): boolean {
  if (typeof first !== 'object' || first === null || !('generator' in first)) return false;
  const { generator } = first;
  return (
    typeof generator === 'object' && generator !== null && 'name' in generator && generator.name === EXAMPLE_GENERATOR
  );
}
