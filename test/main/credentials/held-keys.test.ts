import { expect, test } from 'vitest';
import { holdKeys } from '#main/credentials/held-keys.ts';

/** @securityTest Session keys are overwritten when they are given up, and cannot be asked for any more */
test('keys that were given up are gone', async () => {
  const zeroed: Uint8Array[] = [];
  const fill = Buffer.prototype.fill;
  Buffer.prototype.fill = function (this: Buffer, ...given: Parameters<typeof fill>) {
    zeroed.push(this);
    return fill.apply(this, given);
  } as typeof fill;
  try {
    const held = holdKeys({ accessKeyId: 'ASIA1', secretAccessKey: 'the secret', sessionToken: 'the token' });
    expect(await held.keys()).toEqual({
      accessKeyId: 'ASIA1',
      secretAccessKey: 'the secret',
      sessionToken: 'the token',
    });
    held.forget();
    expect(zeroed.map((bytes) => bytes.length)).toEqual([10, 9]);
    expect(zeroed.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
    await expect(held.keys()).rejects.toMatchObject({ code: 'lease-unusable' });
    expect(JSON.stringify(held)).not.toContain('ASIA1');
  } finally {
    Buffer.prototype.fill = fill;
  }
});
