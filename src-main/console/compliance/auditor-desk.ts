import { reperform } from '#main/compliance/reports/reperform.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import { PRODUCT } from '../product.ts';
import type { AuditorDesk } from './compliance-desk.ts';

export interface AuditorDeskParts {
  /** Has the device's key that notes are signed with; made when it is first needed. */
  readonly secrets: SecretStore;
  readonly device: { readonly id: string; readonly name: string };
  readonly version: string;
}

/** What an auditor does: with files alone, and an account nowhere. */
export function createAuditorDesk({ version }: AuditorDeskParts): AuditorDesk {
  const build = { name: PRODUCT, version };
  const later = () => Promise.reject(new CausewayError('internal', 'not yet'));
  return {
    openBundle: later,
    reperformInBundle: later,
    reperform: (files, watched = {}) => reperform(files, { ...watched, build }),
    saveNotes: later,
  };
}
