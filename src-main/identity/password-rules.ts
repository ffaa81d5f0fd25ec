import { CausewayError } from '#shared/errors.ts';
import { SHORTEST_PASSWORD } from '#shared/model/access.ts';

/** What every list of tried passwords begins with. */
const COMMON = [
  'passwort',
  'password',
  'passw0rd',
  'p@ssw0rd',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'qwerty',
  'asdfghjkl',
  'zxcvbnm',
  '1q2w3e4r5t6y',
  'letmein',
  'welcome',
  'changeme',
  'iloveyou',
  'administrator',
  'admin',
  'secret',
  'abcdefghijklmnopqrstuvwxyz',
  'abcdefghijkl',
  'abcdef',
  '01234567890123456789',
  '1234567890',
  '0987654321',
  '123456',
];
const FEWEST_DIFFERENT = 5;
/** Of what is left when the common parts are taken away. */
const FEWEST_OWN = 6;

/**
 * Length, and nothing that is guessed first (NIST SP 800-63B, 3.1.1.2: no rules of composition).
 * @throws CausewayError `bad-input` with the reason `password-short`, `password-obvious`
 */
export function requireGoodPassword(password: string, email: string): void {
  const normal = password.toWellFormed().normalize('NFKC').toLowerCase();
  if ([...normal].length < SHORTEST_PASSWORD) {
    const text = `The password is too short. Choose one of at least ${SHORTEST_PASSWORD} characters; a few words in a row are good.`;
    throw new CausewayError('bad-input', text, { reason: 'password-short' });
  }
  const obvious = whyObvious(normal, email.normalize('NFKC').toLowerCase());
  if (obvious === null) return;
  throw new CausewayError('bad-input', `The password ${obvious}. Choose another one.`, { reason: 'password-obvious' });
}

function whyObvious(password: string, email: string): string | null {
  const local = email.slice(0, email.lastIndexOf('@'));
  if (local.length >= 3 && password.includes(local)) return 'contains your e-mail address';
  if (password.includes('causeway')) return 'contains the name of this product';
  if (new Set(password).size < FEWEST_DIFFERENT) return 'repeats only a few characters';
  const own = COMMON.reduce((rest, common) => rest.replaceAll(common, ''), password).replaceAll(/[\s\d!.\-_]/g, '');
  const common = COMMON.some((part) => password.includes(part));
  return common && [...own].length < FEWEST_OWN ? 'is one of those that are tried first' : null;
}
