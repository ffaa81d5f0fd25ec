import { type Reauthentication, SecondFactor } from '#shared/model/access.ts';
import type { UiError } from '../../bridge/ui-error.ts';
import { ReauthenticationFields } from '../../components/reauthentication.tsx';

export const NO_PROOF: Reauthentication = { method: 'password', password: '' };

/** Why a re-authentication cannot be sent yet, or null when it can. Whether it is right only the main process knows. */
export function judgeProof(proof: Reauthentication): string | null {
  switch (proof.method) {
    case 'password':
      return proof.password === '' ? 'Your password is missing.' : null;
    case 'totp':
      return SecondFactor.safeParse(proof.code).success ? null : 'The code of your authenticator is missing.';
  }
}

interface ProofFieldsProps {
  readonly value: Reauthentication;
  readonly onChange: (value: Reauthentication) => void;
  readonly busy: boolean;
  /** What the last attempt failed with. */
  readonly error: UiError | null;
  /** Whether what is missing is to be told by now. */
  readonly complained: boolean;
}

/** Who decides, shown once more at this very moment. */
export function ProofFields({ value, onChange, busy, error, complained }: ProofFieldsProps) {
  const problem = complained ? judgeProof(value) : null;
  return <ReauthenticationFields value={value} onChange={onChange} disabled={busy} error={error} problem={problem} />;
}
