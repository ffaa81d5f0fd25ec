import type { Session } from 'electron';

interface PermissionRule {
  readonly allow: boolean;
  readonly reason: string;
}

const no = (reason: string): PermissionRule => ({ allow: false, reason });
const HARDWARE = 'the console uses no device of the computer';
const LOCATION = 'where a person is, is no business of the console';
const CAPTURE = 'nothing is recorded from camera, microphone or screen';
const BACKGROUND = 'nothing runs when the window is closed';
const NETWORK = 'the page reaches no network';
const IMMERSIVE = 'there is no three-dimensional view';
const FOCUS = 'the window does not take the screen, the keyboard or the pointer for itself';
const OTHER_ORIGINS = 'there is only one origin, so nothing to share with another';

/** Every permission a page can ask for, and the answer. What is not listed, a future name included, is refused. */
export const PERMISSIONS: Readonly<Record<string, PermissionRule>> = Object.freeze({
  'clipboard-sanitized-write': { allow: true, reason: 'hashes and ids are copied by a button' },
  'clipboard-read': no('what a person copied elsewhere is not read; pasting by keyboard needs no permission'),
  'deprecated-sync-clipboard-read': no('as clipboard-read'),
  ar: no(IMMERSIVE),
  vr: no(IMMERSIVE),
  'hand-tracking': no(IMMERSIVE),
  'automatic-fullscreen': no(FOCUS),
  fullscreen: no(FOCUS),
  keyboardLock: no(FOCUS),
  pointerLock: no(FOCUS),
  'window-management': no(FOCUS),
  'background-fetch': no(BACKGROUND),
  'background-sync': no(BACKGROUND),
  'periodic-background-sync': no(BACKGROUND),
  'persistent-storage': no('what lasts is kept by the main process'),
  'screen-wake-lock': no('the computer may sleep; deadlines are kept by the clock'),
  'system-wake-lock': no('the computer may sleep; deadlines are kept by the clock'),
  'captured-surface-control': no(CAPTURE),
  'display-capture': no(CAPTURE),
  media: no(CAPTURE),
  'speaker-selection': no(CAPTURE),
  mediaKeySystem: no('no protected media is played'),
  fileSystem: no('files are opened and saved by the system’s dialogs in the main process'),
  geolocation: no(LOCATION),
  'geolocation-approximate': no(LOCATION),
  hid: no(HARDWARE),
  midi: no(HARDWARE),
  midiSysex: no(HARDWARE),
  nfc: no(HARDWARE),
  sensors: no(HARDWARE),
  serial: no(HARDWARE),
  'smart-card': no(HARDWARE),
  usb: no(HARDWARE),
  'web-printing': no(HARDWARE),
  'idle-detection': no('whether a person is at the desk is not watched'),
  'local-fonts': no('fonts ship with the console; the list of installed ones identifies a computer'),
  'local-network': no(NETWORK),
  'local-network-access': no(NETWORK),
  'loopback-network': no(NETWORK),
  notifications: no('a page’s notification can be written by what it shows; the main process has its own'),
  openExternal: no('links leave by external-links.ts only'),
  'payment-handler': no('nothing is bought here'),
  'storage-access': no(OTHER_ORIGINS),
  'top-level-storage-access': no(OTHER_ORIGINS),
  'web-app-installation': no('the console is installed already'),
  unknown: no('what cannot be named is not granted'),
});

/** Allowed only when the table says so. */
export function isPermitted(permission: string): boolean {
  return Object.hasOwn(PERMISSIONS, permission) && PERMISSIONS[permission]?.allow === true;
}

type PermissionDoors = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

/** Answers each permission from the table, and each device with no. */
export function guardPermissions(
  session: PermissionDoors,
  isKnownPage: (url: string) => boolean,
  onRefused: (permission: string) => void,
): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const granted = isPermitted(permission) && isKnownPage(details.requestingUrl);
    if (!granted) onRefused(permission);
    callback(granted);
  });
  session.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin) => isPermitted(permission) && isKnownPage(requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
}
