import { useState } from 'react';
import type { z } from 'zod';
import type { NewInvitation } from '#shared/ipc/access-views.ts';
import { Email, type Reauthentication, type Role } from '#shared/model/access.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Field } from '../../components/field.tsx';
import { useFirstFocus } from '../../components/use-first-focus.ts';
import { GuardedDialog } from './guarded-dialog.tsx';
import { RoleChoice } from './role-choice.tsx';

interface InviteDialogProps {
  readonly onInvited: (invited: z.infer<typeof NewInvitation>) => void;
  readonly onClose: () => void;
}

export function InviteDialog({ onInvited, onClose }: InviteDialogProps) {
  const first = useFirstFocus();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const invite = useAction(async (reauthentication: Reauthentication) => {
    onInvited(await call('people.invite', { email: email.trim(), role, reauthentication }));
  });
  return (
    <GuardedDialog
      title="Invite a person"
      lead="You get a one-time code to hand over. With it they choose their own password; nobody else ever has it."
      action="Make the invitation"
      busyLabel="Recording…"
      busy={invite.busy}
      error={invite.error}
      failed="Nobody was invited"
      problem={Email.safeParse(email.trim()).success ? null : 'A complete e-mail address is missing.'}
      onConfirm={(proof) => void invite.run(proof)}
      onClose={onClose}
    >
      <Field
        label="E-mail address"
        ref={first}
        type="email"
        maxLength={254}
        value={email}
        busy={invite.busy}
        onChange={setEmail}
      />
      <RoleChoice value={role} onChange={setRole} disabled={invite.busy} />
    </GuardedDialog>
  );
}
