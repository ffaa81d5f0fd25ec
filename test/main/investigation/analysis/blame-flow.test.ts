import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FlowNode, flowBlame } from '#main/investigation/analysis/blame-flow.ts';

const node = (service: string, excess: number, requests = 10): FlowNode => ({ service, excess, requests });
const total = (share: ReadonlyMap<string, number>) => [...share.values()].reduce((sum, value) => sum + value, 0);

describe('flowBlame', () => {
  it('pushes blame down a chain to where it arises', () => {
    const { share, own } = flowBlame(
      [node('web', 100), node('api', 100), node('db', 100)],
      [
        ['web', 'api'],
        ['api', 'db'],
      ],
      'web',
    );
    expect(share.get('db')).toBeCloseTo(1, 9);
    expect(own.get('web')).toBe(0);
    expect(own.get('db')).toBe(1);
  });

  it('leaves with a service what its callees do not explain', () => {
    const { share } = flowBlame([node('web', 100), node('api', 25)], [['web', 'api']], 'web');
    expect(share.get('web')).toBeCloseTo(0.75, 9);
    expect(share.get('api')).toBeCloseTo(0.25, 9);
  });

  it('divides between callees in proportion to their excess', () => {
    const { share } = flowBlame(
      [node('web', 80), node('a', 60), node('b', 20)],
      [
        ['web', 'a'],
        ['web', 'b'],
      ],
      'web',
    );
    expect(share.get('a')).toBeCloseTo(0.75, 9);
    expect(share.get('b')).toBeCloseTo(0.25, 9);
  });

  it('charges a caller only with its part of a shared callee', () => {
    const calls = [
      ['web', 'db'],
      ['batch', 'db'],
    ] as const;
    const { share } = flowBlame([node('web', 100, 10), node('batch', 0, 30), node('db', 100, 40)], calls, 'web');
    expect(share.get('web')).toBeCloseTo(0.75, 9);
    expect(share.get('db')).toBeCloseTo(0.25, 9);
  });

  it('ends in a cycle and keeps the sum', () => {
    const calls = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ] as const;
    const { share } = flowBlame([node('a', 10), node('b', 10), node('c', 10)], calls, 'a');
    expect(total(share)).toBeCloseTo(1, 6);
  });

  it('starts everywhere when the signal shows no excess, and nowhere when nothing does', () => {
    const calls = [['web', 'db']] as const;
    expect(flowBlame([node('web', 0), node('db', 5)], calls, 'web').share.get('db')).toBe(1);
    expect(total(flowBlame([node('web', 0), node('db', 0)], calls, 'web').share)).toBe(0);
  });

  it('keeps shares between 0 and 1 with sum 1 on any graph', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const name = fc.constantFrom(...names);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, name), { maxLength: 15 }),
        fc.array(fc.nat({ max: 1000 }), { minLength: 5, maxLength: 5 }),
        (calls, excess) => {
          const nodes = names.map((service, i) => node(service, excess[i] ?? 0, 1 + i));
          const { share } = flowBlame(nodes, calls, 'a');
          for (const value of share.values()) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1 + 1e-9);
          }
          const sum = total(share);
          expect(sum === 0 || Math.abs(sum - 1) < 1e-6).toBe(true);
        },
      ),
    );
  });
});
