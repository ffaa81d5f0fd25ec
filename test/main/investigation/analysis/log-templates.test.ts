import { describe, expect, it } from 'vitest';
import { createTemplates, maskTokens, OVERFLOW } from '#main/investigation/analysis/log-templates.ts';

describe('maskTokens', () => {
  it('masks what varies: numbers, identifiers, addresses, paths, quoted and named values', () => {
    expect(maskTokens('user 4711 from 10.0.0.3 asked /orders/17 id=abc "x" deadbeefcafe a@b.example')).toEqual([
      'user',
      '<*>',
      'from',
      '<*>',
      'asked',
      '<*>',
      'id=<*>',
      '<*>',
      '<*>',
      '<*>',
    ]);
  });

  it('reads no more than a bounded part of a line', () => {
    expect(maskTokens('a '.repeat(100_000)).length).toBeLessThanOrEqual(48);
  });
});

describe('createTemplates', () => {
  it('groups lines that differ in their values and merges what varies', () => {
    const templates = createTemplates();
    const ids = ['disk full on node alpha today', 'disk full on node beta today', 'disk full on node gamma today'].map(
      (line) => templates.add(line),
    );
    expect(new Set(ids).size).toBe(1);
    expect(templates.text(ids[0] ?? -1)).toBe('disk full on node <*> today');
  });

  it('keeps different statements apart', () => {
    const templates = createTemplates();
    const lines = ['connection refused by upstream', 'request 12 served in 3 ms', 'cache miss for key k1'];
    expect(new Set(lines.map((line) => templates.add(line))).size).toBe(3);
    expect(templates.size).toBe(3);
  });

  it('gives the same numbers to the same lines', () => {
    const lines = Array.from({ length: 500 }, (_, i) => `step ${i % 7} of job ${'abcdefg'[i % 7]} ended`);
    const run = () => {
      const templates = createTemplates();
      return lines.map((line) => templates.add(line));
    };
    expect(run()).toEqual(run());
  });

  it('does not grow without end on hostile input', () => {
    const templates = createTemplates();
    const word = (n: number) => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    let last = 0;
    for (let i = 0; i < 6000; i += 1)
      last = templates.add(Array.from({ length: 1 + (i % 40) }, (_, k) => word(i * 41 + k)).join(' '));
    expect(templates.size).toBeLessThanOrEqual(2000);
    expect(last === OVERFLOW || last < 2000).toBe(true);
  });

  it('survives empty lines, control characters and huge lines', () => {
    const templates = createTemplates();
    for (const line of ['', '   ', '\u0000\u001b[31m', 'x'.repeat(1_000_000)])
      expect(templates.add(line)).toBeGreaterThanOrEqual(0);
  });
});
