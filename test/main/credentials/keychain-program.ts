import { openKeychain } from '#main/credentials/keychain.ts';
import { CausewayError } from '#shared/errors.ts';

/** A process of its own, because the keychain it reaches is decided by its environment. Prints what happened as JSON. */
const [action, name = '', hex = ''] = process.argv.slice(2);
const started = performance.now();

async function act(): Promise<unknown> {
  const keychain = await openKeychain('causeway-test', { timeoutMs: action === 'hurry' ? 0 : 4000 });
  const { description, durable } = keychain;
  switch (action) {
    case 'open':
      return { description, durable };
    case 'set':
      return { done: await keychain.set(name, Buffer.from(hex, 'hex')) };
    case 'get': {
      const secret = await keychain.get(name);
      return { secret: secret === null ? null : Buffer.from(secret).toString('hex') };
    }
    case 'delete':
      return { deleted: await keychain.delete(name) };
    default:
      throw new TypeError(`no such action: ${action}`);
  }
}

const outcome = await act().catch((error: unknown) => {
  if (!(error instanceof CausewayError)) throw error;
  return { code: error.code, reason: error.reason, message: error.message };
});
console.log(JSON.stringify({ ...(outcome as object), ms: Math.round(performance.now() - started) }));
process.exit(0); // a call on a keychain that never answers would keep the process
