import { CausewayError, type ErrorCode } from '#shared/errors.ts';

/** What a person is told when the console cannot start. */
export interface StartFailure {
  readonly code: ErrorCode;
  readonly happened: string;
  readonly kept: string;
  readonly todo: string;
}

const UNTOUCHED = 'Nothing was changed: the workspace is as it was.';
const LOOK_AT_LOG = 'Start again. If it happens again, report it with the log file named below.';

const ADVICE: Readonly<Partial<Record<ErrorCode, { readonly kept: string; readonly todo: string }>>> = {
  'keychain-unavailable': {
    kept: `${UNTOUCHED} The key that signs the audit chain is never kept outside the keychain, so there is no way around it.`,
    todo: 'Unlock the keychain of this computer and start again. On Linux a Secret Service has to run in your session, such as GNOME Keyring or KWallet.',
  },
  'read-only': {
    kept: UNTOUCHED,
    todo: 'Give yourself permission to write there, or name another folder in CAUSEWAY_DATA, and start again.',
  },
  'disk-full': { kept: 'What was on record is still there.', todo: 'Free some space on this disk and start again.' },
  'already-running': {
    kept: 'The other one goes on working; nothing was changed.',
    todo: 'Use the window or the command that has this workspace open, or end it and start again.',
  },
  'audit-broken': {
    kept: 'The chain was left exactly as it was found, and nothing was added to it. Keep the folder: it is evidence.',
    todo: 'Tell whoever is responsible for the audit trail before anything is restored. To work meanwhile, begin another workspace by naming a new folder in CAUSEWAY_DATA.',
  },
  'audit-unavailable': {
    kept: 'What was on record is still there; nothing happens while nothing can be recorded.',
    todo: 'See that the disk of the workspace is there and can be written, and start again.',
  },
};

/** What to say about anything thrown during the start. An unknown error is named as one, without its text. */
export function describeStartFailure(error: unknown): StartFailure {
  if (!(error instanceof CausewayError) || error.code === 'internal') {
    return {
      code: 'internal',
      happened: 'Something unexpected went wrong while starting.',
      kept: 'What was on record is still there.',
      todo: LOOK_AT_LOG,
    };
  }
  const advice = ADVICE[error.code] ?? { kept: UNTOUCHED, todo: LOOK_AT_LOG };
  return { code: error.code, happened: error.message, ...advice };
}
