import { describe, expect, test } from 'vitest';
import { EXAMPLE_GENERATOR, isSyntheticChain } from '#shared/model/synthetic.ts';

describe('whether a chain is made up', () => {
  test('stands in its first record, by the name of what began it', () => {
    expect(isSyntheticChain({ keys: [], generator: { name: EXAMPLE_GENERATOR, version: '1.0.0' } })).toBe(true);
    expect(isSyntheticChain({ keys: [], generator: { name: 'Causeway', version: '1.0.0' } })).toBe(false);
  });

  test.each([
    [undefined],
    [null],
    ['Causeway example'],
    [{}],
    [{ generator: null }],
    [{ generator: EXAMPLE_GENERATOR }],
  ])('is not told from %j', (data) => {
    expect(isSyntheticChain(data)).toBe(false);
  });
});
