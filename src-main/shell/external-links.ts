import type { Shell } from 'electron';
import { parseUrl } from './console-url.ts';

/**
 * Hosts a link may lead to, each with the reason. Everything else stays closed: what is shown here is partly written by
 * the systems under observation, and a link is how an attacker would get a person to a place of theirs.
 */
export const LINK_HOSTS: Readonly<Record<string, string>> = Object.freeze({
  'docs.aws.amazon.com': 'the meaning of an error code or an API call',
  'www.rfc-editor.org': 'the standards the chain format cites',
});

/** Whether a link may be handed to the person's browser: https, a listed host, no port and no credentials in it. */
export function isAllowedLink(text: string): boolean {
  const url = parseUrl(text);
  return (
    url !== null &&
    url.protocol === 'https:' &&
    Object.hasOwn(LINK_HOSTS, url.host) &&
    url.username === '' &&
    url.password === ''
  );
}

/** Opens an allowed link outside the console. Resolves to false, without having done anything, for any other. */
export async function openLink(shell: Pick<Shell, 'openExternal'>, text: string): Promise<boolean> {
  if (!isAllowedLink(text)) return false;
  await shell.openExternal(new URL(text).href); // the parsed form: what was checked is what is opened
  return true;
}
