import path from 'node:path';
import { removeDevice } from '#main/console/people.ts';
import { type Io, plain } from '../io.ts';
import { askReauthentication, demandPerson } from '../reauthenticate.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';

const VERBS: Readonly<Record<string, Verb>> = {
  list: { access: 'device list', usage: '', prepare: ({ words }) => exactly(words, 0) && list },
  export: {
    access: 'device export',
    usage: '--out FILE',
    options: { out: { type: 'string' } },
    prepare: ({ words, text }) => {
      const out = text('out');
      return exactly(words, 0) === null || out === undefined ? null : (call) => exportOwn(call, out);
    },
  },
  register: {
    access: 'device register',
    usage: 'FILE',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return only && ((call) => register(call, only[0]));
    },
  },
  remove: {
    access: 'device remove',
    usage: 'DEVICE',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return only && ((call) => remove(call, only[0]));
    },
  },
};

/** `causeway device`: the keys that sign decisions coming by file. */
export async function runDevice(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('device', VERBS, args, io);
}

async function list({ workspace: { identity }, say }: Call): Promise<number> {
  const devices = identity.devices();
  const lines = devices.map(
    ({ id, person, label, keyId }) => `${id}  ${plain(identity.nameOf(person))}, ${plain(label)}\n  key ${keyId}\n`,
  );
  say(devices, lines.length === 0 ? 'No device is registered.\n' : lines.join(''));
  return 0;
}

async function exportOwn({ console, principal, say }: Call, out: string): Promise<number> {
  demandPerson(principal);
  const file = path.resolve(out);
  const { keyId } = await console.files.exportDevice(file);
  say(
    { file, keyId },
    `${file}\n  key ${keyId}\nNext, signed in at the other console: causeway device register FILE\n`,
  );
  return 0;
}

/** One's own, and nobody else's: whoever could register a key for somebody could decide in their name. */
async function register(call: Call, file: string): Promise<number> {
  const { console, workspace, principal, io, say } = call;
  demandPerson(principal);
  const named = path.resolve(file);
  const { keyId } = await console.files.lookAtDevice(named);
  io.stderr(`Register it only if this is the key your other console showed you:\n  key ${keyId}\n`);
  const proof = await askReauthentication(workspace, principal, io);
  await workspace.identity.reauthenticate(principal, proof);
  const device = await console.files.registerDevice(named, principal.id, keyId);
  say(device, `Registered, on record: ${device.id}, ${plain(device.label)}\n  key ${device.keyId}\n`);
  return 0;
}

async function remove({ workspace, principal, say }: Call, device: string): Promise<number> {
  await removeDevice(workspace, principal, device);
  say({ removed: device }, `${plain(device)} signs nothing for this workspace any more.\n`);
  return 0;
}
