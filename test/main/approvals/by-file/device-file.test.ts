import { describe, expect, it } from 'vitest';
import { readDeviceFile, writeDeviceFile } from '#main/approvals/by-file/device-file.ts';
import { keyIdOf } from '#main/audit/keys.ts';
import { forgedKey, forgeFile } from './consoles.ts';

describe("the file of a device's key", () => {
  it('holds what the device is called, whose it is, and its key', async () => {
    const key = forgedKey();
    const read = readDeviceFile(await writeDeviceFile(key, 'Laptop', 'Demo Person'));
    expect(read).toMatchObject({ label: 'Laptop', person: 'Demo Person', keyId: key.keyId });
    expect(Buffer.from(read.spki).equals(Buffer.from(key.spki))).toBe(true);
    expect(readDeviceFile(await writeDeviceFile(key, '  ', null))).toMatchObject({ label: 'Device', person: null });
  });

  /** @securityTest A device's key is registered only from a file that device itself signed, in which no byte was changed */
  it('is refused with any byte changed, or signed by another key', async () => {
    const key = forgedKey();
    const bytes = await writeDeviceFile(key, 'Laptop', 'Demo Person');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(() => readDeviceFile(changed), `byte ${at}`).toThrow(expect.objectContaining({ name: 'CausewayError' }));
    }
    const other = await forgeFile('causeway-device/1', { label: 'Laptop' }, { ...key, sign: forgedKey().sign });
    expect(() => readDeviceFile(other)).toThrow(
      expect.objectContaining({ code: 'denied', reason: 'device-signature' }),
    );
  });

  it('holds no characters that would show it as something else', async () => {
    const key = forgedKey();
    const cleaned = readDeviceFile(await writeDeviceFile(key, 'Lap\u202etop\u0007', 'Demo\nPerson \ud800'));
    expect(cleaned).toMatchObject({ label: 'Laptop', person: 'DemoPerson \ufffd' });
    const turned = await forgeFile('causeway-device/1', { label: 'Lap\u202etop' }, key);
    expect(() => readDeviceFile(turned)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it.each([
    [
      'an identity key, under which anything can hold',
      '302a300506032b65700321000100000000000000000000000000000000000000000000000000000000000000',
    ],
    ['no key at all', '00'],
  ])('is refused with %s', async (_name, hex) => {
    const spki = Buffer.from(hex, 'hex');
    const file = await forgeFile('causeway-device/1', { label: 'x' }, { ...forgedKey(), spki, keyId: keyIdOf(spki) });
    expect(() => readDeviceFile(file)).toThrow(expect.objectContaining({ code: 'bad-input', reason: 'device-file' }));
  });
});
