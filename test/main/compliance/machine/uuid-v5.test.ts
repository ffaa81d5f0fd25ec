import { describe, expect, it } from 'vitest';
import { uuidsOf, uuidV5 } from '#main/compliance/machine/uuid-v5.ts';

describe('UUIDs of version 5', () => {
  it('are as RFC 9562 appendix A.4 has them', () => {
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    expect(uuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('differ by chain and by name, and are the same each time', () => {
    const [one, other] = [uuidsOf('chain-1'), uuidsOf('chain-2')];
    expect(one('a')).toBe(uuidsOf('chain-1')('a'));
    expect(new Set([one('a'), one('b'), other('a'), other('b')]).size).toBe(4);
    expect(one('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
