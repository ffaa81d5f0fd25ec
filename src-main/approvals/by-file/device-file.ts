import { z } from 'zod';
import { type FileFormat, holdsSignature, readSignedFile, writeSignedFile } from '#main/audit/signed-file.ts';
import type { DeviceKey } from '#main/identity/device-key.ts';
import { CausewayError } from '#shared/errors.ts';
import { PlainText, toPlainText } from './plain-text.ts';

export const MAX_DEVICE_FILE = 16 * 1024;

const Content = z.strictObject({
  /** What the device is called. */
  label: PlainText(1, 100),
  /** Who it is of, as they are called at their console; left out when they do not want to be named. */
  person: PlainText(1, 100).optional(),
});

const DEVICE: FileFormat<z.infer<typeof Content>> = {
  name: 'causeway-device/1',
  maxBytes: MAX_DEVICE_FILE,
  content: Content,
  what: "a device's key",
  reason: 'device-file',
};

/** A device's public key as its file gives it: to be compared, by its id, with what its owner says another way. */
export interface OfferedDevice {
  readonly label: string;
  readonly person: string | null;
  readonly keyId: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

export function writeDeviceFile(key: DeviceKey, label: string, person: string | null): Promise<Buffer> {
  const name = toPlainText(person ?? '', 100);
  const named = name === '' ? {} : { person: name };
  return writeSignedFile(DEVICE, { label: toPlainText(label, 100) || 'Device', ...named }, key);
}

/**
 * Signed by the key itself: whoever made the file has it. Whose it is, the file cannot prove.
 * @throws CausewayError `bad-input` (`device-file`), `denied` (`device-signature`)
 */
export function readDeviceFile(bytes: Uint8Array): OfferedDevice {
  const file = readSignedFile(DEVICE, bytes);
  if (!holdsSignature(file, file.key)) {
    const text = "The file of the device's key was changed, or was not made by that device. Nothing was registered.";
    throw new CausewayError('denied', text, { reason: 'device-signature' });
  }
  const { label, person } = file.content;
  return { label, person: person ?? null, keyId: file.key.id, spki: file.key.spki };
}
