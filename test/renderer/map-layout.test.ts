import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Call, callersOf, layoutMap, NODE, narrowMap } from '#renderer/features/incidents/map-layout.ts';

const shop: readonly Call[] = [
  ['frontend', 'checkout'],
  ['frontend', 'cart'],
  ['checkout', 'payments'],
  ['checkout', 'cart'],
  ['cart', 'cache'],
];
const names = ['frontend', 'checkout', 'cart', 'payments', 'cache'];
const layersOf = (layout: ReturnType<typeof layoutMap>) =>
  Object.fromEntries(layout.nodes.map((node) => [node.name, node.layer]));

describe('the service map', () => {
  test('puts each service beyond its farthest caller', () => {
    expect(layersOf(layoutMap(names, shop))).toEqual({ frontend: 0, checkout: 1, cart: 2, payments: 2, cache: 3 });
  });

  test('is the same picture for the same system, however it is listed', () => {
    const once = layoutMap(names, shop);
    const again = layoutMap(names.toReversed(), shop.toReversed());
    expect(again.nodes).toEqual(once.nodes);
  });

  test('draws a lone service, and nothing for nothing', () => {
    expect(layoutMap(['a'], []).nodes).toHaveLength(1);
    expect(layoutMap([], []).nodes).toEqual([]);
  });

  test('never hides a service behind another, whatever calls whom', () => {
    const service = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    fc.assert(
      fc.property(
        fc.uniqueArray(service),
        fc.array(fc.tuple(service, service), { maxLength: 30 }),
        (services, calls) => {
          const layout = layoutMap(services, calls);
          expect(layout.nodes.map((node) => node.name).sort()).toEqual([...services].sort());
          for (const node of layout.nodes) {
            expect(node.x + NODE.width).toBeLessThanOrEqual(layout.width + 0.01);
            expect(node.y + NODE.height).toBeLessThanOrEqual(layout.height + 0.01);
            const over = layout.nodes.filter(
              (other) => other !== node && other.x === node.x && Math.abs(other.y - node.y) < NODE.height,
            );
            expect(over).toEqual([]);
          }
          for (const edge of layout.edges) expect(services).toEqual(expect.arrayContaining([edge.from, edge.to]));
        },
      ),
    );
  });
});

test('callers are found through all layers, circles included', () => {
  expect(callersOf('cache', shop)).toEqual(['cart', 'checkout', 'frontend']);
  expect(callersOf('frontend', shop)).toEqual([]);
  expect(
    callersOf('a', [
      ['a', 'b'],
      ['b', 'a'],
    ]),
  ).toEqual(['b']);
});

test('a map too large is narrowed to what matters and its neighbours', () => {
  expect(narrowMap(names, shop, ['cart'])).toEqual(['frontend', 'checkout', 'cart', 'cache']);
});
