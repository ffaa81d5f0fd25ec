import { CausewayError } from '#shared/errors.ts';

export function makeBundle(..._: unknown[]): Promise<{ folder: string; manifest: string; files: number }> {
  return Promise.reject(new CausewayError('internal', 'not yet'));
}
